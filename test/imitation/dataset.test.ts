/** A dataset survives its file bit for bit, and nothing else gets in. */

import { describe, expect, test } from "vitest";
import { box, dict, discrete } from "../../src/envs/index.ts";
import { AscentError } from "../../src/errors.ts";
import { decodeSafetensors, encodeSafetensors } from "../../src/files/index.ts";
import { checkDataset, decodeDataset, type EpisodeDataset, encodeDataset } from "../../src/imitation/index.ts";
import { repeatedObservations, spaces, tiny } from "./support.ts";

describe("the file", () => {
  test("what was encoded is decoded, masks or not, whatever the spaces", () => {
    const { masks: _, ...unmasked } = tiny();
    for (const dataset of [tiny(), unmasked, ...Object.values(spaces).map((space) => repeatedObservations(space, 3))]) {
      expect(decodeDataset(encodeDataset(dataset))).toEqual(dataset);
      expect(encodeDataset(dataset)).toEqual(encodeDataset(dataset));
    }
  });

  test("it is a safetensors file with plain names and shapes", () => {
    const { tensors, metadata } = decodeSafetensors(encodeDataset(tiny()));
    const shapes = Object.fromEntries(
      Object.entries(tensors).map(([name, { dtype, shape }]) => [name, [dtype, ...shape]]),
    );
    expect(shapes).toEqual({
      offsets: ["I32", 3],
      observations: ["F32", 3, 1],
      actions: ["F32", 3, 1],
      masks: ["U8", 3, 3],
      rewards: ["F64", 3],
      terminated: ["U8", 3],
      truncated: ["U8", 3],
      finalObservations: ["F32", 2, 1],
    });
    expect(metadata["format"]).toBe("ascent-episodes/1");
    expect(JSON.parse(metadata["episodes"])).toMatchObject({ environment: "Tiny-v0", policy: "hand", seed: 4 });
  });

  test("damaged bytes, other formats and missing parts are refused", () => {
    const bytes = encodeDataset(tiny());
    expect(() => decodeDataset(bytes.subarray(0, bytes.length - 9))).toThrow(AscentError);
    const altered = bytes.slice();
    altered[altered.length - 1] ^= 1;
    expect(() => decodeDataset(altered)).toThrow(/SHA-256 .* does not match/);
    expect(() => decodeDataset(encodeSafetensors({}, {}))).toThrow(
      /without a format mark.*ascent-episodes\/1.*ascent record/,
    );
    const { tensors, metadata } = decodeSafetensors(bytes);
    const { rewards: _, ...fewer } = tensors;
    expect(() => decodeDataset(encodeSafetensors(fewer, metadata))).toThrow(/SHA-256/);
  });
});

type Change = (dataset: EpisodeDataset) => Partial<EpisodeDataset>;

describe("what does not hold together is refused, with its place", () => {
  test.each<[string, Change, AscentError["code"], RegExp]>([
    [
      "too few observations",
      (d) => ({ observations: d.observations.subarray(1) }),
      "shape",
      /observations.*got 2, expected 3 \(3 steps × 1 columns\)/,
    ],
    ["too many actions", () => ({ actions: new Float32Array(6) }), "shape", /actions have the wrong length: got 6/],
    [
      "masks of another size",
      () => ({ masks: new Uint8Array(6) }),
      "shape",
      /masks have the wrong length: got 6, expected 9/,
    ],
    [
      "masks where nothing is masked",
      () => ({ actionSpace: box({ low: 0, high: 9, shape: [1] }) }),
      "shape",
      /nothing to mask/,
    ],
    [
      "final observations for steps",
      () => ({ finalObservations: new Float32Array(3) }),
      "shape",
      /expected 2 \(2 episodes/,
    ],
    ["no steps", () => ({ rewards: new Float64Array(0), offsets: Int32Array.of(0) }), "shape", /no recorded episodes/],
    [
      "offsets that do not increase",
      () => ({ offsets: Int32Array.of(0, 0, 3) }),
      "shape",
      /do not increase: got 0 after 0 for episode 0/,
    ],
    ["offsets that go back", () => ({ offsets: Int32Array.of(0, 5, 3) }), "shape", /do not increase: got 3 after 5/],
    [
      "offsets past the steps",
      () => ({ offsets: Int32Array.of(0, 2, 4) }),
      "shape",
      /do not span the steps: got from 0 to 4/,
    ],
    [
      "an episode without an end",
      () => ({ truncated: new Uint8Array(3) }),
      "environment",
      /step 0 of episode 1: got terminated 0, truncated 0.*last step/,
    ],
    [
      "an end within an episode",
      () => ({ terminated: Uint8Array.of(1, 1, 0) }),
      "environment",
      /step 0 of episode 0.*goes on/,
    ],
    ["a flag of 2", () => ({ terminated: Uint8Array.of(0, 2, 0) }), "environment", /terminated 2/],
    [
      "a NaN observation",
      () => ({ observations: Float32Array.of(0, Number.NaN, 0) }),
      "non-finite",
      /observations.*NaN in column 0 of step 1 of episode 0/,
    ],
    [
      "an infinite reward",
      () => ({ rewards: Float64Array.of(0, 0, Infinity) }),
      "non-finite",
      /rewards.*Infinity .* step 0 of episode 1/,
    ],
    ["a NaN action", () => ({ actions: Float32Array.of(1, 2, Number.NaN) }), "non-finite", /actions.*NaN/],
    [
      "a NaN at the end",
      () => ({ finalObservations: Float32Array.of(0, Number.NaN) }),
      "non-finite",
      /finalObservations.*episode 1/,
    ],
    [
      "an action outside",
      () => ({ actions: Float32Array.of(1, 4, 2) }),
      "space",
      /not of its space \(step 1 of episode 0\): got 4 is not an integer in \[1, 3\]/,
    ],
    ["half an action", () => ({ actions: Float32Array.of(1.5, 3, 2) }), "space", /1\.5 is not an integer/],
    [
      "a forbidden action",
      () => ({ actions: Float32Array.of(3, 3, 2) }),
      "space",
      /its mask forbids \(step 0 of episode 0\): got action 3/,
    ],
    [
      "a mask of zeros",
      () => ({ masks: Uint8Array.of(1, 1, 0, 0, 0, 0, 1, 1, 1) }),
      "space",
      /step 1 of episode 0.*allows no action/,
    ],
  ])("%s", (_, change, code, message) => {
    const broken = { ...tiny(), ...change(tiny()) };
    expect(() => checkDataset(broken)).toThrow(message);
    expect(() => checkDataset(broken)).toThrow(expect.objectContaining({ name: "AscentError", code }));
    // What cannot be loaded is not written either.
    expect(() => encodeDataset(broken)).toThrow(message);
  });

  test("observations may pass the stated bounds of a Box, but an index may not", () => {
    expect(() => checkDataset({ ...tiny(), observations: Float32Array.of(5, -7, 0) })).not.toThrow();
    const observationSpace = dict({ place: discrete(2) });
    expect(() => checkDataset({ ...tiny(), observationSpace, observations: Float32Array.of(0, 1, 2) })).toThrow(
      /recorded observation is not of its space \(step 0 of episode 1\).*2 is not an integer/,
    );
  });
});
