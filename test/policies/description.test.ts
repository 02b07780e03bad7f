/** Policies as bytes. */

import { describe, expect, test } from "vitest";
import { box, dict, discrete, multiBinary, multiDiscrete } from "../../src/envs/spaces.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/files/index.ts";
import { decodePolicy, encodePolicy, loadPolicyFromBytes } from "../../src/policies/index.ts";
import { randomPolicy } from "./support.ts";

const observation = dict({ place: discrete(5, 1), noise: box({ low: [-1, -Infinity], high: [1, Infinity] }) });
const scaling = { mean: Float64Array.of(0, 1 / 3, -2), scale: Float64Array.of(1, 0.5, 3), clip: 10 };

describe("round trip", () => {
  test.each([
    ["Discrete", discrete(4, -2)],
    ["Box", box({ low: [-1, -Infinity], high: [1, Infinity] })],
    ["MultiDiscrete", multiDiscrete([2, 3])],
    ["MultiBinary", multiBinary(3)],
  ])("%s: the same description, and the same bytes again", async (_, actions) => {
    for (const scaled of [undefined, scaling]) {
      const policy = await randomPolicy(observation, actions, { hidden: [8, 3], activation: "relu" }, scaled);
      const bytes = encodePolicy(policy);
      const decoded = decodePolicy(bytes);
      expect(decoded).toEqual(scaled === undefined ? { ...policy, scaling: undefined } : policy);
      expect(encodePolicy(decoded)).toEqual(bytes);
    }
  });
});

test("the scaling of earlier versions' files, in float32, is taken over", async () => {
  const { tensors, metadata } = decodeSafetensors(
    encodePolicy(await randomPolicy(observation, discrete(2), { hidden: [4] }, scaling)),
  );
  const { sha256: _, ...rest } = metadata;
  const single = (name: "mean" | "scale") => ({
    dtype: "F32" as const,
    shape: [3],
    data: Float32Array.from(scaling[name]),
  });
  const older = { ...tensors, "observation.mean": single("mean"), "observation.scale": single("scale") };
  expect(decodePolicy(encodeSafetensors(older, rest)).scaling).toEqual({
    mean: Float64Array.from(scaling.mean, Math.fround),
    scale: Float64Array.from(scaling.scale, Math.fround),
    clip: 10,
  });
});

test("a file from before normalizeActions acts without: its network's numbers are the environment's", async () => {
  const actions = box({ low: [-50, -100], high: [350, 100] });
  const bytes = encodePolicy(await randomPolicy(observation, actions, { hidden: [4] }));
  const { tensors, metadata } = decodeSafetensors(bytes);
  expect(metadata.format).toBe("ascent-policy/2");
  const stored = Object.entries(tensors).map(([name, { shape, data }]) => [
    name,
    { dtype: "F32" as const, shape, data: data as Float32Array },
  ]);
  const earlier = encodeSafetensors(Object.fromEntries(stored), { ...metadata, format: "ascent-policy/1" });
  const [now, then] = [await loadPolicyFromBytes(bytes), await loadPolicyFromBytes(earlier)];
  expect(then.description.network.normalizeActions).toBe(false);
  const seen = { place: 2, noise: [0.1, 0.2] };
  const [a, b] = [now.act(seen), then.act(seen)] as [Float32Array, Float32Array];
  expect(a[0]).toBeCloseTo(Math.max(150 + 200 * b[0], -50), 3);
  expect(a[1]).toBeCloseTo(Math.min(100 * b[1], 100), 3);
  for (const x of b) expect(Math.abs(x)).toBeGreaterThan(0.01);
  // Written anew it says so itself.
  const again = await loadPolicyFromBytes(encodePolicy(then.description));
  expect(again.act(seen)).toEqual(b);
});

describe("a damaged file is refused", () => {
  const bytesOf = async () => encodePolicy(await randomPolicy(observation, discrete(2), { hidden: [4] }, scaling));

  test("cut short anywhere", async () => {
    const bytes = await bytesOf();
    for (const length of [0, 7, 100, bytes.length - 1]) {
      expect(() => decodePolicy(bytes.slice(0, length))).toThrow(expect.objectContaining({ code: "file" }));
    }
  });

  test("any bit turned over in the weights", async () => {
    const bytes = await bytesOf();
    for (const at of [bytes.length - 1, bytes.length - 100, bytes.length - 200]) {
      const altered = bytes.slice();
      altered[at] ^= 4;
      expect(() => decodePolicy(altered)).toThrow(/SHA-256 does not match/);
    }
  });

  test("another kind of safetensors file", () => {
    expect(() => decodePolicy(encodeSafetensors({}, {}))).toThrow(/Not a policy.*without a format mark/);
    expect(() => decodePolicy(encodeSafetensors({}, { format: "ascent-policy/9" }))).toThrow(
      /format "ascent-policy\/9"/,
    );
  });

  test("tensors missing or of other shapes, even with no digest to compare", async () => {
    const { tensors, metadata } = decodeSafetensors(await bytesOf());
    const { sha256, ...rest } = metadata;
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    const without = (name: string) =>
      encodeSafetensors(Object.fromEntries(Object.entries(tensors).filter(([key]) => key !== name)), rest);
    expect(() => decodePolicy(without("observation.mean"))).toThrow(/incomplete.*observation\.mean/);
    await expect(loadPolicyFromBytes(without("policy.head.0.bias"))).rejects.toThrow(
      /do not fit its network.*policy\.head\.0\.bias/,
    );
    const short = { ...tensors, "observation.scale": { dtype: "F32" as const, shape: [2], data: new Float32Array(2) } };
    expect(() => decodePolicy(encodeSafetensors(short, rest))).toThrow(/scaling does not fit.*2 scales/);
  });
});
