/**
 * Settings for the worlds of text: of sft on their demonstrations, from nothing, and of what goes on from there with completions of
 * its own. Chosen on seeds below 100; docs/results/language.md has what they reach on others.
 */

import type { Preset } from "../algorithm.ts";
import type { BestOfNOptions } from "../language/bestOfN.ts";
import type { GrpoOptions } from "../language/grpo.ts";
import type { RlhfOptions } from "../language/rlhf.ts";
import type { RlooOptions } from "../language/rloo.ts";
import type { SftOptions } from "../language/sft.ts";

type WorldPresets<Options> = Readonly<Record<string, Preset<Options>>>;

const linear = (from: number) => ({ kind: "linear", from }) as const;

const imitating = { steps: 10_000, options: { batchSize: 64, learningRate: linear(3e-3) } };

export const sftPresets: WorldPresets<SftOptions> = {
  "random-walks": imitating,
  sort: imitating,
  reverse: imitating,
  addition: imitating,
  names: imitating,
  sentences: imitating,
};

/** 16 prompts with 8 completions each. */
const groups = { nPrompts: 16, groupSize: 8 };
/** 32 prompts with 4 completions each. */
const smallGroups = { nPrompts: 32, groupSize: 4 };

export const grpoPresets: WorldPresets<GrpoOptions> = {
  "random-walks": { steps: 25_600, options: { ...groups, learningRate: linear(1e-3) } },
  sort: { steps: 51_200, options: { ...groups, learningRate: linear(1e-3) } },
  reverse: { steps: 38_400, options: { ...groups, learningRate: linear(5e-4) } },
  addition: { steps: 51_200, options: { ...groups, learningRate: linear(1e-3) } },
  names: { steps: 19_200, options: { ...groups, learningRate: linear(1e-3), beta: 0.1, scaleRewards: "none" } },
  sentences: {
    steps: 38_400,
    options: { nPrompts: 32, groupSize: 8, learningRate: linear(2e-3), beta: 0.5, scaleRewards: "none", loss: "luspo" },
  },
};

export const rlooPresets: WorldPresets<RlooOptions> = {
  "random-walks": { steps: 19_200, options: { ...smallGroups, learningRate: linear(1e-3), beta: 0 } },
  sort: { steps: 38_400, options: { ...smallGroups, learningRate: linear(5e-4), beta: 0 } },
  reverse: { steps: 38_400, options: { ...smallGroups, learningRate: linear(5e-4), beta: 0 } },
  addition: { steps: 38_400, options: { ...smallGroups, learningRate: linear(5e-4), beta: 0 } },
  names: { steps: 19_200, options: { ...smallGroups, learningRate: linear(1e-3), beta: 0.1 } },
  sentences: { steps: 25_600, options: { nPrompts: 64, groupSize: 4, learningRate: linear(3e-3), beta: 0.5 } },
};

const passes = { nPrompts: 128, nEpochs: 2, batchSize: 64 };

export const rlhfPresets: WorldPresets<RlhfOptions> = {
  "random-walks": { steps: 19_200, options: { ...passes, learningRate: linear(1e-3), beta: 0 } },
  sort: { steps: 38_400, options: { ...passes, learningRate: linear(5e-4), beta: 0 } },
  reverse: { steps: 38_400, options: { ...passes, learningRate: linear(5e-4), beta: 0 } },
  addition: { steps: 38_400, options: { ...passes, learningRate: linear(5e-4), beta: 0 } },
  names: { steps: 19_200, options: { ...passes, learningRate: linear(1e-3), beta: 0.1 } },
  sentences: {
    steps: 25_600,
    options: { nPrompts: 256, nEpochs: 2, batchSize: 128, learningRate: linear(3e-3), beta: 0.5 },
  },
};

export const bestOfNPresets: WorldPresets<BestOfNOptions> = {
  "random-walks": { steps: 25_600, options: { nPrompts: 32, n: 8, learningRate: linear(1e-3), from: "policy" } },
  sentences: { steps: 61_440, options: { nPrompts: 128, n: 4, learningRate: linear(3e-3) } },
};
