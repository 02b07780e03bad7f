/** Policies that act in plain JavaScript take the actions of the `simd` build, bit for bit, probable and sampled ones. */

import { expect, test } from "vitest";
import { sampleFlat } from "../../src/envs/spaces.ts";
import {
  box,
  dict,
  discrete,
  flatSize,
  maskSize,
  multiBinary,
  multiDiscrete,
  type Space,
  train,
} from "../../src/index.ts";
import { createPolicy, type NetworkOptions } from "../../src/policies/index.ts";
import { RandomStream } from "../../src/random/index.ts";
import { randomPolicy } from "./support.ts";

const plain = box({ low: -1, high: 1, shape: [5] });
const image = box({ low: 0, high: 255, shape: [12, 12, 3] });
const wide = box({ low: [-2, 10, -0.01], high: [2, 20, 0.01] });
const mixed = dict({ place: plain, picture: image, gear: discrete(3), keys: multiBinary(2) });

const cases: [name: string, observations: Space, actions: Space, network: NetworkOptions][] = [
  ["categorical", plain, discrete(3), { hidden: [64, 64] }],
  ["categorical, a start and many choices", plain, discrete(40, -7), { hidden: [33], activation: "relu" }],
  ["MultiDiscrete", plain, multiDiscrete([2, 5, 3]), { hidden: [16] }],
  ["Bernoulli", plain, multiBinary(6), { hidden: [16] }],
  ["Gaussian", plain, wide, { hidden: [64, 64], distribution: "gaussian" }],
  [
    "Gaussian, deviation from the state",
    plain,
    wide,
    { hidden: [16], distribution: "gaussian", stateDependentStd: true },
  ],
  ["tanh-squashed", plain, wide, { hidden: [16], distribution: "squashedGaussian" }],
  ["Beta", plain, wide, { hidden: [16], distribution: "beta" }],
  ["gSDE", plain, wide, { hidden: [16], distribution: "gsde" }],
  [
    "a product of everything",
    plain,
    dict({ a: discrete(4), b: wide, c: multiBinary(2), d: multiDiscrete([3, 2]) }),
    {},
  ],
  ["one-hot observations", multiDiscrete([4, 3]), discrete(2), { hidden: [16] }],
  ["an image", image, discrete(4), { hidden: [32], cnn: "small" }],
  ["an image and columns beside it", mixed, wide, { hidden: [32] }],
  ["GRU", plain, discrete(4), { hidden: [16], recurrent: "gru", recurrentSize: 9 }],
  ["LSTM, Beta", plain, wide, { hidden: [16], recurrent: "lstm", recurrentSize: 12, distribution: "beta" }],
  ["LSTM of an image", image, multiDiscrete([3, 3]), { recurrent: "lstm", recurrentSize: 8 }],
];

const ROWS = 7;

test.each(cases)("%s", async (_, observationSpace, actionSpace, network) => {
  const columns = flatSize(observationSpace);
  const random = new RandomStream(5, 1024);
  const scaling = {
    mean: Float64Array.from({ length: columns }, () => random.uniform() - 0.5),
    scale: Float64Array.from({ length: columns }, () => 0.5 + random.uniform()),
    clip: 3,
  };
  const width = maskSize(actionSpace) ?? 0;
  for (const normalised of [undefined, scaling]) {
    const description = await randomPolicy(observationSpace, actionSpace, network, normalised);
    const [simd, javascript] = [
      await createPolicy(description, { rows: ROWS, seed: 11, kernels: "simd" }),
      await createPolicy(description, { rows: ROWS, seed: 11, kernels: "javascript" }),
    ];
    for (let step = 0; step < 6; step++) {
      const observations = new Float32Array(ROWS * columns);
      for (let i = 0; i < ROWS; i++) sampleFlat(observationSpace, random, observations, i * columns);
      const mask = Array.from({ length: ROWS * width }, (__, i) => ((i + step) % 3 === 0 ? 0 : 1));
      const starts = Array.from({ length: ROWS }, (__, i) => ((i + step) % 4 === 0 ? 1 : 0));
      for (const deterministic of [true, false]) {
        const options = { deterministic, starts, ...(step % 2 === 1 && width > 0 && { mask }) };
        const [expected, actions] = [0, 1].map(() => new Float32Array(ROWS * flatSize(actionSpace)));
        simd.actBatch(observations, expected, options);
        javascript.actBatch(observations, actions, options);
        expect(actions).toEqual(expected);
        expect(expected.every(Number.isFinite)).toBe(true);
      }
    }
  }
});

test("training is refused before it begins", async () => {
  await expect(train("ppo", { environment: "CartPole-v1", steps: 64, kernels: "javascript" })).rejects.toThrow(
    /Training needs WebAssembly.*bring the policy's bytes here/,
  );
});
