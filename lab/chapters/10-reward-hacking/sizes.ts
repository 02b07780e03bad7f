/** Sizes that the chapter's figures and studies agree on, those of docs/reward-hacking.md. */

/** The draws of best of n. */
export const DRAWS: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16_384, 65_536];
/** Of the reward models. */
export const WIDTH = 16;
/** Members of an ensemble. */
export const MEMBERS = 4;
/** Comparisons where nothing helps. */
export const FEWEST = 400;
