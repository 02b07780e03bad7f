/** Reward hacking measured: a known gold score, proxies learnt from comparisons of it, and what optimising them does. */

export { type CurvePoint, type GoldCurve, goldCurve } from "./curves.ts";
export type { LengthFindings, TailFindings } from "./exactScenes.ts";
export { fitGold, fittedGold, type GoldFit, type GoldForm } from "./fits.ts";
export { type GoldWorld, goldWorld, standardised } from "./goldWorld.ts";
export { type LengthWorld, lengthWorld, withoutLength } from "./lengthWorld.ts";
export {
  bestOfNPressure,
  goldAtBudget,
  type PressurePoint,
  pressurePoint,
  regularisedPressure,
  type ScoredSentences,
} from "./pressure.ts";
export { type LabelledPair, labelledPairs, type PairOptions } from "./proxies.ts";
export {
  type LearntProxyOptions,
  learningProxy,
  memberSeed,
  type OveroptimisationScene,
  overoptimisationScene,
  type RlooOnProxyOptions,
  rlooPath,
} from "./scene.ts";
export type { DefenceName, SeedSettings } from "./seedRun.ts";
export {
  type DefenceFindings,
  type DpoFindings,
  type OveroptimisationFindings,
  type OveroptimisationOptions,
  overoptimisationStudy,
  type ProxyFindings,
} from "./study.ts";
export { type TailOptions, tailWorld } from "./tails.ts";
export { bestOfNPath, stoppedEarly, type WatchedPoint } from "./watched.ts";
