/** What networks are made of: shapes and names, where they start, what makes two of them the same, what files say of statistics. */
import { describe, expect, test } from "vitest";
import { box, dict, discrete, multiDiscrete, type Space } from "../../src/envs/index.ts";
import { finish } from "../../src/pauses.ts";
import { actorCritic, type NetworkOptions } from "../../src/policies/actorCritic.ts";
import { decodePolicy, encodePolicy, fillBlock, weightsOf } from "../../src/policies/description.ts";
import { featureSize, imageParts, numericColumns } from "../../src/policies/encode.ts";
import { momentsFrom, momentsOf, momentTensors } from "../../src/policies/moments.ts";
import { parameterStreams } from "../../src/policies/parameterStreams.ts";
import { networkDifferences, networkIdentity, requireSavedNetwork } from "../../src/policies/sameNetwork.ts";
import { requireSameSpaces } from "../../src/policies/sameSpaces.ts";
import { separateBlocks } from "../../src/policies/separateBlocks.ts";
import { policySnapshot } from "../../src/policies/snapshot.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";

const plane = box({ low: -1, high: 1, shape: [3] });
const shapesOf = (options: NetworkOptions, observation: Space = plane, action: Space = discrete(2)) =>
  actorCritic(observation, action, options).parameters.map(
    ({ attributes, shape }) => `${attributes.name} ${shape.join("×")}`,
  );
const engine = await createEngine({ build: "simd" });

function started(options: NetworkOptions, observation: Space = plane, action: Space = discrete(2)) {
  const network = actorCritic(observation, action, options);
  const block = new ParameterBlock(engine, network.parameters);
  network.initialise(block, parameterStreams(7));
  return { network, block };
}

/** WᵀW (or WWᵀ) of orthogonal weights is gain² times the identity. */
function gainOf(weights: Float32Array, inputs: number, outputs: number): number {
  const few = Math.min(inputs, outputs);
  const at = (i: number, k: number) => (inputs <= outputs ? weights[i * outputs + k] : weights[k * outputs + i]);
  const many = Math.max(inputs, outputs);
  const product = (i: number, j: number) =>
    Array.from({ length: many }, (_, k) => at(i, k) * at(j, k)).reduce((a, b) => a + b);
  for (let i = 1; i < few; i++) expect(Math.abs(product(0, i))).toBeLessThan(1e-5 * product(0, 0) + 1e-9);
  return Math.sqrt(product(0, 0));
}

describe("parameters", () => {
  test("by default: two layers of 64 each for policy and value", () => {
    expect(shapesOf({})).toEqual([
      ...["policy.body.0.weight 3×64", "policy.body.0.bias 64", "policy.body.1.weight 64×64", "policy.body.1.bias 64"],
      ...["policy.head.0.weight 64×2", "policy.head.0.bias 2"],
      ...["value.body.0.weight 3×64", "value.body.0.bias 64", "value.body.1.weight 64×64", "value.body.1.bias 64"],
      ...["value.head.0.weight 64×1", "value.head.0.bias 1"],
    ]);
  });

  test("the critic's layers are the policy's unless it has its own; shared ones are there once", () => {
    const value = (options: NetworkOptions) => shapesOf(options).filter((name) => name.startsWith("value."));
    expect(value({ hidden: [8] })[0]).toBe("value.body.0.weight 3×8");
    expect(value({ hidden: [8], criticHidden: [5] })).toEqual([
      ...["value.body.0.weight 3×5", "value.body.0.bias 5", "value.head.0.weight 5×1", "value.head.0.bias 1"],
    ]);
    expect(value({ hidden: [8], criticHidden: [5], shared: true })).toEqual([
      "value.head.0.weight 8×1",
      "value.head.0.bias 1",
    ]);
  });

  test("choices are one column each, memories stand behind the body", () => {
    const observation = dict({ gear: discrete(4), at: box({ low: 0, high: 1 }), dials: multiDiscrete([2, 3]) });
    expect(featureSize(observation)).toBe(10);
    expect(shapesOf({ hidden: [6] }, observation)[0]).toBe("policy.body.0.weight 10×6");
    const recurrent = started({ hidden: [6], recurrent: "gru", recurrentSize: 5 }).network;
    expect([recurrent.memory?.stateSize, recurrent.memory?.policyStateSize]).toEqual([10, 5]);
    const joint = started({ hidden: [6], recurrent: "gru", recurrentSize: 5, shared: true }).network;
    expect([joint.memory?.stateSize, joint.memory?.policyStateSize]).toEqual([5, 5]);
    expect(started({ recurrent: "lstm" }).network.memory?.policyStateSize).toBe(128);
    expect(started({}).network.memory).toBeUndefined();
  });
});

describe("where they start", () => {
  test("orthogonal with √2, policy head 0.01, value head 1, biases 0", () => {
    const { block } = started({ hidden: [6, 4] });
    const gain = (name: string, inputs: number, outputs: number) =>
      gainOf(block.values(`${name}.weight`), inputs, outputs);
    for (const side of ["policy", "value"]) {
      expect(gain(`${side}.body.0`, 3, 6)).toBeCloseTo(Math.SQRT2, 5);
      expect(gain(`${side}.body.1`, 6, 4)).toBeCloseTo(Math.SQRT2, 5);
    }
    expect(gain("policy.head.0", 4, 2)).toBeCloseTo(0.01, 6);
    expect(gain("value.head.0", 4, 1)).toBeCloseTo(1, 5);
    for (const name of block.names.filter((one) => one.endsWith("bias")))
      expect([...block.values(name)].every((x) => x === 0)).toBe(true);
  });

  test("without: uniform by fan-in, biases too, of every part", () => {
    const { block } = started({ hidden: [16, 25], orthogonalInit: false });
    for (const [name, inputs] of [
      ...[
        ["policy.body.0", 3],
        ["policy.body.1", 16],
        ["policy.head.0", 25],
        ["value.head.0", 25],
      ],
    ] as [string, number][]) {
      for (const part of ["weight", "bias"]) {
        const values = [...block.values(`${name}.${part}`)];
        expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(1 / Math.sqrt(inputs));
        expect(new Set(values).size).toBe(values.length);
      }
    }
  });

  test("log σ starts where it is told, and policy and value never alike", () => {
    const { block } = started({ logStdInit: -0.7 }, plane, box({ low: -1, high: 1, shape: [2] }));
    expect([...block.values("policy.logStd")]).toEqual([Math.fround(-0.7), Math.fround(-0.7)]);
    expect(block.values("policy.body.0.weight")).not.toEqual(block.values("value.body.0.weight"));
  });

  test("apart as in one block", () => {
    const { network, block } = started({ hidden: [5] });
    const { policy, critic } = finish(separateBlocks(engine, network, 7));
    expect(policy.names.every((name) => name.startsWith("policy."))).toBe(true);
    expect(critic.names.every((name) => name.startsWith("value."))).toBe(true);
    for (const part of [policy, critic])
      for (const name of part.names) expect(part.values(name)).toEqual(block.values(name));
  });

  test("a snapshot is the policy of the moment it is taken", () => {
    const options = { hidden: [5] };
    const { block } = started(options);
    const snapshot = policySnapshot(engine, actorCritic(plane, discrete(2), options), block);
    snapshot.take();
    const before = weightsOf(snapshot.block);
    expect(Object.keys(before)).toEqual(block.names.filter((name) => name.startsWith("policy.")));
    for (const [name, { data }] of Object.entries(before)) expect(data).toEqual(block.values(name));
    for (const name of block.names) block.values(name).fill(3);
    expect(weightsOf(snapshot.block)).toEqual(before);
    snapshot.take();
    expect(snapshot.block.values("policy.body.0.weight").every((x) => x === 3)).toBe(true);
  });
});

test("weights are written by name and shape, the critic's only where they are wanted", () => {
  const [from, to] = [started({ hidden: [5] }), started({ hidden: [5] })];
  for (const name of from.block.names) from.block.values(name).fill(2);
  const own = to.block.values("value.head.0.weight").slice();
  const weights = weightsOf(from.block);
  fillBlock(to.block, weights, false);
  expect(to.block.values("policy.head.0.weight")[0]).toBe(2);
  expect(to.block.values("value.head.0.weight")).toEqual(own);
  fillBlock(to.block, weights);
  expect(to.block.values("value.head.0.weight")[0]).toBe(2);
  const { "policy.body.0.bias": _, ...missing } = weights;
  expect(() => fillBlock(to.block, missing)).toThrow(/"policy\.body\.0\.bias": got nothing, expected \[5\]/);
  const turned = { ...weights, "policy.body.0.weight": { ...weights["policy.body.0.weight"], shape: [5, 3] } };
  expect(() => fillBlock(to.block, turned)).toThrow(/"policy\.body\.0\.weight": got \[5, 3\], expected \[3, 5\]/);
});

describe("the same network", () => {
  const identity = (network: NetworkOptions, observationSpace: Space = plane, actionSpace: Space = discrete(2)) =>
    networkIdentity({ observationSpace, actionSpace, network });
  const differ = (a: NetworkOptions, b: NetworkOptions, observation?: Space, action?: Space) =>
    networkDifferences(identity(a, observation, action), identity(b, observation, action));
  const image = box({ low: 0, high: 255, shape: [3, 8, 8] });

  test.each<[NetworkOptions, NetworkOptions, string[]]>([
    [{}, { hidden: [64, 64], activation: "tanh", shared: false, recurrent: "none" }, []],
    [{ hidden: [32] }, { hidden: [32], criticHidden: [32] }, []],
    [{ hidden: [32] }, { hidden: [32], criticHidden: [16] }, ["criticHidden"]],
    [{ shared: true }, { shared: true, criticHidden: [16] }, []],
    [{ activation: "relu" }, {}, ["activation"]],
    [{ orthogonalInit: false, logStdInit: 1, sdeSampleFreq: 9, sdeLearnFeatures: true }, {}, []],
    [{ recurrentSize: 9 }, {}, []],
    [{ recurrent: "gru", recurrentSize: 9 }, { recurrent: "gru" }, ["recurrentSize"]],
    [{ distribution: "beta", normalizeActions: false, stateDependentStd: true }, {}, []],
    [{ cnn: "small", imageLayout: "hwc", scalePixels: false }, {}, []],
    [{ hidden: undefined as never }, {}, []],
  ])("%o and %o differ in %o", (a, b, names) => {
    expect(differ(a, b)).toEqual(names);
  });

  test("what goes with Boxes and images counts where there are some", () => {
    const actions = dict({ a: discrete(2), b: box({ low: -1, high: 1 }) });
    const ofBoxes: NetworkOptions = { distribution: "beta", normalizeActions: false, stateDependentStd: true };
    expect(differ(ofBoxes, {}, plane, actions).sort()).toEqual([
      "distribution",
      "normalizeActions",
      "stateDependentStd",
    ]);
    const ofImages: NetworkOptions = { cnn: "small", imageLayout: "hwc", scalePixels: false };
    expect(differ(ofImages, {}, image).sort()).toEqual(["cnn", "imageLayout", "scalePixels"]);
    expect(networkDifferences(identity({}, plane), identity({}, box({ low: -1, high: 2, shape: [3] })))).toEqual([
      "observationSpace",
    ]);
  });

  test("a saved one that is another's is refused, naming both values", () => {
    requireSavedNetwork(identity({}), identity({}));
    expect(() => requireSavedNetwork(identity({ hidden: [8] }), identity({ activation: "relu" }))).toThrow(
      /another network: hidden, activation: got hidden \[8\], activation "tanh", expected hidden \[64,64\], activation "relu"/,
    );
    for (const none of [undefined, null, "x"])
      expect(() => requireSavedNetwork(none, identity({}))).toThrow(/got observationSpace none/);
  });

  test("spaces that differ are named with both", () => {
    const own = { observationSpace: plane, actionSpace: discrete(2), environment: "A" };
    requireSameSpaces("The policy", own, { ...own, id: "B" });
    expect(() => requireSameSpaces("The policy", own, { ...own, actionSpace: discrete(3), id: "B" })).toThrow(
      /The policy of A cannot be used with B: other actions: got Discrete\(2\), expected Discrete\(3\)/,
    );
    const other = { ...own, observationSpace: box({ low: -1, high: 1, shape: [2] }), id: "B" };
    expect(() => requireSameSpaces("They", own, other)).toThrow(/They of A .* other observations/);
  });
});

describe("images and numbers among the columns", () => {
  const bytes = box({ low: 0, high: 255, shape: [1, 2, 2] });
  const floats = box({ low: 0, high: 1, shape: [1, 2, 1] });
  const nearly = box({ low: 0, high: [255, 255, 255, 254], shape: [1, 2, 2] });
  const space = dict({
    a: discrete(3),
    eye: bytes,
    "x.y": dict({ floats, nearly }),
    flat: box({ low: 0, high: 255, shape: [2] }),
  });

  test("images by their way through the fields and their first column", () => {
    expect(imageParts(space).map(({ name, start }) => [name, start])).toEqual([
      ["eye", 1],
      [expect.stringMatching(/^x.*y\.floats$/), 5],
      [expect.stringMatching(/^x.*y\.nearly$/), 7],
    ]);
    expect(imageParts(bytes)).toEqual([{ name: "", box: bytes, start: 0 }]);
  });

  test("numbers are what is neither an index nor a byte of an image", () => {
    expect(numericColumns(space)).toEqual([false, ...new Array(4).fill(false), ...new Array(2 + 4 + 2).fill(true)]);
  });
});

describe("statistics of observations", () => {
  const moments = { mean: [1, 2], variance: [4, 9], count: 77 };

  test("are those that are there, or what the scaling tells", () => {
    expect(momentsOf({ mean: [0], scale: [1], moments })).toBe(moments);
    const told = momentsOf({ mean: Float64Array.of(3), scale: Float64Array.of(1 / Math.sqrt(4 + 1e-8)) });
    expect(told).toEqual({ mean: [3], variance: [expect.closeTo(4, 12)], count: 10_000 });
  });

  test("go through tensors whole or not at all", () => {
    const tensors = momentTensors(moments);
    expect(
      Object.fromEntries(Object.entries(tensors).map(([name, { dtype, shape }]) => [name, [dtype, ...shape]])),
    ).toEqual({
      "observation.moments.mean": ["F64", 2],
      "observation.moments.variance": ["F64", 2],
      "observation.moments.count": ["F64", 1],
    });
    const stored = tensors as Parameters<typeof momentsFrom>[0];
    expect(momentsFrom(stored, 2)).toEqual(moments);
    expect(momentsFrom(stored, 3)).toBeUndefined();
    for (const name of Object.keys(tensors)) {
      const { [name]: _, ...rest } = stored;
      expect(momentsFrom(rest, 2)).toBeUndefined();
    }
    expect(momentTensors(undefined)).toEqual({});
  });

  test("and through a policy's file, with everything else", () => {
    const { block } = started({ hidden: [4] }, box({ low: -1, high: 1, shape: [2] }));
    const policy = {
      ...{ algorithm: "ppo", environment: "E-v0", version: "1", steps: 12, network: { hidden: [4] } },
      ...{
        observationSpace: box({ low: -1, high: 1, shape: [2] }),
        actionSpace: discrete(2),
        weights: weightsOf(block),
      },
      scaling: { mean: Float64Array.of(1, 2), scale: Float64Array.of(0.5, 1 / 3), clip: 7, moments },
    };
    const decoded = decodePolicy(encodePolicy(policy as never));
    expect(decoded).toEqual(policy);
    const { scaling: _, ...bare } = policy;
    const plain = decodePolicy(encodePolicy(bare as never));
    expect(plain).toEqual(bare);
    const without = { ...policy, scaling: { mean: policy.scaling.mean, scale: policy.scaling.scale, clip: 7 } };
    expect(decodePolicy(encodePolicy(without as never))).toEqual(without);
  });
});
