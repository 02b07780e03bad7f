/**
 * Policies that act in plain JavaScript, or by the kernels that only act, take the actions of the whole `simd` build, bit for bit,
 * probable and sampled ones; and so does the part of the faster build.
 */

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
import { activationNames } from "../../src/nn/activations.ts";
import { createPolicy, type NetworkOptions } from "../../src/policies/index.ts";
import { RandomStream } from "../../src/random/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { randomPolicy } from "./support.ts";

const plain = box({ low: -1, high: 1, shape: [5] });
const image = box({ low: 0, high: 255, shape: [12, 12, 3] });
const wide = box({ low: [-2, 10, -0.01], high: [2, 20, 0.01] });
const mixed = dict({ place: plain, picture: image, gear: discrete(3), keys: multiBinary(2) });

type Case = [name: string, observations: Space, actions: Space, network: NetworkOptions];

const cases: Case[] = [
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
  ...activationNames.map(
    (activation): Case => [`activation ${activation}`, plain, discrete(2), { hidden: [8], activation }],
  ),
  ["GRU", plain, discrete(4), { hidden: [16], recurrent: "gru", recurrentSize: 9 }],
  ["LSTM, Beta", plain, wide, { hidden: [16], recurrent: "lstm", recurrentSize: 12, distribution: "beta" }],
  ["LSTM of an image", image, multiDiscrete([3, 3]), { recurrent: "lstm", recurrentSize: 8 }],
];

const ROWS = 7;
const whole = { simd: await createEngine({ build: "simd" }), auto: await createEngine() };

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
    const own = { rows: ROWS, seed: 11 };
    const policies = [
      [
        await createPolicy(description, { ...own, engine: whole.simd }),
        await createPolicy(description, { ...own, kernels: "simd" }),
        await createPolicy(description, { ...own, kernels: "javascript" }),
      ],
      [await createPolicy(description, { ...own, engine: whole.auto }), await createPolicy(description, own)],
    ];
    for (let step = 0; step < 6; step++) {
      const observations = new Float32Array(ROWS * columns);
      for (let i = 0; i < ROWS; i++) sampleFlat(observationSpace, random, observations, i * columns);
      const mask = Array.from({ length: ROWS * width }, (__, i) => ((i + step) % 3 === 0 ? 0 : 1));
      const starts = Array.from({ length: ROWS }, (__, i) => ((i + step) % 4 === 0 ? 1 : 0));
      for (const deterministic of [true, false]) {
        const options = { deterministic, starts, ...(step % 2 === 1 && width > 0 && { mask }) };
        for (const alike of policies) {
          const [expected, ...others] = alike.map((policy) => {
            const actions = new Float32Array(ROWS * flatSize(actionSpace));
            policy.actBatch(observations, actions, options);
            return actions;
          });
          for (const actions of others) expect(actions).toEqual(expected);
          expect(expected.every(Number.isFinite)).toBe(true);
        }
      }
    }
  }
});

test("training is refused before it begins", async () => {
  await expect(train("ppo", { environment: "CartPole-v1", steps: 64, kernels: "javascript" })).rejects.toThrow(
    /Training needs WebAssembly.*bring the policy's bytes here/,
  );
});
