/**
 * The numbers of the random streams the library itself uses, one name for each purpose, so that no two parts of a run
 * ever draw from the same stream (key reuse makes samples secretly equal). Users' own streams start at `streams.user`.
 */
export const streams = {
  /** Initial states of built-in environments; index = environment. */
  environmentStates: 1,
  /** Seeds handed to users' environments, one an episode; index = environment. */
  environmentSeeds: 2,
  /** Network parameters at the start; index = parameter. */
  parameters: 3,
  /** Actions sampled while collecting; index = environment. */
  actions: 4,
  /** Index 0: order of samples in minibatches; 1: which episodes are held out, and which batch of a replay is learnt from. */
  minibatches: 5,
  /** Actions sampled in evaluation, and the seed that evaluations use in place of the one given. */
  evaluation: 6,
  /** Tokens sampled from language models. */
  tokens: 7,
  /** Random actions of recorded episodes, index = environment; and the seed that recordings use in place of the one given. */
  data: 8,
  /** The environment checker's actions. */
  checker: 9,
  /** Starting states of batches of whole episodes. */
  episodeBatches: 10,
  /** Index 0: seeds of a variance study's episodes; 1: random worlds to study. */
  variance: 11,
  /** The order in which rows of text are learnt from; index = epoch. */
  textOrder: 12,
  /** Worlds of text, by index: prompts, demonstrations, preferences, and the world itself. */
  textWorlds: 13,
  /** Of the study of over-optimisation. Index 0: its world; 1: pairs and their labels; 2: errors of made-up proxies; 3: sentences shown. */
  overoptimisation: 16,
  /** Settings that sweeps try; index = trial. */
  sweeps: 17,
  /** The first number free for the library's users. Programs sample under numbers below 2048 only. */
  user: 1024,
} as const;
