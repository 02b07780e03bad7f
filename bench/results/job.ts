/** One training run of a results table. Runs in a process of its own: jobChild.ts. */

import { environmentSpec, withoutMasks } from "../../src/envs/index.ts";
import { type EpisodeDataset, recordEpisodes } from "../../src/imitation/index.ts";
import { createEngine } from "../../src/tensor/index.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { algorithmNamed, createLearner, train } from "../../src/training/train.ts";

export interface Job {
  algorithm: string;
  environment: string;
  steps: number;
  seed: number;
  options: Record<string, unknown>;
  /** Run it without its action masks. */
  hideMasks?: boolean;
  /** For algorithms that learn from data: episodes of an expert, trained first with its preset and the same seed. */
  expert?: { algorithm: string; episodes: number };
  /** Environment steps between evaluations; 0: only at the end. */
  evaluateEvery: number;
  /** Return whose first reaching is reported. */
  threshold?: number;
}

export interface Outcome {
  /** Mean of 100 deterministic evaluation episodes at the end. */
  evaluation: number;
  /** Steps at the first evaluation (20 episodes) at or above the threshold. */
  reachedAt?: number;
  /** Gradient steps made by then, where the algorithm counts them. */
  gradientStepsAt?: number;
  /** Mean return of the last 100 training episodes at the end. */
  trainingReturn: number;
  /** Mean return of the last 100 training episodes, along the run. */
  curve: { steps: number[]; episodeReturn: number[] };
  seconds: number;
}

/** Evaluation starts from states that depend on this and the seed of the run: no run shares them, none has them in training. */
const EVALUATION_SEED = 1_000_003;

export async function runJob(job: Job): Promise<Outcome> {
  const { algorithm, environment, steps, seed, options, evaluateEvery, threshold } = job;
  const spec = environmentSpec(environment);
  const task = job.hideMasks ? withoutMasks(spec) : spec;
  const data = job.expert && (await episodesOf(job.expert, environment, seed));
  const { learner } = await createLearner(algorithmNamed(algorithm).name, {
    environment: task,
    data,
    steps,
    seed,
    options,
  });
  const engine = await createEngine();
  const curve: Outcome["curve"] = { steps: [], episodeReturn: [] };
  let reachedAt: number | undefined;
  let gradientStepsAt: number | undefined;
  let gradientSteps = 0;
  let trainingReturn = Number.NaN;
  let nextEvaluation = evaluateEvery > 0 ? evaluateEvery : Number.POSITIVE_INFINITY;
  let milliseconds = 0;
  let plotted = 0;
  while (learner.steps < steps && !learner.finished) {
    const begin = performance.now();
    const metrics = learner.iterate();
    milliseconds += performance.now() - begin;
    gradientSteps += metrics["updates"] ?? 0;
    trainingReturn = metrics["episodeReturn"] ?? Number.NaN;
    if (learner.steps - plotted >= steps / 200 && Number.isFinite(metrics["episodeReturn"])) {
      plotted = learner.steps;
      curve.steps.push(learner.steps);
      curve.episodeReturn.push(metrics["episodeReturn"]);
    }
    if ((reachedAt === undefined || data !== undefined) && learner.steps >= nextEvaluation) {
      nextEvaluation += evaluateEvery;
      const now = await evaluatePolicy(learner.policy(), task, {
        episodes: 20,
        seed: EVALUATION_SEED + seed,
        engine,
      });
      // What learns from data has no training episodes: its curve is of evaluations.
      if (data !== undefined) {
        curve.steps.push(learner.steps);
        curve.episodeReturn.push(now.mean);
      }
      if (threshold !== undefined && now.mean >= threshold && reachedAt === undefined) {
        reachedAt = learner.steps;
        if (gradientSteps > 0) gradientStepsAt = gradientSteps;
      }
    }
  }
  // A run ends where its last iteration does, not at the last point that was due.
  if (data === undefined && learner.steps > plotted && Number.isFinite(trainingReturn)) {
    curve.steps.push(learner.steps);
    curve.episodeReturn.push(trainingReturn);
  }
  const final = await evaluatePolicy(learner.policy(), task, { episodes: 100, seed: EVALUATION_SEED + seed });
  const seconds = milliseconds / 1000;
  return { evaluation: final.mean, reachedAt, gradientStepsAt, trainingReturn, curve, seconds };
}

/** Deterministic episodes that neither the expert's training nor any evaluation has seen. */
async function episodesOf(
  { algorithm, episodes }: NonNullable<Job["expert"]>,
  environment: string,
  seed: number,
): Promise<EpisodeDataset> {
  const { learner } = await train(algorithmNamed(algorithm).name, { environment, seed });
  return recordEpisodes(learner.policy(), environment, { episodes, seed: 2 * EVALUATION_SEED + seed });
}
