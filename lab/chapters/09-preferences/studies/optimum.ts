/** The optimum of RLHF in closed form, beside those that other placements of the KL term and other losses have. */
import { forwardKlOptimum, regularisedObjective, regularisedOptimum, stateKl } from "ascent-rl/mdp";
import type { Study } from "../../../studies/study.ts";
import { type ListedWorldName, listedWorld } from "../listedWorlds.ts";
import { optimumOf, totalVariation } from "../methods.ts";

export interface OptimumInput {
  world: ListedWorldName;
  beta: number;
  /** G of GRPO. */
  groupSize: number;
}

export interface PolicyRow {
  name: string;
  policy: Float64Array;
  /** E[r] */
  reward: number;
  /** KL to π_ref. */
  kl: number;
  /** E[r] − β KL */
  worth: number;
  /** Total variation to π*. */
  distance: number;
}

export interface OptimumOutput {
  /** What it was computed for. */
  of: OptimumInput;
  texts: readonly string[];
  rewards: Float64Array;
  /** β log Z: no policy is worth more. */
  best: number;
  /** π_ref, π*, where GRPO ends, where IPO ends, where k3 in the loss leads. */
  rows: readonly PolicyRow[];
}

export const study: Study<OptimumInput, OptimumOutput> = function* (input) {
  const { world, beta, groupSize } = input;
  const listed = listedWorld(world);
  const { reference, rewards, names } = listed;
  const { policy: best, value } = regularisedOptimum(reference, rewards, beta);
  const setting = { beta, groupSize, labels: "noisy" } as const;
  const policies: readonly [string, Float64Array][] = [
    ["π_ref", reference],
    ["π*", best],
    ["GRPO", optimumOf("GRPO", listed, setting)!],
    ["IPO", optimumOf("IPO", listed, setting)!],
    ["k3 in the loss", forwardKlOptimum(reference, rewards, beta)],
  ];
  const rows = policies.map(([name, policy]) => ({
    name,
    policy,
    reward: policy.reduce((sum, p, y) => sum + p * rewards[y], 0),
    kl: stateKl(policy, reference, policy.length)[0],
    worth: regularisedObjective(policy, reference, rewards, beta),
    distance: totalVariation(policy, best),
  }));
  yield { of: input, texts: names, rewards, best: value, rows };
};
