/** The exact worlds that can be named on the command line. */

import { checkArguments, text } from "../arguments/checks.ts";
import { chain, gridWorld, randomMdp, type TabularMdp } from "../mdp/index.ts";
import { RandomStream, streams } from "../random/index.ts";

/** For help texts. */
export const exactWorldNames = ["chain", "grid", "random-mdp:SEED"];

/**
 * "chain": a corridor of 8 places with slips and a cost of each step. "grid": a maze of 3 × 4 (Russell & Norvig's).
 * "random-mdp:SEED": 6 states, 3 actions, never ends before its clock. Undefined for other names.
 */
export function exactWorld(name: string): TabularMdp | undefined {
  checkArguments("exactWorld", { name: text }, { name });
  if (name === "chain") return chain({ length: 8, gamma: 0.97, slip: 0.1, stepReward: -1, goalReward: 5, horizon: 30 });
  if (name === "grid") {
    return gridWorld(["...G", ".#.X", "S..."], { slip: 0.2, gamma: 0.97, stepReward: -0.1, horizon: 40 });
  }
  const match = /^random-mdp(?::(\d+))?$/.exec(name);
  if (match === null) return undefined;
  const random = new RandomStream(Number(match[1] ?? 0), streams.variance, 1);
  return randomMdp(random, { states: 6, actions: 3, gamma: 0.97, horizon: 30 });
}
