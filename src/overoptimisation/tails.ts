/**
 * Proxies whose error is made up, to see what its tail does (Kwa, Thomas & Garriga-Alonso 2024, "Catastrophic Goodhart"): gold
 * reward and error are independent, of deviation 1 both, and the proxy is their sum. The theorem is asymptotic: with light tails
 * the gold reward grows without end as the proxy is optimised, with heavy ones it comes back to where it began, and a KL penalty
 * does not help. A finite number of answers shows the trend as their number grows.
 */

import { checkOptions, oneOf, seed as seedCheck, wholeNumber } from "../arguments/checks.ts";
import { RandomStream } from "../random/stream.ts";
import { streams } from "../random/streams.ts";
import type { ScoredSentences } from "./pressure.ts";

export interface TailOptions {
  /** Of the error: normal, or Student's t of 3 degrees of freedom, which has a deviation but hardly more. */
  error: "normal" | "student";
  /** Equally likely answers, 2 to 1,000,000. */
  answers: number;
  seed: number;
}

const checks = {
  error: oneOf(["normal", "student"]),
  answers: wholeNumber(2, 1_000_000),
  seed: seedCheck,
};

const FREEDOM = 3;

/**
 * The gold rewards are the same numbers for both errors.
 *
 * @throws AscentError "option" for anything out of range.
 */
export function tailWorld(options: TailOptions): ScoredSentences {
  checkOptions("tailWorld", checks, options);
  const { error, answers, seed } = options;
  const random = new RandomStream(seed, streams.overoptimisation, 2);
  const gold = Float64Array.from({ length: answers }, () => random.normal());
  const draw = error === "normal" ? () => random.normal() : () => studentDeviate(random);
  const proxy = gold.map((value) => value + draw());
  return { reference: new Float64Array(answers).fill(1 / answers), proxy, gold };
}

/** Of Student's distribution, divided by its deviation √3. */
function studentDeviate(random: RandomStream): number {
  const normal = random.normal();
  let squares = 0;
  for (let i = 0; i < FREEDOM; i++) squares += random.normal() ** 2;
  return normal / Math.sqrt(squares / FREEDOM) / Math.sqrt(FREEDOM);
}
