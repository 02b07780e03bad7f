/**
 * Tasks on Box2D after Gymnasium, with their options. An entry of its own, because it names the optional package `planck`: bundlers take
 * that along only where this is imported.
 */
import {
  aNumber,
  checkArgument,
  checkOptions,
  type OptionChecks,
  optional,
  text,
  trueOrFalse,
} from "../arguments/checks.ts";
import type { EnvironmentSpec } from "../envs/batched.ts";
import { loadEngine } from "../envs/box2d/engine.ts";
import type { LunarLanderOptions } from "../envs/box2d/taskFacts.ts";
import { lunarLanderSpec } from "../envs/box2d/tasks.ts";

export type { LunarLanderOptions };

const within = (low: number, high: number) => ({
  expected: `a number from ${low} to ${high}`,
  fits: (x: unknown) => aNumber.fits(x) && (x as number) >= low && (x as number) <= high,
});

const landerOptions: OptionChecks<LunarLanderOptions> = {
  continuous: optional(trueOrFalse),
  gravity: optional(within(-12, 0)),
  enableWind: optional(trueOrFalse),
  windPower: optional(within(0, 20)),
  turbulencePower: optional(within(0, 2)),
};

/**
 * LunarLander-v3 with options, for registering and training: `train("ppo", { environment: lunarLander("Windy-v0", { enableWind: true }) })`.
 *
 * @throws AscentError "option" for an option that is unknown or out of its range.
 */
export function lunarLander(id: string, options: LunarLanderOptions = {}): EnvironmentSpec {
  checkArgument("lunarLander: id", text, id);
  checkOptions("lunarLander", landerOptions, options);
  return lunarLanderSpec(id, options);
}

/**
 * Loads the physics, once a program; a second call costs nothing. Needed in pages that a bundler made; in Node training and the
 * commands load it by themselves.
 *
 * @throws AscentError "environment" with the line that installs the package, where it is missing.
 */
export async function loadPlanck(): Promise<void> {
  await loadEngine(() => import("planck"));
}
