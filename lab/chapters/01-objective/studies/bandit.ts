/**
 * The smallest task there is: two arms, a policy of two logits. REINFORCE's estimate of ∂J/∂θ₁ over more and more episodes,
 * beside the exact one (docs/theory.md, 2 and 3).
 */
import { meanInterval } from "ascent-rl/estimators";
import { bandit, exactGradient, objective, sampleTrajectories, tabularSoftmax, trajectoryScores } from "ascent-rl/mdp";
import { RandomStream, streams } from "ascent-rl/random";
import type { Study } from "../../../studies/study.ts";

export interface BanditInput {
  /** What the two arms pay. */
  rewards: readonly [number, number];
  /** θ₁ − θ₂; only the difference matters. */
  preference: number;
  episodes: number;
  seed: number;
}

export interface BanditOutput {
  objective: number;
  /** ∂J/∂θ₁, exactly. */
  exact: number;
  /** How many episodes each of the estimates below has. */
  episodes: Float64Array;
  estimate: Float64Array;
  /** 95 % intervals (Student's t). */
  low: Float64Array;
  high: Float64Array;
}

/** Points of the curve, evenly apart in the logarithm. */
const POINTS = 120;

export const study: Study<BanditInput, BanditOutput> = function* ({ rewards, preference, episodes, seed }) {
  const world = bandit(rewards);
  const model = tabularSoftmax(2, 2);
  const parameters = Float64Array.of(preference, 0, 0, 0);
  const policy = model.policy(parameters);
  const exact = exactGradient(world, model, parameters)[0];
  const value = objective(world, policy);
  const random = new RandomStream(seed, streams.user);
  const contributions: number[] = [];
  const points: { n: number; value: number; low: number; high: number }[] = [];
  for (let point = 0; point < POINTS; point++) {
    const n = Math.round(2 * (episodes / 2) ** (point / (POINTS - 1)));
    if (n <= contributions.length) continue;
    const batch = sampleTrajectories(world, policy, n - contributions.length, random);
    const scores = trajectoryScores(batch, model, parameters);
    for (let i = 0; i < batch.count; i++) contributions.push(scores[i * 4] * batch.rewards[i]);
    points.push({ n, ...meanInterval(contributions) });
    yield {
      objective: value,
      exact,
      episodes: Float64Array.from(points, ({ n }) => n),
      estimate: Float64Array.from(points, (p) => p.value),
      low: Float64Array.from(points, (p) => p.low),
      high: Float64Array.from(points, (p) => p.high),
    };
  }
};
