/** The algorithms for language models by name: what the command line and `trainLanguageModel` choose from. */

import { bestOfNPresets, grpoPresets, rlhfPresets, rlooPresets, sftPresets } from "../presets/completions.ts";
import { cpoPresets, dpoPresets, ktoPresets, orpoPresets, rewardModelPresets } from "../presets/preferences.ts";
import { bestOfNOptions, makingBestOfN } from "./bestOfN.ts";
import type { LanguageAlgorithmName } from "./byName.ts";
import { cpoOptions, makingCpo } from "./cpo.ts";
import { dpoOptions, makingDpo } from "./dpo.ts";
import { grpoOptions, makingGrpo } from "./grpo.ts";
import { ktoOptions, makingKto } from "./kto.ts";
import type { LanguageAlgorithm } from "./languageAlgorithm.ts";
import { makingOrpo, orpoOptions } from "./orpo.ts";
import { makingRewardModel, rewardModelOptions } from "./rewardModel.ts";
import { makingRlhf, rlhfOptions } from "./rlhf.ts";
import { makingRloo, rlooOptions } from "./rloo.ts";
import { makingSft, sftOptions } from "./sft.ts";

/** Each by its name; of a text that may be none, `languageAlgorithmNamed` makes a name. */
export type LanguageAlgorithms = {
  readonly [Name in LanguageAlgorithmName]: LanguageAlgorithm & { readonly name: Name };
} & { readonly [name: string]: LanguageAlgorithm };

const fromPairs = {
  learnsFrom: "preference",
  unit: "samples",
  head: "language",
  curves: [
    { figure: "rewards/margins", label: "reward of the chosen minus that of the rejected completion" },
    { figure: "loss", label: "loss" },
  ],
} as const;

const fromOwnCompletions = {
  learnsFrom: "prompt-only",
  unit: "samples",
  head: "language",
  usesReference: true,
  curves: [{ figure: "reward", label: "mean reward of the completions" }],
} as const;

export const languageAlgorithms: LanguageAlgorithms = {
  sft: {
    name: "sft",
    summary: "supervised fine-tuning: maximum likelihood of completions (Ouyang et al. 2022)",
    learnsFrom: "prompt-completion",
    alsoFrom: ["language-modelling"],
    unit: "samples",
    head: "language",
    usesReference: false,
    curves: [{ figure: "loss", label: "mean −log π of the tokens learnt from" }],
    options: sftOptions,
    presets: sftPresets,
    making: makingSft,
  },
  "reward-model": {
    name: "reward-model",
    ...fromPairs,
    summary: "a number for each text, from preferences (Bradley & Terry 1952)",
    head: "score",
    usesReference: false,
    curves: [{ figure: "accuracy", label: "pairs whose chosen completion has the higher reward" }],
    options: rewardModelOptions,
    presets: rewardModelPresets,
    making: makingRewardModel,
  },
  "best-of-n": {
    name: "best-of-n",
    ...fromOwnCompletions,
    usesReference: false,
    summary: "maximum likelihood of the best of n completions (Dong et al. 2023)",
    options: bestOfNOptions,
    presets: bestOfNPresets,
    making: makingBestOfN,
  },
  rlhf: {
    name: "rlhf",
    ...fromOwnCompletions,
    summary: "PPO on tokens: a KL divergence in the reward, a value head (Ziegler et al. 2019)",
    options: rlhfOptions,
    presets: rlhfPresets,
    making: makingRlhf,
  },
  rloo: {
    name: "rloo",
    ...fromOwnCompletions,
    summary: "REINFORCE, each completion against the others of its prompt (Ahmadian et al. 2024)",
    options: rlooOptions,
    presets: rlooPresets,
    making: makingRloo,
  },
  grpo: {
    name: "grpo",
    ...fromOwnCompletions,
    summary: "groups of completions in place of a critic, and its relatives (Shao et al. 2024)",
    options: grpoOptions,
    presets: grpoPresets,
    making: makingGrpo,
  },
  dpo: {
    name: "dpo",
    ...fromPairs,
    summary: "direct preference optimisation and its family of losses (Rafailov et al. 2023)",
    usesReference: true,
    options: dpoOptions,
    presets: dpoPresets,
    making: makingDpo,
  },
  kto: {
    name: "kto",
    ...fromPairs,
    learnsFrom: "unpaired",
    summary: "completions good or bad each by itself (Ethayarajh et al. 2024)",
    usesReference: true,
    options: ktoOptions,
    presets: ktoPresets,
    making: makingKto,
  },
  cpo: {
    name: "cpo",
    ...fromPairs,
    summary: "contrastive preference optimisation, SimPO and AlphaPO: no reference (Xu et al. 2024)",
    usesReference: false,
    options: cpoOptions,
    presets: cpoPresets,
    making: makingCpo,
  },
  orpo: {
    name: "orpo",
    ...fromPairs,
    summary: "odds-ratio preference optimisation: no reference (Hong et al. 2024)",
    usesReference: false,
    options: orpoOptions,
    presets: orpoPresets,
    making: makingOrpo,
  },
};
