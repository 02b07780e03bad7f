/** What goes with the name of an algorithm for language models, as types: its options as users write them, and its figures. */

import type { Metrics } from "../../learners/learner.ts";
import type { AnyOptions } from "../byName.ts";
import type { BestOfNOptions } from "./bestOfN.ts";
import type { CpoOptions } from "./cpo.ts";
import type { DpoOptions } from "./dpo.ts";
import type { GrpoOptions } from "./grpo.ts";
import type { KtoOptions } from "./kto.ts";
import type {
  BestOfNMetrics,
  GrpoMetrics,
  KtoMetrics,
  OrpoMetrics,
  PairMetrics,
  RewardModelMetrics,
  RlhfMetrics,
  RlooMetrics,
  SftMetrics,
} from "./metrics.ts";
import type { OrpoOptions } from "./orpo.ts";
import type { RewardModelOptions } from "./rewardModel.ts";
import type { RlhfOptions } from "./rlhf.ts";
import type { RlooOptions } from "./rloo.ts";
import type { SftOptions } from "./sft.ts";

export interface LanguageOptionsOf {
  sft: SftOptions;
  "reward-model": RewardModelOptions;
  "best-of-n": BestOfNOptions;
  rlhf: RlhfOptions;
  rloo: RlooOptions;
  grpo: GrpoOptions;
  dpo: DpoOptions;
  kto: KtoOptions;
  cpo: CpoOptions;
  orpo: OrpoOptions;
}

export interface LanguageMetricsOf {
  sft: SftMetrics;
  "reward-model": RewardModelMetrics;
  "best-of-n": BestOfNMetrics;
  rlhf: RlhfMetrics;
  rloo: RlooMetrics;
  grpo: GrpoMetrics;
  dpo: PairMetrics;
  kto: KtoMetrics;
  cpo: PairMetrics;
  orpo: OrpoMetrics;
}

/** A text that is known only when the program runs becomes one by `languageAlgorithmNamed(text).name`. */
export type LanguageAlgorithmName = keyof LanguageOptionsOf;

/** The options that go with a name. */
export type LanguageOptionsFor<Name extends LanguageAlgorithmName> = LanguageAlgorithmName extends Name
  ? AnyOptions
  : LanguageOptionsOf[Name];

/** The figures of an update that go with a name. */
export type LanguageMetricsFor<Name extends LanguageAlgorithmName> = LanguageAlgorithmName extends Name
  ? Metrics
  : LanguageMetricsOf[Name];
