/**
 * What a policy chose its last action from, for people: probabilities of choices, or where a number lies and how far it
 * spreads, in the environment's units. For looking at; training has the distributions themselves.
 */
import { checkArgument, having } from "../arguments/checks.ts";
import { fieldName } from "../distributions/fieldName.ts";
import type { Box, Space } from "../envs/spaces.ts";
import { exp, tanh } from "../math/deterministic.ts";
import type { NetworkOptions } from "./actorCritic.ts";
import type { Policy } from "./policy.ts";

/** One column of the action. */
export type DecisionPart = { name: string } & (
  | {
      kind: "choice";
      /** Of the first category. */
      start: number;
      /** Of each category; they sum to 1. */
      probabilities: number[];
    }
  | { kind: "switch"; probability: number }
  | {
      kind: "number";
      /** Where the deterministic action is, within its bounds. */
      centre: number;
      /** A standard deviation below and above; not clipped to the bounds. */
      low: number;
      high: number;
    }
);

/**
 * The parts of the decision behind the last `act`, for the first row; one for each column of the action.
 *
 * @throws AscentError "state" before the first action.
 */
export function decisionOf(policy: Policy): DecisionPart[] {
  checkArgument("decisionOf: policy", having("a policy", "statistics", "actionSpace", "description"), policy);
  return partsOf(policy.actionSpace, policy.statistics(), policy.description.network, "", "");
}

type Statistics = Readonly<Record<string, Float32Array>>;

function partsOf(
  space: Space,
  statistics: Statistics,
  network: NetworkOptions,
  prefix: string,
  name: string,
): DecisionPart[] {
  const named = (i: number, count: number) => (count === 1 ? name : `${name}${name === "" ? "" : " "}${i}`);
  const logits = statistics[`${prefix}logits`];
  switch (space.kind) {
    case "discrete":
      return [{ kind: "choice", name, start: space.start, probabilities: softmax(logits, 0, space.n) }];
    case "multiDiscrete": {
      const { categories } = space;
      const first = (i: number) => categories.slice(0, i).reduce((a, b) => a + b, 0);
      return categories.map((n, i) => ({
        kind: "choice",
        name: named(i, categories.length),
        start: 0,
        probabilities: softmax(logits, first(i), n),
      }));
    }
    case "multiBinary":
      return Array.from({ length: space.n }, (_, i) => ({
        kind: "switch",
        name: named(i, space.n),
        probability: 1 / (1 + exp(-logits[i])),
      }));
    case "box":
      return Array.from(space.low, (_, i) => ({
        kind: "number",
        name: named(i, space.low.length),
        ...spread(space, i, statistics, network, prefix),
      }));
    case "dict":
      return Object.entries(space.fields).flatMap(([field, inner]) =>
        partsOf(inner, statistics, network, `${prefix}${fieldName(field)}.`, name === "" ? field : `${name}.${field}`),
      );
  }
}

function softmax(logits: Float32Array, from: number, count: number): number[] {
  const own = Array.from(logits.subarray(from, from + count));
  const most = Math.max(...own);
  const weights = own.map((logit) => exp(logit - most));
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / total);
}

interface Spread {
  centre: number;
  low: number;
  high: number;
}

function spread(space: Box, i: number, statistics: Statistics, network: NetworkOptions, prefix: string): Spread {
  const { distribution = "gaussian", normalizeActions = true } = network;
  const [low, high] = [space.low[i], space.high[i]];
  if (distribution === "beta") {
    const [a, b] = [statistics[`${prefix}alpha`][i], statistics[`${prefix}beta`][i]];
    const mean = a / (a + b);
    const std = Math.sqrt((a * b) / (a + b + 1)) / (a + b);
    const mode = (a - 1 + 1e-12) / (a + b - 2 + 2e-12);
    const at = (x: number) => low + (high - low) * x;
    return { centre: at(mode), low: at(mean - std), high: at(mean + std) };
  }
  const mean = statistics[`${prefix}mean`][i];
  const std = exp(statistics[`${prefix}logStd`][i]);
  const halfWidth = (high - low) / 2;
  // As distributions/boxBounds.ts: bounds beyond that stand for none, and equal ones only move the column.
  const bounded = halfWidth <= 1e30 && (normalizeActions || distribution === "squashedGaussian");
  const scale = bounded && halfWidth >= 2 ** -126 ? halfWidth : 1;
  const middle = bounded ? (low + high) / 2 : 0;
  const at = (u: number) => middle + scale * (distribution === "squashedGaussian" ? tanh(u) : u);
  return { centre: Math.min(Math.max(at(mean), low), high), low: at(mean - std), high: at(mean + std) };
}
