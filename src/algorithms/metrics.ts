/**
 * The figures of an iteration by their names, for each algorithm: types alone. What each one is defined as stands in
 * docs/metrics.md; optional ones depend on the options or on the spaces.
 */

/** What all that learn by acting have. */
type Acting = {
  /** Environment steps made, all environments counted. */
  steps: number;
  /** Episodes finished since the start of the run. */
  episodes: number;
  /** Mean undiscounted return of the last 100 finished episodes; NaN before the first. */
  episodeReturn: number;
  /** Mean length of the same episodes, in environment steps; NaN before the first. */
  episodeLength: number;
  /** Root mean square of the observation column that is farthest from 1, as the network sees it. */
  observationScale: number;
  /** Largest share of a Box column's actions that lie at one bound; only with bounded Box actions. */
  actionsAtBound?: number;
  /** −(the policy objective). */
  policyLoss: number;
  /** Mean entropy of the policy, in nats. */
  entropy: number;
  /** Of the policy, after its schedule; TRPO and NPG: of the critic. */
  learningRate: number;
  /** Euclidean norm of the gradient, before it is cut. */
  gradientNorm: number;
  /** ‖θ' − θ‖₂ of the policy's parameters over the iteration. */
  parameterDistance: number;
};

/** What fitting a critic to the rollout tells. */
type Valuing = {
  /** Mean squared difference of V and its target. */
  valueLoss: number;
  /** 1 − Var(target − V) / Var(target), with the values of collecting; NaN when all targets are equal. */
  explainedVariance: number;
};

/** What the head of the policy tells of its noise. */
type Spread = {
  /** Mean log σ, of a policy whose σ does not depend on the state. */
  logStd?: number;
};

type Surrogate = Acting &
  Valuing &
  Spread & {
    /** Minibatches, each a gradient step; the last one is none where `targetKl` stopped there. */
    updates: number;
    /** Passes over the rollout. */
    epochs: number;
    /** What is minimised. */
    loss: number;
    /** Of the critic's parameters, where they are none of the policy's. */
    valueGradientNorm?: number;
    /** Exact mean KL(old ‖ new) of the whole update, where it is measured. */
    kl?: number;
  };

/** Of `ppo`. */
export type PpoMetrics = Surrogate & {
  /** Estimate of KL(old ‖ present) over the minibatches; not where an update is one step. */
  approxKl?: number;
  /** Share of samples whose ratio is outside the clip range; not where an update is one step. */
  clipFraction?: number;
  /** Weight β of the KL penalty, with one. */
  klCoef?: number;
};

/** Of `a2c`. */
export type A2cMetrics = Surrogate & { kl: number };

/** Of `npg` and `trpo`. */
export type TrustRegionMetrics = Acting &
  Valuing & {
    /** Exact mean KL(old ‖ new). */
    approxKl: number;
    /** ½ ΔᵀFΔ of the step Δ taken. */
    quadraticKl: number;
    /** Surrogate after the step minus before it. */
    improvement: number;
    /** Share of the longest step the model allows; 0 when the policy stays. */
    stepFraction: number;
    /** Conjugate-gradient iterations. */
    cgIterations: number;
    /** ‖g − (F + cI)x‖ / ‖g‖ where they ended. */
    cgResidual: number;
  };

type WholeEpisodes = Acting & {
  /** Exact mean KL(old ‖ new) over the states of the batch. */
  kl: number;
  /** Episodes of the batch that were cut at `nSteps`. */
  cutEpisodes: number;
};

/** Of `reinforce`; the critic's figures only with a value baseline or GAE. */
export type ReinforceMetrics = WholeEpisodes & Partial<Valuing>;

/** Of `off-policy-pg`. */
export type OffPolicyPgMetrics = WholeEpisodes & {
  /** Mean squared difference of V and its target. */
  valueLoss: number;
  /** Gradient steps. */
  updates: number;
  /** (Σw)² / Σw² of the importance weights, as a share of the samples. */
  effectiveSampleSize: number;
};

/** Of `bc`. */
export type BcMetrics = Spread & {
  /** Recorded steps seen. */
  steps: number;
  /** Epochs so far. */
  epochs: number;
  /** Gradient steps of the epoch. */
  updates: number;
  /** Mean log π(a|s) of the training steps. */
  logLikelihood: number;
  /** The same of the held-out ones after the epoch; NaN without any. */
  heldOutLogLikelihood: number;
  /** Share of held-out steps whose most probable action is the recorded one, where there are choices or switches. */
  heldOutAccuracy?: number;
  /** Epochs since `heldOutLogLikelihood` was highest. */
  epochsSinceBest: number;
  /** Mean entropy of the policy, in nats. */
  entropy: number;
  /** Euclidean norm of the gradient, before it is cut. */
  gradientNorm: number;
  /** After its schedule. */
  learningRate: number;
};
