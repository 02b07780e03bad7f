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
