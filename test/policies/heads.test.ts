/** Policies with every kind of head: learning, and acting the same after a round through a file. */

import { describe, expect, test } from "vitest";
import { type PpoOptions, ppo } from "../../src/algorithms/ppo.ts";
import {
  batchFromFactory,
  box,
  dict,
  discrete,
  type Environment,
  makeBatched,
  type Space,
} from "../../src/envs/index.ts";
import {
  createPolicy,
  decodePolicy,
  encodePolicy,
  loadPolicyFromBytes,
  type NetworkOptions,
} from "../../src/policies/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { numbers, seeded } from "../tensor/support.ts";
import { randomPolicy } from "./support.ts";

const three = box({ low: -9, high: 9, shape: [3] });
const plane = box({ low: [-1, 0], high: [1, 4] });
const hybrid = dict({ tool: discrete(3), strength: plane });

const kinds: [string, Space, Space, NetworkOptions][] = [
  ["gaussian", three, plane, { distribution: "gaussian", stateDependentStd: true }],
  ["squashedGaussian", three, plane, { distribution: "squashedGaussian" }],
  ["beta", three, plane, { distribution: "beta" }],
  ["gsde", three, plane, { distribution: "gsde", sdeSampleFreq: 2 }],
  ["Dict of actions", three, hybrid, { distribution: "gsde" }],
  ["image", box({ low: 0, high: 255, shape: [1, 2, 2] }), plane, {}],
  ["image and columns", dict({ a: three, b: box({ low: 0, high: 1, shape: [2, 3, 3] }) }), hybrid, { shared: true }],
];

describe("a saved policy acts the same after decoding", () => {
  test.each(kinds)("%s", async (_, observations, actions, network) => {
    const description = await randomPolicy(observations, actions, { hidden: [8], ...network });
    const bytes = encodePolicy(description);
    expect(decodePolicy(bytes).network).toEqual(description.network);
    const rows = 4;
    const original = await createPolicy(description, { rows, seed: 3 });
    const loaded = await loadPolicyFromBytes(bytes, { rows, seed: 3 });
    const columns = original.observationSpace.kind === "dict" ? 21 : original.observationSpace === three ? 3 : 4;
    const given = Float32Array.from(numbers(seeded(6), rows * columns, 0, 1));
    const width = actions === hybrid ? 3 : 2;
    const played = [original, loaded].map((policy) =>
      [true, false, false, false].map((deterministic) => {
        const out = new Float32Array(rows * width);
        policy.actBatch(given, out, { deterministic });
        return [...out];
      }),
    );
    expect(played[1]).toEqual(played[0]);
    expect(played[0][2]).not.toEqual(played[0][0]);
    for (const list of played[0]) {
      for (let i = width - 2; i < list.length; i += width) {
        expect(Math.abs(list[i])).toBeLessThanOrEqual(1);
        expect(list[i + 1] >= 0 && list[i + 1] <= 4).toBe(true);
      }
    }
  });
});

test("a policy with gsde holds its noise for sdeSampleFreq steps", async () => {
  const description = await randomPolicy(three, plane, { hidden: [8], distribution: "gsde", sdeSampleFreq: 2 });
  for (const name of Object.keys(description.weights))
    description.weights[name].data.forEach((x, i, all) => {
      all[i] = 0.1 * x;
    });
  const policy = await createPolicy(description);
  const play = Array.from({ length: 4 }, () => [
    ...(policy.act([0.1, 0.2, 0.3], { deterministic: false }) as Float32Array),
  ]);
  expect(play[1]).toEqual(play[0]);
  expect(play[2]).not.toEqual(play[1]);
  expect(play[3]).toEqual(play[2]);
});

/** One step an episode: aim at a number that is a function of what is seen; reward 1 − |miss|. */
class Aim implements Environment<number[], Float32Array> {
  readonly observationSpace = box({ low: -1, high: 1, shape: [1] });
  readonly actionSpace = box({ low: -2, high: 2, shape: [1] });
  random = new RandomStream(0, streams.user);
  #seen = 0;

  reset(options?: { seed?: number }) {
    if (options?.seed !== undefined) this.random = new RandomStream(options.seed, streams.user);
    this.#seen = this.random.uniformBetween(-1, 1);
    return { observation: [this.#seen] };
  }

  step(action: Float32Array) {
    const target = 0.5 + this.#seen;
    return { observation: [0], reward: 1 - Math.abs(action[0] - target), terminated: true, truncated: false };
  }
}

/** Choose the tool that is shown, never the forbidden one, and use the strength that belongs to it. */
class Workshop implements Environment<number, { tool: number; strength: Float32Array }> {
  readonly observationSpace = discrete(2);
  readonly actionSpace = dict({ tool: discrete(3), strength: box({ low: -1, high: 1, shape: [1] }) });
  random = new RandomStream(0, streams.user);
  #shown = 0;

  reset(options?: { seed?: number }) {
    if (options?.seed !== undefined) this.random = new RandomStream(options.seed, streams.user);
    this.#shown = this.random.integer(2);
    return { observation: this.#shown };
  }

  actionMask() {
    return Uint8Array.of(1, 1, 0);
  }

  step({ tool, strength }: { tool: number; strength: Float32Array }) {
    const miss = Math.abs(strength[0] - (this.#shown === 1 ? 0.5 : -0.5));
    const reward = (tool === this.#shown ? 1 : 0) - miss;
    return { observation: 0, reward, terminated: true, truncated: false };
  }
}

/** An image of 5 × 5 bytes, one of them bright: say which. */
class BrightPixel implements Environment<Uint8Array, number> {
  readonly observationSpace = box({ low: 0, high: 255, shape: [1, 5, 5] });
  readonly actionSpace = discrete(25);
  random = new RandomStream(0, streams.user);
  #place = 0;

  reset(options?: { seed?: number }) {
    if (options?.seed !== undefined) this.random = new RandomStream(options.seed, streams.user);
    this.#place = this.random.integer(25);
    return { observation: this.#look() };
  }

  #look() {
    return Uint8Array.from({ length: 25 }, (_, i) => (i === this.#place ? 255 : 0));
  }

  step(action: number) {
    const reward = action === this.#place ? 1 : 0;
    return { observation: this.#look(), reward, terminated: true, truncated: false };
  }
}

/** Mean reward an episode of the last rollout of a run. */
async function learn(make: () => Environment, steps: number, options: PpoOptions): Promise<number> {
  const environment = batchFromFactory(make as () => Environment, 16);
  const learner = ppo(
    await createEngine(),
    environment,
    {
      nEnvs: 16,
      nSteps: 32,
      batchSize: 128,
      nEpochs: 6,
      learningRate: 3e-3,
      hidden: [16],
      gamma: 0.9,
      seed: 1,
      ...options,
    },
    steps,
  );
  let reward = 0;
  while (learner.steps < steps) reward = learner.iterate().episodeReturn;
  return reward;
}

describe("learning", () => {
  // A random action misses by 1.2 on average. Beta narrows slowly: its α + β must grow as 1/σ².
  test.each([
    ["gaussian", 0.9, { logStdInit: -0.5 }],
    ["squashedGaussian", 0.85, { logStdInit: -0.5 }],
    ["beta", 0.65, {}],
    ["gsde", 0.9, { sdeSampleFreq: 1, logStdInit: -1 }],
  ] as const)("aiming with %s", async (distribution, level, more) => {
    expect(await learn(() => new Aim() as Environment, 25_000, { distribution, ...more })).toBeGreaterThan(level);
  });

  test("a discrete and a continuous action at once, with a mask", async () => {
    expect(await learn(() => new Workshop() as Environment, 25_000, { logStdInit: -0.5 })).toBeGreaterThan(0.9);
  });

  test("finding the bright pixel of an image with convolutions", async () => {
    const options = { hidden: [64], entCoef: 0.01, shared: true, cnn: [{ filters: 8, kernel: 3, padding: 1 }] };
    expect(await learn(() => new BrightPixel() as Environment, 16_000, options)).toBeGreaterThan(0.8);
  });
});

test.each(["squashedGaussian", "beta", "gsde"] as const)(
  "Pendulum-v1 with %s runs and stays finite",
  async (distribution) => {
    const environment = makeBatched("Pendulum-v1", 4);
    const options = { nEnvs: 4, nSteps: 128, batchSize: 64, nEpochs: 4, distribution, normalizeRewards: true };
    const learner = ppo(await createEngine(), environment, options, 2048);
    const metrics = Array.from({ length: 4 }, () => learner.iterate());
    for (const { loss, entropy, approxKl } of metrics) {
      for (const figure of [loss, entropy, approxKl]) expect(Number.isFinite(figure)).toBe(true);
    }
  },
);
