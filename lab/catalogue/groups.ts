/** Where settings stand in the page: those shown first, in their order, and the heading each of the others has. Data. */

/** What learners change most, in the order they are shown. */
const COMMON: readonly string[] = [
  "learningRate",
  "gamma",
  "gaeLambda",
  "weighting",
  "baseline",
  "estimator",
  "objective",
  "loss",
  "clipRange",
  "targetKl",
  "beta",
  "entCoef",
  "nEnvs",
  "nSteps",
  "nPrompts",
  "groupSize",
  "nEpochs",
  "batchSize",
  "normalizeAdvantage",
];

/** What is offered to be changed while a run goes on, in this order. */
export const liveSettings: readonly string[] = ["learningRate", "gaeLambda", "clipRange", "entCoef"];

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Collecting: [
    "nEnvs",
    "nSteps",
    "gamma",
    "normalizeObservations",
    "clipObservations",
    "normalizeRewards",
    "clipRewards",
    "replayBatches",
    "nPrompts",
    "groupSize",
    "maxNewTokens",
    "temperature",
    "topK",
    "topP",
    "stopTokens",
  ],
  Advantages: ["gaeLambda", "weighting", "baseline", "discounting", "normalizeAdvantage", "recomputeAdvantages"],
  "Policy network": [
    "hidden",
    "criticHidden",
    "activation",
    "shared",
    "orthogonalInit",
    "distribution",
    "normalizeActions",
    "logStdInit",
    "stateDependentStd",
    "sdeSampleFreq",
    "sdeLearnFeatures",
    "cnn",
    "imageLayout",
    "scalePixels",
    "recurrent",
    "recurrentSize",
  ],
};

export function groupOf(name: string): string {
  return Object.keys(GROUPS).find((group) => GROUPS[group].includes(name)) ?? "Learning";
}

/** Headings in their order. */
export const groupOrder: readonly string[] = ["Learning", ...Object.keys(GROUPS)];

export function isCommon(name: string): boolean {
  return COMMON.includes(name);
}

/** For sorting: common ones by their order, the others after them. */
export function commonRank(name: string): number {
  const rank = COMMON.indexOf(name);
  return rank < 0 ? COMMON.length : rank;
}
