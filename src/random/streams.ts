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
  /** Order of samples in minibatches. */
  minibatches: 5,
  /** Actions sampled in evaluation; index = environment. */
  evaluation: 6,
  /** Tokens sampled from language models. */
  tokens: 7,
  /** Data sets made by the library. */
  data: 8,
  /** The environment checker's actions. */
  checker: 9,
  /** Starting states of batches of whole episodes. */
  episodeBatches: 10,
  /** The first number free for the library's users. */
  user: 1024,
} as const;
