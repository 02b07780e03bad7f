/**
 * Settings for the worlds of text of what learns from their preferences: rates a hundred times those for models that know a language
 * already. All begin from a model that sft has trained, but orpo and reward models, which need none.
 */

import type { Preset } from "../algorithm.ts";
import type { CpoOptions } from "../language/cpo.ts";
import type { DpoOptions } from "../language/dpo.ts";
import type { KtoOptions } from "../language/kto.ts";
import type { OrpoOptions } from "../language/orpo.ts";
import type { RewardModelOptions } from "../language/rewardModel.ts";

/** Where what is better is a matter of degree; and where completions are right or wrong. */
const styles = ["names", "sentences"] as const;
const rules = ["sort", "reverse", "addition"] as const;

type WorldPresets<Options> = Readonly<Record<string, Preset<Options>>>;

function forWorlds<Options extends object>(
  worlds: readonly string[],
  steps: number,
  options: Options,
): WorldPresets<Options & { batchSize: number }> {
  return Object.fromEntries(worlds.map((world) => [world, { steps, options: { batchSize: 32, ...options } }]));
}

const falling = (from: number) => ({ learningRate: { kind: "linear", from } }) as const;

export const rewardModelPresets: WorldPresets<RewardModelOptions> = forWorlds([...styles, ...rules], 8_000, {
  ...falling(1e-3),
  centring: 0.01,
});

export const dpoPresets: WorldPresets<DpoOptions> = {
  ...forWorlds(styles, 4_000, falling(3e-4)),
  // Right answers are to stay likely.
  ...forWorlds(rules, 4_000, {
    ...falling(1e-4),
    loss: [
      { loss: "sigmoid", weight: 1 },
      { loss: "sft", weight: 1 },
    ] as const,
  }),
};

export const ktoPresets: WorldPresets<KtoOptions> = {
  ...forWorlds(styles, 4_000, falling(3e-4)),
  ...forWorlds(rules, 4_000, falling(1e-4)),
};

export const cpoPresets: WorldPresets<CpoOptions> = forWorlds([...styles, ...rules], 4_000, falling(3e-4));

export const orpoPresets: WorldPresets<OrpoOptions> = forWorlds([...styles, ...rules], 16_000, falling(3e-3));
