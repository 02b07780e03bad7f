/**
 * The figures of an update by their names, for each algorithm that trains language models: types alone. Names with a slash or an
 * underscore are TRL's. What each one is defined as stands in docs/metrics.md.
 */

/** What all have. */
type Updating = {
  /** Rows of the data seen. */
  steps: number;
  /** Epochs gone through, with the share of the one under way. */
  epoch: number;
  /** What is minimised, of the batch. */
  loss: number;
  /** Tokens seen, prompts too, padding not. */
  num_tokens: number;
  /** Euclidean norm of the gradient, before it is cut. */
  gradientNorm: number;
  /** After its schedule and warm-up. */
  learningRate: number;
};

/** Of `sft`. */
export type SftMetrics = Updating & {
  /** Mean entropy of the policy at the tokens that are learnt from, in nats. */
  entropy: number;
  /** Share of those tokens that are the policy's most probable ones. */
  mean_token_accuracy: number;
};

/** Of `reward-model`. */
export type RewardModelMetrics = Updating & {
  /** Share of pairs whose chosen completion has the higher reward. */
  accuracy: number;
  /** Mean reward of the chosen minus that of the rejected. */
  margin: number;
  /** Standard deviation of `margin` over the members of an ensemble; with members. */
  margin_std?: number;
  min_reward: number;
  mean_reward: number;
  max_reward: number;
};

/** What two kinds of completions have. */
type Sided = {
  /** Mean β log(π/π_ref) of the chosen completions; without a reference, of π. */
  "rewards/chosen": number;
  "rewards/rejected": number;
  /** Difference of the two. */
  "rewards/margins": number;
  /** Mean log π of the chosen completions. */
  "logps/chosen": number;
  "logps/rejected": number;
  /** Mean logit over the vocabulary, at the tokens of the chosen completions. */
  "logits/chosen": number;
  "logits/rejected": number;
  /** Mean entropy of the policy at the completions' tokens, in nats. */
  entropy: number;
};

/** Of `dpo` and `cpo`. */
export type PairMetrics = Updating &
  Sided & {
    /** Share of pairs whose chosen completion has the higher reward. */
    "rewards/accuracies": number;
    /** Share of the chosen completions' tokens that are the policy's most probable ones. */
    mean_token_accuracy: number;
    /** Mean −log π of the tokens whose likelihood the loss has in it, where it has. */
    nll_loss?: number;
  };

/** Of `orpo`. */
export type OrpoMetrics = PairMetrics & {
  nll_loss: number;
  /** Mean log σ of the log odds. */
  log_odds_ratio: number;
  /** Mean log odds of the chosen minus those of the rejected completion. */
  log_odds_chosen: number;
};

/** Of `kto`; NaN where a batch has none of a kind. */
export type KtoMetrics = Updating &
  Sided & {
    /** The reference point: the mean log-ratio of prompts with completions of others, from 0 on. */
    kl: number;
  };

/** What all have that learn from completions of their own; beside these `rewards/NAME/mean` and `rewards/NAME/std` of each reward. */
type Sampling = Updating & {
  /** Mean reward of the completions, the weighted sum where there are several. */
  reward: number;
  /** Its deviation, of a sample. */
  reward_std: number;
  /** Mean entropy of the policy at the completions' tokens while learning, in nats. */
  entropy: number;
  /** Gradient steps; 0 where nothing was left to learn from. */
  updates: number;
  /** Tokens of the completions, and of those that ended by themselves. */
  "completions/mean_length": number;
  "completions/min_length": number;
  "completions/max_length": number;
  "completions/mean_terminated_length": number;
  "completions/min_terminated_length": number;
  "completions/max_terminated_length": number;
  /** Share of the completions that were cut off. */
  "completions/clipped_ratio": number;
};

/** Of what was sampled from against the whole forward pass, a token; where that is computed. */
type SamplingDifference = {
  "sampling/sampling_logp_difference/mean"?: number;
  "sampling/sampling_logp_difference/max"?: number;
};

/** Shares of tokens (rloo: of completions) whose gain the clip holds back. */
type Clipped = {
  /** Of bad ones, with a ratio below 1 − ε. */
  "clip_ratio/low_mean": number;
  /** Of good ones, with a ratio above 1 + ε. */
  "clip_ratio/high_mean": number;
  /** Either. */
  "clip_ratio/region_mean": number;
};

/** The least and the largest share of a completion. */
type ClipExtremes = { "clip_ratio/low_min": number; "clip_ratio/high_max": number };

/** Of `grpo`; which of the clip's figures there are depends on the loss. */
export type GrpoMetrics = Sampling &
  SamplingDifference &
  Partial<Clipped & ClipExtremes> & {
    /** Share of the groups whose rewards are all equal: they teach nothing. */
    frac_reward_zero_std: number;
    /** Mean estimate of the KL divergence a token, with a reference. */
    kl?: number;
    /** cispo: share of good tokens whose ratio is above the cap. */
    cispo_clip_ratio?: number;
    /** vespo: mean weight of the completions. */
    "vespo/phi_seq_mean"?: number;
  };

/** Of `rloo`. */
export type RlooMetrics = Sampling &
  SamplingDifference &
  Clipped &
  ClipExtremes & {
    /** Share of the groups whose rewards, the KL divergence taken off, are all equal. */
    frac_reward_zero_std: number;
    /** Mean log(π/π_ref) a token, with a reference. */
    kl?: number;
  };

/** Of `rlhf`. */
export type RlhfMetrics = Sampling &
  Required<SamplingDifference> &
  Clipped & {
    /** Mean log(π/π_ref) a token; with k3 its estimate. */
    kl: number;
    /** The same a completion. */
    "objective/kl": number;
    /** Mean score of the completions. */
    "objective/scores": number;
    /** Mean of what the tokens of a completion earn together: its score, less penalties. */
    "objective/rlhf_reward": number;
    /** That without the score. */
    "objective/non_score_reward": number;
    /** β of this iteration. */
    beta: number;
    /** −(the clipped surrogate). */
    "loss/policy_avg": number;
    /** Mean squared difference of a value and its target. */
    "loss/value_avg": number;
    /** Estimate of KL(old ‖ present) a token. */
    "policy/approxkl_avg": number;
    /** Mean π/π_old. */
    "val/ratio": number;
  };

/** Of `best-of-n`. */
export type BestOfNMetrics = Sampling & {
  /** Mean reward of the completions that are learnt from. */
  reward_best: number;
};
