/** Sweeps over settings: spaces, samplers, pruners and the order of runs, as pure functions. What runs them is in "ascent-rl/node". */
export * from "./optunaJournal.ts";
export { type OutcomeOf, SweepOrder, type SweepRules, type SweepState, type Unit } from "./order.ts";
export { type Pruner, prunerSchema, rungsOf, survives } from "./pruners/pruner.ts";
export { type Sampler, samplerSchema, sampleSettings } from "./samplers/sampler.ts";
export { SOBOL_DIMENSIONS, sobolPoint } from "./samplers/sobol.ts";
export { bestTrial, type Scale, seedScore, trialScore } from "./score.ts";
export {
  type Dimension,
  dimensionSchema,
  positionOf,
  type Settings,
  type Space,
  settingsAt,
  valueAt,
} from "./space.ts";
export { optionsOfTrial, parseSweep, type Sweep, type SweepFile, sweepSchema } from "./sweepFile.ts";
export { scoreAt, type Trial, type TrialState } from "./trial.ts";
