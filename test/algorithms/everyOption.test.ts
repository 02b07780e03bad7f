/** No option is without effect: what is learnt in two iterations is another thing with each of them changed, alone. */
import { describe, expect, test } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import { box, type Environment, type EnvironmentFactory } from "../../src/envs/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { ladder } from "./ladder.ts";
import { hashOf, iterate } from "./support.ts";

type Options = Record<string, unknown>;

/** A plane to push around in, of other bounds than ±1; longer than any rollout here. Seen as numbers or as a picture of them. */
const task =
  (image: boolean): EnvironmentFactory =>
  () => {
    let random = new RandomStream(0, streams.user);
    let [x, t] = [0, 0];
    const look = () =>
      image
        ? Float32Array.from({ length: 100 }, (_, k) => (k * 7 + 20 * t) % 256)
        : [x, Math.sin(t), 3 * random.uniform()];
    return {
      observationSpace: image
        ? box({ low: 0, high: 255, shape: [4, 5, 5] })
        : box({ low: -1e9, high: 1e9, shape: [3] }),
      actionSpace: box({ low: -2, high: 2, shape: [1] }),
      reset: ({ seed } = {}) => {
        if (seed !== undefined) random = new RandomStream(seed, streams.user);
        x = random.normal();
        t = 0;
        return { observation: look() };
      },
      step: (action) => {
        x += (action as Float32Array)[0] + 0.1 * random.normal();
        t++;
        return { observation: look(), reward: -x * x, terminated: t === 11, truncated: false };
      },
    } satisfies Environment;
  };

/** Other values, with what has to be set for the option to mean something. */
const changes: Record<string, [value: unknown, needs?: Options]> = {
  seed: [1],
  nEnvs: [3],
  nSteps: [8],
  gamma: [0.5],
  gaeLambda: [0.3],
  normalizeObservations: [true],
  clipObservations: [0.5, { normalizeObservations: true }],
  normalizeRewards: [true],
  clipRewards: [0.1, { normalizeRewards: true }],
  hidden: [[5]],
  criticHidden: [[5]],
  activation: ["relu"],
  orthogonalInit: [false],
  distribution: ["beta"],
  normalizeActions: [false],
  logStdInit: [-1],
  stateDependentStd: [true],
  sdeSampleFreq: [2, { distribution: "gsde" }],
  sdeLearnFeatures: [true, { distribution: "gsde" }],
  cnn: ["none", { image: true }],
  imageLayout: ["hwc", { image: true }],
  scalePixels: [false, { image: true }],
  shared: [true],
  recurrent: ["gru"],
  recurrentSize: [3, { recurrent: "gru" }],
  annealSteps: [200, { learningRate: "linear:1e-2" }],
  learningRate: [1e-2],
  optimiser: ["sgd"],
  adamEpsilon: [0.1],
  entCoef: [0.1],
  vfCoef: [2, { shared: true }],
  maxGradNorm: [1e-3],
  maxGradNormVf: [1e-3],
  batchSize: [9],
  nEpochs: [1],
  objective: ["penalty"],
  clipRange: [1e-3],
  clipRangeVf: [1e-3],
  klCoef: [5, { objective: "penalty" }],
  klTarget: [1e-6, { objective: "penalty" }],
  klRule: ["dual", { objective: "penalty" }],
  klRate: [100, { objective: "penalty", klRule: "dual" }],
  targetKl: [1e-9],
  recomputeAdvantages: [true],
  weighting: ["total"],
  baseline: ["none"],
  discounting: ["exact"],
  criticLearningRate: [0.1],
  nCriticUpdates: [1],
  estimator: ["causal"],
  ratioClip: [0.9],
  replayBatches: [1],
  gradientSteps: [2],
  cgMaxSteps: [1],
  cgDamping: [3],
  lineSearch: [false, { targetKl: 30 }],
  lineSearchShrinkingFactor: [0.1, { targetKl: 30 }],
  lineSearchMaxIter: [1, { targetKl: 30 }],
};
/** What it takes for one algorithm only. */
const own: Record<string, Record<string, [value: unknown, needs?: Options]>> = {
  reinforce: { gaeLambda: [0.3, { weighting: "gae", baseline: "none" }], normalizeAdvantage: [true] },
  a2c: { normalizeAdvantage: [true], optimiser: ["adam"], adamEpsilon: [0.1, { optimiser: "adam" }] },
};

async function learnt(name: string, { image = false, ...options }: Options): Promise<string> {
  const known = algorithms[name as keyof typeof algorithms].options.shape;
  const small = { nEnvs: 2, nSteps: 12, hidden: [4], batchSize: 8, nEpochs: 2, nCriticUpdates: 2, replayBatches: 2 };
  const given = Object.entries({ ...small, gradientSteps: 3, learningRate: 1e-3, ...options });
  const learner = await ladder(name, task(image === true), Object.fromEntries(given.filter(([key]) => key in known)));
  const figures = iterate(learner, 2);
  return `${hashOf(learner)} ${JSON.stringify(figures)}`;
}

const names = Object.values(algorithms)
  .filter(({ learnsFrom }) => learnsFrom === "environment")
  .map(({ name }) => name);

describe.each(names)("%s", (name) => {
  const known = Object.keys(algorithms[name as keyof typeof algorithms].options.shape);
  const before = new Map<string, Promise<string>>();
  const without = (needs: Options) => {
    const key = JSON.stringify(needs);
    if (!before.has(key)) before.set(key, learnt(name, needs));
    return before.get(key)!;
  };

  test("the same options learn the same thing", async () => {
    expect(await learnt(name, {})).toBe(await without({}));
  });

  test.each(known)("%s", async (option) => {
    const [value, needs = {}] = own[name]?.[option] ?? changes[option] ?? [false];
    const { [option]: _, ...rest } = needs;
    expect(await learnt(name, { ...rest, [option]: value })).not.toBe(await without(rest));
  });
});
