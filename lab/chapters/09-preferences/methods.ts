/** The five methods, and where theory says that each of them ends (docs/theory.md, 26 and 27). */
import { bradleyTerryPreferences, regularisedOptimum, tokenKlOptimum, winRates } from "ascent-rl/mdp";
import type { MethodName } from "./choices.ts";
import type { ListedWorld } from "./listedWorlds.ts";

/** How the labels of pairs come about: by Bradley and Terry's σ of the difference, or always for the better text. */
export type Labels = "noisy" | "certain";

export interface Setting {
  readonly beta: number;
  /** G of RLOO and GRPO. */
  readonly groupSize: number;
  readonly labels: Labels;
}

/** p(i ≻ j) of every ordered pair [count × count]. */
export function preferencesOf({ rewards }: ListedWorld, labels: Labels): Float64Array {
  const noisy = bradleyTerryPreferences(rewards);
  return labels === "noisy" ? noisy : noisy.map((p) => (p > 0.5 ? 1 : p < 0.5 ? 0 : 0.5));
}

/** IPO's opponents: all texts alike. */
const opponentsOf = ({ rewards }: ListedWorld) => new Float64Array(rewards.length).fill(1 / rewards.length);

/** Where a method ends [count]; undefined where it ends nowhere: DPO on labels that never err. */
export function optimumOf(method: MethodName, listed: ListedWorld, setting: Setting): Float64Array | undefined {
  const { world, reference, rewards } = listed;
  const { beta, groupSize, labels } = setting;
  switch (method) {
    case "DPO":
      return labels === "certain" ? undefined : regularisedOptimum(reference, rewards, beta).policy;
    case "IPO":
      return regularisedOptimum(reference, winRates(preferencesOf(listed, labels), opponentsOf(listed)), beta).policy;
    case "GRPO":
      return tokenKlOptimum(world, reference, rewards, (beta * groupSize) / (groupSize - 1));
    default:
      return regularisedOptimum(reference, rewards, beta).policy;
  }
}

/** Half of Σ |p − q|. */
export function totalVariation(p: ArrayLike<number>, q: ArrayLike<number>): number {
  let sum = 0;
  for (let y = 0; y < p.length; y++) sum += Math.abs(p[y] - q[y]);
  return sum / 2;
}
