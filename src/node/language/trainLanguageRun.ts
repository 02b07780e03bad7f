/**
 * The training of a language model with everything that needs a disk: a folder with the settings, the figures, checkpoints, the model
 * as Transformers opens it, completions as it went, the curve, and an evaluation where there is a world. It can be stopped or killed
 * at any moment and resumed bit for bit.
 */

import type { LanguageAlgorithmName, LanguageMetricsFor } from "../../algorithms/language/byName.ts";
import { encodeCheckpoint } from "../../files/checkpoint.ts";
import type { Metrics } from "../../learners/learner.ts";
import { completionSampler } from "../../training/language/completionSampler.ts";
import { evaluateLanguageModel, type LanguageEvaluation } from "../../training/language/evaluateLanguageModel.ts";
import { languageAlgorithmNamed } from "../../training/language/languageAlgorithmNamed.ts";
import { Monitor } from "../../training/monitor/monitor.ts";
import { removeFile, removeLeftovers, writeFileAtomic } from "../atomic.ts";
import type { LearningCurve } from "../charts.ts";
import { saveCheckpoint } from "../checkpoints.ts";
import { requireRun } from "../runs/config.ts";
import { drawnFigure, writeFiguresCurve } from "../runs/curve.ts";
import { claimFolder, lockFolder, pathsIn } from "../runs/folder.ts";
import { locked, runToEnd } from "../runs/runLoop.ts";
import { saveLanguageModel } from "./languageModels.ts";
import { type LanguageRunConfig, placeOf, writeLanguageConfig } from "./runConfig.ts";
import {
  checkLanguageRequest,
  type LanguageRunOutcome,
  type LanguageRunRequest,
  type LanguageRunSummary,
} from "./runRequest.ts";
import {
  type LanguageStartingPoint,
  languageCheckpointOf,
  newLanguageStart,
  resumedLanguageStart,
} from "./runStart.ts";
import { SamplesLog } from "./samplesLog.ts";

/** Looks at completions in a run that does not say. */
const LOOKS = 10;

/**
 * Runs to the end, or until the signal.
 *
 * @throws AscentError before the folder is touched for wrong settings, a model or data that cannot be read, or when another process is
 *   at work there; later for a full disk or a number that is not finite: the last checkpoint then stands, and the run can be resumed
 *   from it.
 */
export async function trainLanguageRun<Name extends LanguageAlgorithmName>(
  given: LanguageRunRequest<Name>,
): Promise<LanguageRunOutcome> {
  checkLanguageRequest(given);
  const request: LanguageRunRequest = { ...given };
  if (!request.resume) {
    const start = await newLanguageStart(request);
    return locked(claimFolder(request.out), () => runFrom(request, start));
  }
  requireRun(request.out);
  return locked(lockFolder(request.out), async () => {
    removeLeftovers(pathsIn(request.out).model);
    return runFrom(request, await resumedLanguageStart(request));
  });
}

async function runFrom(request: LanguageRunRequest, start: LanguageStartingPoint): Promise<LanguageRunOutcome> {
  const { config, made, data, refused, resumeFromStep } = start;
  const { learner, model, rows } = made;
  // Whatever the run began with is needed no more once its first checkpoint is there.
  if (resumeFromStep === undefined) saveRun(request.out, start);
  writeLanguageConfig(request.out, config);
  request.onStart?.({
    ...{ config, refused, rows: rows.length, dropped: learner.dropped ?? 0 },
    parameters: {
      trained: (model.adapterBlock ?? model.block).count,
      all: model.block.count + (model.adapterBlock?.count ?? 0),
    },
    ...(data && { report: data.report }),
    ...(resumeFromStep !== undefined && { resumeFromStep }),
  });

  const { stopped, wallSeconds, metrics } = await trainAndSave(request, start);
  await writeFiguresCurve(request.out, languageCurve(request.out, config));
  const { steps } = learner;
  if (stopped) return { config, steps };
  const evaluation = await evaluated(request, start);
  if (request.signal?.aborted) return { config, steps };

  const { algorithm, seed, kernels, version } = config;
  const summary: LanguageRunSummary = {
    ...{ algorithm, on: placeOf(config), seed, steps, wallSeconds },
    samplesPerSecond: wallSeconds > 0 ? Number((steps / wallSeconds).toPrecision(3)) : 0,
    ...{ kernels, version, metrics },
    ...(evaluation && { evaluation }),
  };
  writeFileAtomic(pathsIn(request.out).summary, `${JSON.stringify(summary, null, 2)}\n`);
  return { config, steps, summary };
}

async function trainAndSave(request: LanguageRunRequest, start: LanguageStartingPoint) {
  const { config, made, resumeFromStep } = start;
  const { out, signal, checkpointEvery } = request;
  const { learner, model } = made;
  const tokenizer = model.tokenizer ?? made.world?.tokenizer;
  const every = request.sampleEvery ?? Math.max(1, Math.ceil(config.steps / LOOKS));
  const sampler = completionSampler(made, every, learner.steps);
  const log = new SamplesLog(pathsIn(out).samples, tokenizer, resumeFromStep);
  let last: Metrics = { steps: learner.steps };
  const monitor = request.monitor === false ? undefined : new Monitor({ ...config, of: "language model" as const });
  const look = async () => {
    const samples = learner.samples?.() ?? (await sampler?.sample(learner.steps)) ?? [];
    log.append(learner.steps, samples);
    request.onSamples?.(samples, learner.steps, tokenizer);
  };
  const run = await runToEnd({
    ...{ out, learner, steps: config.steps },
    ...(resumeFromStep !== undefined && { resumeFromStep }),
    ...(checkpointEvery !== undefined && { checkpointEvery }),
    ...(signal && { signal }),
    ...(monitor && { monitor }),
    save: () => saveRun(out, start),
    onCheckpoint: (steps) => request.onCheckpoint?.(steps),
    onWarning: (warning) => request.onWarning?.(warning),
    onIteration: (metrics, timing) => {
      last = metrics;
      request.onIteration?.(metrics as LanguageMetricsFor<LanguageAlgorithmName>, timing);
      return sampler?.due(learner.steps) ? look() : undefined;
    },
  });
  // JSON has no NaN.
  const metrics = Object.fromEntries(
    Object.entries(last).map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
  return { ...run, metrics };
}

/**
 * The model first: a checkpoint says that everything up to its step is on the disk. The summary of an earlier end goes before the
 * model that it was of.
 */
function saveRun(folder: string, { config, made }: LanguageStartingPoint): void {
  const paths = pathsIn(folder);
  removeFile(paths.summary);
  const { learner } = made;
  saveLanguageModel(made.model, paths.model);
  // An ensemble's others: model-2, model-3, …
  learner.others?.().forEach((model, i) => {
    saveLanguageModel(model, `${paths.model}-${i + 2}`);
  });
  saveCheckpoint(paths.checkpoints, learner.steps, encodeCheckpoint(languageCheckpointOf(config, learner.save())));
}

/** Of a run: the figure that tells most of it, over samples. */
export function languageCurve(folder: string, config: LanguageRunConfig): LearningCurve {
  const { unit, curves } = languageAlgorithmNamed(config.algorithm);
  const { label, points } = drawnFigure(folder, curves);
  return {
    title: `${config.algorithm} on ${placeOf(config)}, seed ${config.seed}`,
    xLabel: unit,
    yLabel: label,
    series: [{ name: config.algorithm, ...points }],
  };
}

/** On the world the run learnt from; undefined where it has none, or when the signal ended it. */
async function evaluated(
  { signal, evaluationSamples = 100, onEvaluate }: LanguageRunRequest,
  { config, made }: LanguageStartingPoint,
): Promise<LanguageEvaluation | undefined> {
  if (made.world === undefined) return undefined;
  onEvaluate?.();
  try {
    return await evaluateLanguageModel(made.model, made.world, {
      ...{ samples: evaluationSamples, seed: config.seed },
      ...(signal && { signal }),
    });
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}
