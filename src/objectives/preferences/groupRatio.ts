/** What losses of groups and their figures share: ratios of tokens or of whole completions, and the KL terms of tokens. */

import { AscentError } from "../../errors.ts";
import type { Tensor } from "../../tensor/graph.ts";
import { div, mul, stopGradient, sub, where } from "../../tensor/ops/elementwise.ts";
import { broadcastTo, reshape } from "../../tensor/ops/layout.ts";
import { sum } from "../../tensor/ops/reduce.ts";
import { k3Terms } from "../klEstimators.ts";
import { probabilityRatio } from "../ratio.ts";
import { masked, tokenCount } from "./sequences.ts";

/** π/π_old of each token, or exp of the mean log-ratio of its completion [rows, tokens]; both 0 behind the mask, where it is 1. */
export function groupRatio(logProb: Tensor, oldLogProb: Tensor, mask: Tensor, of: "token" | "sequence"): Tensor {
  if (of === "token") return probabilityRatio(logProb, oldLogProb);
  const [rows] = logProb.shape;
  const means = (x: Tensor) => reshape(div(sum(masked(x, mask), 1), tokenCount(mask)), [rows, 1]);
  return broadcastTo(probabilityRatio(means(logProb), means(oldLogProb)), logProb.shape);
}

/** k3 of every token against the reference, times the ratio where it is corrected [rows, tokens]. @throws AscentError "shape" */
export function groupKlTerms(
  logProb: Tensor,
  ratio: Tensor,
  batch: { referenceLogProb?: Tensor; mask: Tensor },
  klCorrection = true,
): Tensor {
  if (batch.referenceLogProb === undefined) {
    throw new AscentError("shape", {
      what: "groupLoss: a KL term needs the reference's log-probabilities",
      got: "nothing",
      expected: "referenceLogProb, a tensor [rows, tokens]",
      fix: "Give referenceLogProb, or set klCoefficient to 0.",
    });
  }
  const reference = stopGradient(where(batch.mask, batch.referenceLogProb, 0));
  const k3 = k3Terms(sub(reference, logProb));
  return klCorrection ? mul(k3, ratio) : k3;
}
