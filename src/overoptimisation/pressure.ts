/**
 * What optimising a proxy does to the gold reward, exactly, where every sentence is listed: best of n, and the policies π_β ∝
 * π_ref e^{proxy/β} that perfect KL-regularised optimisation ends at (docs/theory.md, 26 and 28).
 */

import {
  checkArguments,
  having,
  listOf,
  notNegativeNumber,
  numbers,
  positiveNumber,
  wholeNumber,
} from "../arguments/checks.ts";
import { bestOfN } from "../estimators/preferences/bestOfN.ts";
import { stateKl } from "../mdp/klDivergence.ts";
import { regularisedOptimum } from "../mdp/sequences/optima.ts";

/** A policy, by what it is worth. */
export interface PressurePoint {
  /** √KL(π ‖ π_ref), in √nats. */
  readonly distance: number;
  /** E_π[proxy] */
  readonly proxy: number;
  /** E_π[gold] */
  readonly gold: number;
}

/** The sentences of a world by their probability in the reference, and two rewards of them; each [count]. */
export interface ScoredSentences {
  readonly reference: ArrayLike<number>;
  readonly proxy: ArrayLike<number>;
  readonly gold: ArrayLike<number>;
}

const aPath = listOf(having("a point", "distance", "gold"), "a list of points");
const draws = listOf(wholeNumber(1), "a list of whole numbers above 0");
const betas = listOf(positiveNumber, "a list of numbers above 0");
const scored = { reference: numbers, proxy: numbers, gold: numbers };

/** @param policy over the sentences [count]. @throws AscentError "shape" for what is no array of numbers. */
export function pressurePoint(policy: ArrayLike<number>, sentences: ScoredSentences): PressurePoint {
  const { reference, proxy, gold } = sentences ?? {};
  checkArguments("pressurePoint", { policy: numbers, ...scored }, { policy, reference, proxy, gold });
  const [kl] = stateKl(Float64Array.from(policy), Float64Array.from(reference), policy.length);
  let [expectedProxy, expectedGold] = [0, 0];
  for (let y = 0; y < policy.length; y++) {
    expectedProxy += policy[y] * proxy[y];
    expectedGold += policy[y] * gold[y];
  }
  return { distance: Math.sqrt(kl), proxy: expectedProxy, gold: expectedGold };
}

/** The best of n draws by the proxy. @param drawn n, each a point. @throws AscentError as `bestOfN`. */
export function bestOfNPressure(sentences: ScoredSentences, drawn: readonly number[]): PressurePoint[] {
  const { reference, proxy, gold } = sentences ?? {};
  checkArguments("bestOfNPressure", { ...scored, draws }, { reference, proxy, gold, draws: drawn });
  return drawn.map((n) => pressurePoint(bestOfN(reference, proxy, n), sentences));
}

/** π_β for each β. @param strengths β, each a point. @throws AscentError as `regularisedOptimum`. */
export function regularisedPressure(sentences: ScoredSentences, strengths: readonly number[]): PressurePoint[] {
  const { reference, proxy, gold } = sentences ?? {};
  checkArguments("regularisedPressure", { ...scored, betas }, { reference, proxy, gold, betas: strengths });
  return strengths.map((beta) => pressurePoint(regularisedOptimum(reference, proxy, beta).policy, sentences));
}

/**
 * The gold reward where a path passes a divergence: straight between the points before and behind, that of the last point if the
 * path ends earlier. What stopping at a KL budget gives.
 *
 * @param path by growing distance.
 */
export function goldAtBudget(path: readonly PressurePoint[], distance: number): number {
  checkArguments("goldAtBudget", { path: aPath, distance: notNegativeNumber }, { path, distance });
  const next = path.findIndex((point) => point.distance >= distance);
  if (next < 0) return path.length === 0 ? Number.NaN : path[path.length - 1].gold;
  if (next === 0) return path[0].gold;
  const [before, behind] = [path[next - 1], path[next]];
  const share = (distance - before.distance) / (behind.distance - before.distance);
  return before.gold + share * (behind.gold - before.gold);
}
