/** Demonstrations laid out and measured, by hand: which rows, which scaling, which weights, any number of rows. */
import { describe, expect, test } from "vitest";
import { box, discrete } from "../../src/envs/index.ts";
import { demonstrations } from "../../src/imitation/demonstrations.ts";
import type { EpisodeDataset } from "../../src/imitation/index.ts";
import { likelihoodMeasure, likelihoodStep } from "../../src/imitation/likelihood.ts";
import { finish } from "../../src/pauses.ts";
import { actorCritic } from "../../src/policies/actorCritic.ts";
import { parameterStreams } from "../../src/policies/parameterStreams.ts";
import { RandomStream } from "../../src/random/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { expectClose } from "../mdp/support.ts";

const engine = await createEngine({ build: "simd" });

/** Episodes of these lengths; the observation of step k is k, its action k % 3. */
function dataset(lengths: readonly number[], masked = false): EpisodeDataset {
  const steps = lengths.reduce((a, b) => a + b, 0);
  const offsets = Int32Array.from([0, ...lengths.map((_, k) => lengths.slice(0, k + 1).reduce((a, b) => a + b, 0))]);
  const isLast = (k: number) => offsets.indexOf(k + 1) > 0;
  return {
    ...{ environment: "E-v0", policy: "none", seed: 0, offsets },
    ...{ observationSpace: box({ low: -1e6, high: 1e6 }), actionSpace: discrete(3) },
    observations: Float32Array.from({ length: steps }, (_, k) => k),
    actions: Float32Array.from({ length: steps }, (_, k) => k % 3),
    ...(masked && {
      masks: Uint8Array.from({ length: 3 * steps }, (_, k) => (k % 3 === 2 && Math.floor(k / 3) % 3 !== 2 ? 0 : 1)),
    }),
    rewards: new Float64Array(steps).fill(1),
    terminated: Uint8Array.from({ length: steps }, (_, k) => (isLast(k) ? 1 : 0)),
    truncated: new Uint8Array(steps),
    finalObservations: new Float32Array(lengths.length),
  } as EpisodeDataset;
}

const of = (data: EpisodeDataset, options: Partial<Parameters<typeof demonstrations>[3]> = {}) =>
  demonstrations(engine, data, new RandomStream(4, 9), {
    ...{ heldOut: 0.25, normalizeObservations: false, clipObservations: 10, ...options },
  });

describe("demonstrations", () => {
  const lengths = [2, 3, 1, 4, 2, 5, 1, 2];

  test("whole episodes are held out, a share of them, chosen by the stream; every step is in one part", () => {
    const { trainingRows, heldOutRows, rollout } = of(dataset(lengths));
    const order = Int32Array.from(lengths.keys());
    new RandomStream(4, 9).shuffle(order);
    const out = new Set(order.subarray(0, 2));
    const offsets = dataset(lengths).offsets;
    const rows = lengths.map((length, k) => Array.from({ length }, (_, t) => offsets[k] + t));
    expect([...heldOutRows]).toEqual(rows.flatMap((own, k) => (out.has(k) ? own : [])));
    expect([...trainingRows]).toEqual(rows.flatMap((own, k) => (out.has(k) ? [] : own)));
    expect([...rollout.views.observations]).toEqual(Array.from({ length: 20 }, (_, k) => k));
    expect([...rollout.views.actions]).toEqual(Array.from({ length: 20 }, (_, k) => k % 3));
  });

  test.each([
    [0, 0],
    [0.01, 1],
    [0.3, 2],
    [0.32, 3],
    [0.8, 6],
  ])("a share of %d is %d of eight", (heldOut, episodes) => {
    const { offsets } = dataset(lengths);
    const { heldOutRows } = of(dataset(lengths), { heldOut });
    const begun = lengths.filter((_, k) => heldOutRows.includes(offsets[k]));
    expect(begun).toHaveLength(episodes);
    expect(heldOutRows).toHaveLength(begun.reduce((a, b) => a + b, 0));
  });

  test("at least one is left to learn from", () => {
    expect(() => of(dataset([2, 2]), { heldOut: 0.9 })).toThrow(/got 2, of which 2 would be held out/);
    expect(() => of(dataset([2]), { heldOut: 0.1 })).toThrow(/got 1, of which 1/);
    expect(of(dataset([2]), { heldOut: 0 }).heldOutRows).toHaveLength(0);
  });

  test("scaled by the training rows alone, clipped, and otherwise on demand", () => {
    const { trainingRows, scaling, scaleAs, rollout } = of(dataset(lengths), {
      ...{ normalizeObservations: true, clipObservations: 1 },
    });
    const mean = trainingRows.reduce((a, b) => a + b, 0) / trainingRows.length;
    const variance = trainingRows.reduce((a, b) => a + (b - mean) ** 2, 0) / trainingRows.length;
    expectClose(scaling!.mean, [mean], 1e-9);
    expectClose(scaling!.scale, [1 / Math.sqrt(variance + 1e-8)], 1e-9);
    expect(scaling!.moments?.count).toBe(trainingRows.length);
    const scaled = Array.from({ length: 20 }, (_, k) => Math.max(-1, Math.min(1, (k - mean) / Math.sqrt(variance))));
    expectClose(rollout.views.observations, scaled, 1e-6);
    scaleAs({ mean: Float64Array.of(10), scale: Float64Array.of(0.5), clip: 100 });
    expectClose(
      rollout.views.observations,
      Array.from({ length: 20 }, (_, k) => (k - 10) / 2),
      1e-6,
    );
    scaleAs(undefined);
    expect(rollout.views.observations[19]).toBe(19);
  });

  test("masks come along", () => {
    const data = dataset([3, 3], true);
    expect([...of(data, { heldOut: 0 }).rollout.views.masks]).toEqual(Array.from(data.masks!));
  });
});

describe.each([false, true])("likelihood, masked: %s", (masked) => {
  const data = dataset([1500, 2], masked);
  const { rollout } = of(data, { heldOut: 0 });
  rollout.views.observations.set(rollout.views.observations.map((k) => Math.sin(k)));
  const network = actorCritic(box({ low: -1, high: 1 }), discrete(3), { hidden: [3] });
  const policy = new ParameterBlock(engine, network.policyParameters);
  network.initialise({ ...policy, values: valuesOr() } as never, parameterStreams(3));

  /** The policy's own values; what is asked of the critic's goes nowhere. */
  function valuesOr() {
    return (name: string) => (name.startsWith("policy.") ? policy.values(name) : new Float32Array(64));
  }

  policy.values("policy.head.0.weight").set([1, -2, 0.5, 0.3, 2, -1, 0.7, -0.4, 1.1]);
  const weights = Object.fromEntries(policy.names.map((name) => [name, Array.from(policy.values(name))]));
  const of64 = (row: number) => {
    const x = rollout.views.observations[row];
    const hidden = [0, 1, 2].map((j) =>
      Math.tanh(x * weights["policy.body.0.weight"][j] + weights["policy.body.0.bias"][j]),
    );
    const logits = [0, 1, 2].map((a) => {
      const allowed = !masked || data.masks![3 * row + a] === 1;
      const sum = hidden.reduce((total, h, j) => total + h * weights["policy.head.0.weight"][3 * j + a], 0);
      return allowed ? sum + weights["policy.head.0.bias"][a] : Number.NEGATIVE_INFINITY;
    });
    const total = logits.reduce((a, b) => a + Math.exp(b), 0);
    const probabilities = logits.map((logit) => Math.exp(logit) / total);
    return {
      logProb: Math.log(probabilities[row % 3]),
      entropy: -probabilities.reduce((a, p) => a + (p > 0 ? p * Math.log(p) : 0), 0),
      right: probabilities.indexOf(Math.max(...probabilities)) === row % 3,
    };
  };
  const mean = (rows: readonly number[], figure: (row: number) => number) =>
    rows.reduce((a, row) => a + figure(row), 0) / rows.length;

  test("a step's figures are means over the rows that are given, however few", () => {
    const step = finish(likelihoodStep(engine, network, policy, rollout, 8));
    for (const rows of [[3], [1, 5, 9, 700, 1499], Array.from({ length: 8 }, (_, i) => 100 * i)]) {
      const { logLikelihood, entropy } = finish(step(Int32Array.from(rows), 0));
      expect(logLikelihood).toBeCloseTo(
        mean(rows, (row) => of64(row).logProb),
        5,
      );
      expect(entropy).toBeCloseTo(
        mean(rows, (row) => of64(row).entropy),
        5,
      );
    }
  });

  test("its gradient is of both, the entropy's by its coefficient", () => {
    const step = finish(likelihoodStep(engine, network, policy, rollout, 8));
    const gradientAt = (coefficient: number) => {
      const { gradient } = finish(step(Int32Array.of(1, 5, 9), coefficient));
      return Array.from(new Float32Array(engine.memory.buffer, gradient.pointer, gradient.length));
    };
    const [none, half, one] = [0, 0.5, 1].map(gradientAt);
    expect(none).not.toEqual(one);
    expectClose(
      half,
      none.map((x, i) => (x + one[i]) / 2),
      1e-6,
    );
  });

  test("measured over more rows than go at once, and over none", () => {
    const measure = finish(likelihoodMeasure(engine, network, policy, rollout, discrete(3)));
    const rows = Array.from({ length: 1400 }, (_, i) => i + 50);
    const { logLikelihood, accuracy } = finish(measure(Int32Array.from(rows)));
    expect(logLikelihood).toBeCloseTo(
      mean(rows, (row) => of64(row).logProb),
      5,
    );
    expect(accuracy).toBeCloseTo(
      mean(rows, (row) => (of64(row).right ? 1 : 0)),
      12,
    );
    expect(finish(measure(new Int32Array(0)))).toEqual({ logLikelihood: Number.NaN, accuracy: Number.NaN });
    expect(
      finish(finish(likelihoodMeasure(engine, network, policy, rollout, box({ low: 0, high: 2 })))(Int32Array.of(3)))
        .accuracy,
    ).toBeUndefined();
  });
});
