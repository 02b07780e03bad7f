/** Actions in other bounds than the environment's own. */
import { checkArguments, finiteNumber } from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import { type Box, box, describe, type Space } from "../spaces.ts";
import { boxOf } from "./boxOf.ts";
import { passThrough } from "./passThrough.ts";

const rescaleArguments = { environment: environmentCheck, low: finiteNumber, high: finiteNumber };

/**
 * Takes actions in [low, high], the same bounds for every element, for the environment's own: low is its lowest, high its
 * highest, exactly, and between them it is a straight line. Actions outside go outside by as much; `clipAction` around it holds
 * them.
 *
 * @param low default −1.
 * @param high default 1.
 * @throws AscentError "space" unless actions are a Box with finite bounds, "option" unless low < high, both finite.
 */
export function rescaleAction<Observation, ObservationSpace extends Space>(
  environment: Environment<Observation, Float32Array, ObservationSpace>,
  low = -1,
  high = 1,
): Environment<Observation, Float32Array, ObservationSpace, Box> {
  checkArguments("rescaleAction", rescaleArguments, { environment, low, high });
  if (!(low < high)) {
    const what = "rescaleAction: the bounds hold nothing between them";
    throw new AscentError("option", { what, got: `${low} and ${high}`, expected: "low < high", fix: "Give −1 and 1." });
  }
  const fix = "Leave rescaleAction out: only Box actions have bounds.";
  const inner = boxOf("rescaleAction", "actions", environment.actionSpace, fix);
  if (![...inner.low, ...inner.high].every(Number.isFinite)) {
    throw new AscentError("space", {
      what: "rescaleAction needs finite bounds to scale to",
      got: describe(inner),
      expected: "a Box with finite bounds",
      fix: "Bound the actions in the environment's own action space.",
    });
  }
  return passThrough(environment, {
    actionSpace: box({ low, high, shape: inner.shape }),
    step: (action: Float32Array) =>
      environment.step(
        Float32Array.from(action, (x, i) => {
          const part = (x - low) / (high - low);
          return (1 - part) * inner.low[i] + part * inner.high[i];
        }),
      ),
  });
}
