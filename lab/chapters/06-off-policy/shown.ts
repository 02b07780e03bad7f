/** Constants of this chapter's studies that its figures say too; without the library, which figures do not load. */

/** Trajectories drawn one by one. */
export const SHOWN = 60;

/** V-trace: iterations, runs, trajectories of each iteration, and how far V goes towards the mean target of a state. */
export const ITERATIONS = 80;
export const SEEDS = 8;
export const TRAJECTORIES = 16;
export const RATE = 0.3;
