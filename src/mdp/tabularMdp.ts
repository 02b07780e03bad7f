/**
 * A Markov decision process with finitely many states and actions, as plain data: small enough that every quantity of the
 * theory has an exact value. Ready-made ones are in worlds.ts, exact quantities in exactValues.ts and its neighbours.
 */

import {
  aNumber,
  checkArgument,
  checkOptions,
  having,
  numbers,
  type OptionChecks,
  optional,
} from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { count, mdpCheck, table } from "./argumentChecks.ts";
import { type Layout, requireLayout } from "./layout.ts";
import { requireLength } from "./linearAlgebra.ts";

export interface TabularMdp {
  readonly states: number;
  readonly actions: number;
  /** P(s'|s,a) [states × actions × states] */
  readonly transition: Float64Array;
  /** r(s,a) [states × actions] */
  readonly reward: Float64Array;
  /** p(s₁ = s) [states] */
  readonly start: Float64Array;
  /** γ in [0, 1] */
  readonly gamma: number;
  /** 1 where the episode ends on arrival: no action is taken there, and its value is 0. [states] */
  readonly terminal: Uint8Array;
  /** Steps after which the clock ends an episode; undefined for none. Only what is named finite-horizon looks at it. */
  readonly horizon: number | undefined;
  /** Where the states lie in pictures; undefined for worlds without places. */
  readonly layout?: Layout;
}

export interface TabularMdpParts {
  states: number;
  actions: number;
  transition: ArrayLike<number>;
  reward: ArrayLike<number>;
  /** Default: always state 0. */
  start?: ArrayLike<number>;
  gamma: number;
  /** Default: none. */
  terminal?: ArrayLike<number>;
  horizon?: number;
  /** For pictures (`worldScene`). Default: numbered cells. */
  layout?: Layout;
}

const partChecks: OptionChecks<TabularMdpParts> = {
  states: count,
  actions: count,
  transition: numbers,
  reward: numbers,
  start: optional(numbers),
  gamma: aNumber,
  terminal: optional(numbers),
  horizon: optional(count),
  layout: optional(having('a layout, such as { kind: "grid", columns, letters, moves }', "kind")),
};

/** How far a distribution's sum may be from 1. */
const TOLERANCE = 1e-9;

/**
 * A checked copy of the parts. Rows of terminal states are replaced by "stay, reward 0".
 *
 * @throws AscentError "shape" for wrong lengths, "option" for numbers out of range, "non-finite" for rewards that are not
 * finite; each names the state and action.
 */
export function tabularMdp(parts: TabularMdpParts): TabularMdp {
  checkOptions("tabularMdp", partChecks, parts);
  const { states, actions, gamma, horizon } = parts;
  if (!(gamma >= 0 && gamma <= 1)) refuse("tabularMdp: gamma", describeValue(gamma), "0 ≤ γ ≤ 1");
  requireLength("tabularMdp: transition", parts.transition, states * actions * states);
  requireLength("tabularMdp: reward", parts.reward, states * actions);

  const transition = Float64Array.from(parts.transition);
  const reward = Float64Array.from(parts.reward);
  const start = parts.start === undefined ? new Float64Array(states) : Float64Array.from(parts.start);
  if (parts.start === undefined) start[0] = 1;
  const terminal = parts.terminal === undefined ? new Uint8Array(states) : Uint8Array.from(parts.terminal);
  requireLength("tabularMdp: start", start, states);
  requireLength("tabularMdp: terminal", terminal, states);

  for (let s = 0; s < states; s++) {
    if (terminal[s] !== 0 && start[s] > 0) refuse(`tabularMdp: start of terminal state ${s}`, String(start[s]), "0");
    for (let a = 0; a < actions; a++) {
      const row = transition.subarray((s * actions + a) * states, (s * actions + a + 1) * states);
      if (terminal[s] !== 0) {
        row.fill(0);
        row[s] = 1;
        reward[s * actions + a] = 0;
      }
      requireDistribution(`tabularMdp: transition from state ${s} by action ${a}`, row);
      if (!Number.isFinite(reward[s * actions + a])) {
        throw new AscentError("non-finite", {
          what: `tabularMdp: the reward of state ${s}, action ${a} is not finite`,
          got: describeValue(reward[s * actions + a]),
          expected: "a finite number",
          fix: "Correct the reward table.",
        });
      }
    }
  }
  requireDistribution("tabularMdp: start", start);
  const { layout } = parts;
  if (layout !== undefined) requireLayout(layout, states, actions);
  const mdp = { states, actions, transition, reward, start, gamma, terminal, horizon };
  return layout === undefined ? mdp : { ...mdp, layout };
}

/**
 * Checks a policy table π(a|s) [states × actions].
 *
 * @throws AscentError "shape" or "option", naming the state.
 */
export function requirePolicy(mdp: TabularMdp, policy: Float64Array): void {
  checkArgument("The world", mdpCheck, mdp);
  checkArgument("The policy table", table, policy);
  requireLength("The policy table", policy, mdp.states * mdp.actions);
  for (let s = 0; s < mdp.states; s++) {
    requireDistribution(`The policy in state ${s}`, policy.subarray(s * mdp.actions, (s + 1) * mdp.actions));
  }
}

function requireDistribution(name: string, values: Float64Array): void {
  let sum = 0;
  for (const value of values) {
    if (!(value >= 0)) refuse(name, `probability ${value}`, "probabilities ≥ 0");
    sum += value;
  }
  if (!(Math.abs(sum - 1) <= TOLERANCE)) refuse(name, `probabilities that sum to ${sum}`, "1");
}

function refuse(name: string, got: string, expected: string): never {
  throw new AscentError("option", { what: `${name} is not usable`, got, expected, fix: "Correct these numbers." });
}
