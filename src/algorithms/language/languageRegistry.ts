/** The algorithms for language models by name: what the command line and `trainLanguageModel` choose from. */

import type { LanguageAlgorithmName } from "./byName.ts";
import { cpoOptions, makingCpo } from "./cpo.ts";
import { dpoOptions, makingDpo } from "./dpo.ts";
import { ktoOptions, makingKto } from "./kto.ts";
import type { LanguageAlgorithm } from "./languageAlgorithm.ts";
import { makingOrpo, orpoOptions } from "./orpo.ts";
import { makingRewardModel, rewardModelOptions } from "./rewardModel.ts";
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
  presets: {},
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
    presets: {},
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
    making: makingRewardModel,
  },
  dpo: {
    name: "dpo",
    ...fromPairs,
    summary: "direct preference optimisation and its family of losses (Rafailov et al. 2023)",
    usesReference: true,
    options: dpoOptions,
    making: makingDpo,
  },
  kto: {
    name: "kto",
    ...fromPairs,
    learnsFrom: "unpaired",
    summary: "completions good or bad each by itself (Ethayarajh et al. 2024)",
    usesReference: true,
    options: ktoOptions,
    making: makingKto,
  },
  cpo: {
    name: "cpo",
    ...fromPairs,
    summary: "contrastive preference optimisation, SimPO and AlphaPO: no reference (Xu et al. 2024)",
    usesReference: false,
    options: cpoOptions,
    making: makingCpo,
  },
  orpo: {
    name: "orpo",
    ...fromPairs,
    summary: "odds-ratio preference optimisation: no reference (Hong et al. 2024)",
    usesReference: false,
    options: orpoOptions,
    making: makingOrpo,
  },
};
