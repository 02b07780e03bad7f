/**
 * Recorded inputs of groups, which record no result (groups/inputs.json): what stands behind the end of a completion must not count. Each
 * loss of groups, and its gradient, is computed with those numbers as they are and with zeros in their place.
 */

import { groupAdvantages } from "../../estimators/index.ts";
import { groupLoss, groupLossNames } from "../../objectives/preferences/groupLoss.ts";
import { createEngine, type Engine } from "../../tensor/engine.ts";
import { type GroupInputs, groupInputsForm } from "./groupInputs.ts";
import { evaluateLoss } from "./lossReplay.ts";
import { recordingOf, scaleOf } from "./recordedNumbers.ts";
import type { RecordingKind } from "./recordingKind.ts";
import { type RecordingReport, Tally } from "./tally.ts";

export const groupPaddingRecordings: RecordingKind = {
  name: "inputs of groups",
  files: "groups/inputs.json",
  matches: (content) => groupInputsForm.safeParse(content).success,
  replay: async (content, place, tolerance) =>
    replayGroupPadding(await createEngine(), recordingOf(groupInputsForm, content, place.file), tolerance),
};

/** A case for the loss and one for the gradient of each loss of groups. */
export function replayGroupPadding(engine: Engine, inputs: GroupInputs, tolerance: number): RecordingReport {
  const tally = new Tally(tolerance);
  const mask = inputs.completion_mask.flat();
  const rows = inputs.completion_mask.length;
  const completionLength = mask.length / rows;
  const advantage = new Float64Array(rows);
  // Any rewards will do.
  const rewards = Array.from({ length: rows }, (_, row) => row % (inputs.group_size + 1));
  groupAdvantages(rewards, inputs.group_size, advantage);
  const numbers = (padded: (values: number[]) => number[]) => ({
    policy: padded(inputs.policy_logps.flat()),
    old: padded(inputs.old_logps.flat()),
    reference: padded(inputs.reference_logps.flat()),
    ...{ mask, advantage },
  });
  const zeroed = (values: number[]) => values.map((value, i) => (mask[i] === 0 ? 0 : value));
  for (const loss of groupLossNames) {
    const [recorded, cleared] = [(values: number[]) => values, zeroed].map((padded) =>
      evaluateLoss(engine, numbers(padded), (tensor) => {
        const [logProb, oldLogProb, referenceLogProb] = [tensor("policy"), tensor("old"), tensor("reference")];
        const batch = { logProb, oldLogProb, referenceLogProb, advantage: tensor("advantage"), mask: tensor("mask") };
        return { loss: groupLoss(batch, { loss, klCoefficient: 0.1, completionLength }), figures: {} };
      }),
    );
    tally.compare(`${loss}: loss without what stands behind the ends`, cleared.loss, recorded.loss, 0.01);
    const gradient = Array.from(recorded.gradient);
    tally.compare(`${loss}: gradient without it`, cleared.gradient, gradient, scaleOf(gradient));
  }
  return tally.report();
}
