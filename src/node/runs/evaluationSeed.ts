/** The seed that evaluations use in place of the one given. */
import { deriveSeed, streams } from "../../random/index.ts";

/** Of a stream of its own, so that no evaluation meets the episodes that a training with the same seed went through. */
export function evaluationSeed(seed: number): number {
  return deriveSeed(seed, streams.evaluation, 0, 0);
}
