/** Settings that nobody gives: the documented values, which presets, old config files and users' expectations rest on. */
import { describe, expect, test } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";

type Options = Record<string, unknown>;

/** Of all that act. */
const acting: Options = {
  seed: 0,
  gamma: 0.99,
  gaeLambda: 0.95,
  normalizeObservations: false,
  clipObservations: 10,
  normalizeRewards: false,
  clipRewards: 10,
};
/** Of all. */
const networks: Options = {
  hidden: [64, 64],
  activation: "tanh",
  orthogonalInit: true,
  normalizeActions: true,
  stateDependentStd: false,
  sdeSampleFreq: 4,
  sdeLearnFeatures: false,
  cnn: "auto",
  imageLayout: "auto",
  scalePixels: true,
};
const recurrent: Options = { recurrent: "none", recurrentSize: 64 };
const trustRegion: Options = {
  ...{ nEnvs: 2, nSteps: 1024, targetKl: 0.01, cgMaxSteps: 15, cgDamping: 0.1 },
  ...{ normalizeAdvantage: true, nCriticUpdates: 10, batchSize: 128, learningRate: 1e-3 },
};

const defaults: Record<string, Options> = {
  reinforce: {
    ...{ ...acting, ...networks, nEnvs: 16, nSteps: 1000, weighting: "toGo", baseline: "value" },
    ...{ discounting: "standard", normalizeAdvantage: false, learningRate: 3e-3, optimiser: "adam" },
    ...{ criticLearningRate: 1e-3, nCriticUpdates: 5, batchSize: 256, maxGradNorm: "none" },
  },
  a2c: {
    ...{ ...acting, ...networks, ...recurrent, nEnvs: 8, nSteps: 5, gaeLambda: 1, shared: false, learningRate: 7e-4 },
    ...{ optimiser: "rmsprop", adamEpsilon: 1e-5, normalizeAdvantage: false, entCoef: 0, vfCoef: 0.5 },
    ...{ maxGradNorm: 0.5, maxGradNormVf: "none" },
  },
  "off-policy-pg": {
    ...{ ...acting, ...networks, nEnvs: 8, nSteps: 1000, estimator: "vtrace", ratioClip: 1, replayBatches: 4 },
    ...{ gradientSteps: 8, normalizeAdvantage: true, learningRate: 1e-3, criticLearningRate: 1e-3 },
    ...{ nCriticUpdates: 1, batchSize: 256, maxGradNorm: "none" },
  },
  npg: { ...acting, ...networks, ...recurrent, ...trustRegion },
  trpo: {
    ...{ ...acting, ...networks, ...recurrent, ...trustRegion },
    ...{ lineSearch: true, lineSearchShrinkingFactor: 0.8, lineSearchMaxIter: 10 },
  },
  ppo: {
    ...{ ...acting, ...networks, ...recurrent, nEnvs: 8, nSteps: 256, shared: false, batchSize: 64, nEpochs: 10 },
    ...{ learningRate: 3e-4, optimiser: "adam", adamEpsilon: 1e-5, objective: "clip", clipRange: 0.2, klCoef: 1 },
    ...{ klTarget: 0.01, klRule: "adaptive", klRate: 10, normalizeAdvantage: true, entCoef: 0, vfCoef: 0.5 },
    ...{ maxGradNorm: 0.5, maxGradNormVf: "none", recomputeAdvantages: false },
  },
  bc: {
    ...{ ...networks, seed: 0, normalizeObservations: true, clipObservations: 10, batchSize: 64, learningRate: 1e-3 },
    ...{ weightDecay: 0, entCoef: 0, maxGradNorm: 10, heldOut: 0.1, patience: 10 },
  },
};

describe.each(Object.keys(algorithms))("%s", (name) => {
  const { options } = algorithms[name as keyof typeof algorithms];

  test("defaults", () => {
    expect(options.parse({})).toEqual(defaults[name]);
  });

  test.each(Object.keys(options.shape).filter((key) => /^max|^ratioClip$/.test(key)))(
    "%s is above 0, or none",
    (key) => {
      for (const good of [1e-9, 3, "none"]) expect(options.parse({ [key]: good })).toMatchObject({ [key]: good });
      for (const bad of [0, -1, Number.POSITIVE_INFINITY, "never"]) {
        expect(options.safeParse({ [key]: bad }).success, `${bad}`).toBe(false);
      }
    },
  );
});
