/** Policies looked at one after the other, as they are optimised: by more and more draws, or as a learner goes; and where to stop. */

import { checkArguments, having, listOf, numbers, wholeNumber } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { bestOfN } from "../estimators/preferences/bestOfN.ts";
import { requireLength } from "../mdp/linearAlgebra.ts";
import { due, finish, type Work } from "../pauses.ts";
import { type PressurePoint, pressurePoint, type ScoredSentences } from "./pressure.ts";

export interface WatchedPoint extends PressurePoint {
  /** What it took to get here: samples that were learnt from, or n. */
  readonly samples: number;
  /** Its probability of each sentence [count]. */
  readonly policy: Float64Array;
}

/** The best of more and more draws, watched as a learner is. */
export function* watchedDraws(sentences: ScoredSentences, draws: readonly number[]): Work<WatchedPoint[]> {
  const path: WatchedPoint[] = [];
  for (const samples of draws) {
    const policy = bestOfN(sentences.reference, sentences.proxy, samples);
    path.push({ ...pressurePoint(policy, sentences), samples, policy });
    if (due()) yield;
  }
  return path;
}

const draws = listOf(wholeNumber(1), "a list of whole numbers above 0");
const scored = { reference: numbers, proxy: numbers, gold: numbers };

/** As `bestOfNPressure`, with the policies. @param drawn n, each a point. @throws AscentError as `bestOfN`. */
export function bestOfNPath(sentences: ScoredSentences, drawn: readonly number[]): WatchedPoint[] {
  const { reference, proxy, gold } = sentences ?? {};
  checkArguments("bestOfNPath", { ...scored, draws }, { reference, proxy, gold, draws: drawn });
  return finish(watchedDraws(sentences, drawn));
}

const aPath = listOf(having("a point", "policy"), "a list of points with their policies");

/**
 * Early stopping: the point of a path that a reward nobody optimised, such as a reward model of other comparisons, finds best; of
 * equals the first.
 *
 * @param heldOut that reward of each sentence [count].
 * @throws AscentError "option" for a path without points, "shape" for rewards of other sentences.
 */
export function stoppedEarly<Point extends WatchedPoint>(path: readonly Point[], heldOut: ArrayLike<number>): Point {
  checkArguments("stoppedEarly", { path: aPath, heldOut: numbers }, { path, heldOut });
  if (path.length === 0) {
    throw new AscentError("option", {
      what: "stoppedEarly: there is nowhere to stop",
      got: "a path without points",
      expected: "at least one point",
      fix: "Give the points that were passed.",
    });
  }
  const found = path.map(({ policy }) => {
    requireLength("stoppedEarly: the rewards", heldOut, policy.length);
    let sum = 0;
    for (let y = 0; y < policy.length; y++) sum += policy[y] * heldOut[y];
    return sum;
  });
  return path[found.indexOf(Math.max(...found))];
}
