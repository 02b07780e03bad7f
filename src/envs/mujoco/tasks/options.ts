/** What the options of the tasks must be, by their names; each task takes those of them that Gymnasium's has. */
import {
  type Check,
  checkOptions,
  finiteNumber,
  notNegativeNumber,
  optional,
  trueOrFalse,
} from "../../../arguments/checks.ts";

/** Two bounds, the lower one first; infinities stand for none. */
export type Range = readonly [low: number, high: number];

const range: Check = {
  expected: "two numbers [low, high], low ≤ high",
  fits: (x) => Array.isArray(x) && x.length === 2 && x.every((n) => typeof n === "number") && x[0] <= x[1],
};

const checks = {
  forwardRewardWeight: finiteNumber,
  ctrlCostWeight: finiteNumber,
  contactCostWeight: finiteNumber,
  contactCostRange: range,
  contactForceRange: range,
  uphCostWeight: finiteNumber,
  impactCostWeight: finiteNumber,
  impactCostRange: range,
  healthyReward: finiteNumber,
  terminateWhenUnhealthy: trueOrFalse,
  healthyStateRange: range,
  healthyZRange: range,
  healthyAngleRange: range,
  resetNoiseScale: notNegativeNumber,
  excludeCurrentPositionsFromObservation: trueOrFalse,
  includeCinertInObservation: trueOrFalse,
  includeCvelInObservation: trueOrFalse,
  includeQfrcActuatorInObservation: trueOrFalse,
  includeCfrcExtInObservation: trueOrFalse,
  rewardNearWeight: finiteNumber,
  rewardDistWeight: finiteNumber,
  rewardControlWeight: finiteNumber,
} satisfies Record<string, Check>;

type OptionName = keyof typeof checks;

/**
 * The given options with the rest from the defaults, whose keys are all there are.
 *
 * @throws AscentError "option" for an unknown one or another kind of value.
 */
export function completeOptions<Options extends Partial<Record<OptionName, unknown>>>(
  caller: string,
  defaults: Options,
  given: Partial<Options>,
): Options {
  const names = Object.keys(defaults) as OptionName[];
  checkOptions(caller, Object.fromEntries(names.map((name) => [name, optional(checks[name])])), given);
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...Object.fromEntries(chosen) };
}
