/** Memory cells against a float64 reference that goes step by step. */

import { describe, expect, test } from "vitest";
import { type CellName, cellNames, recurrent } from "../../src/nn/index.ts";
import { startingValues } from "../../src/nn/startingValues.ts";
import { finish } from "../../src/pauses.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { compile, createEngine, grad, input, ParameterBlock } from "../../src/tensor/index.ts";
import { mul } from "../../src/tensor/ops/elementwise.ts";
import { sum } from "../../src/tensor/ops/reduce.ts";
import { differences, unroll, type Weights } from "./recurrentReference.ts";

const [inputs, size, sequences, steps] = [3, 4, 3, 6];
const rows = steps * sequences;
/** Episodes begin in the middle, twice in a row, and on the last step. */
const starts = Float32Array.from({ length: rows }, (_, row) => ([0, 4, 9, 12, 17].includes(row) ? 1 : 0));

async function setUp(kind: CellName) {
  const engine = await createEngine();
  const cell = recurrent("cell", kind, inputs, size);
  const block = new ParameterBlock(engine, cell.parameters);
  const random = new RandomStream(4, streams.user);
  const draw = (n: number) => Float64Array.from({ length: n }, () => Math.fround(random.normal()));
  for (const name of block.names) block.values(name).set(draw(block.values(name).length));
  const [x, state, weight] = [draw(rows * inputs), draw(sequences * cell.stateSize), draw(rows * size)];
  const leaves = {
    x: input("x", [rows, inputs]),
    state: input("state", [sequences, cell.stateSize]),
    starts: input("starts", [rows]),
    weight: input("weight", [rows, size]),
  };
  const { output, states } = cell.unroll(leaves.x, { state: leaves.state, starts: leaves.starts });
  const loss = sum(mul(output, leaves.weight));
  const [toX, toState, ...toParameters] = grad(loss, [leaves.x, leaves.state, ...block.tensors]);
  const program = compile(engine, {
    parameters: [block],
    outputs: { output, states, loss, toX, toState, gradient: toParameters },
  });
  const write = () => {
    program.input("x").set(x);
    program.input("state").set(state);
    program.input("starts").set(starts);
    program.input("weight").set(weight);
  };
  const weights = Object.fromEntries(
    block.names.map((name) => [name.slice("cell.".length), Float64Array.from(block.values(name))]),
  ) as unknown as Weights;
  const reference = () => unroll(kind, size, weights, x, state, starts, sequences);
  const referenceLoss = () =>
    reference().reduce(
      (total, s, row) => total + s.slice(0, size).reduce((a, h, j) => a + h * weight[row * size + j], 0),
      0,
    );
  return { engine, cell, block, program, write, x, state, weights, reference, referenceLoss };
}

const furthest = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);

describe.each(cellNames)("%s", (kind) => {
  test("outputs and states of whole sequences with episodes in them are those of the reference", async () => {
    const { program, write, reference } = await setUp(kind);
    write();
    program.run();
    const states = reference();
    expect(
      furthest(
        program.output("states"),
        states.flatMap((s) => [...s]),
      ),
    ).toBeLessThan(2e-6);
    expect(
      furthest(
        program.output("output"),
        states.flatMap((s) => [...s.slice(0, size)]),
      ),
    ).toBeLessThan(2e-6);
  });

  test("the gradient of every weight, input and initial state is the reference's by differences", async () => {
    const { program, write, block, weights, referenceLoss, x, state } = await setUp(kind);
    write();
    program.run();
    expect(program.scalar("loss")).toBeCloseTo(referenceLoss(), 4);
    const near = (actual: ArrayLike<number>, expected: Float64Array) => {
      const scale = expected.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      expect(scale).toBeGreaterThan(0.1);
      expect(furthest(actual, expected) / scale).toBeLessThan(1e-5);
    };
    near(program.output("toX"), differences(x, referenceLoss));
    near(program.output("toState"), differences(state, referenceLoss));
    const flat = program.outputRegion("gradient");
    block.tensors.forEach((tensor, i) => {
      const name = tensor.attributes.name!.slice("cell.".length) as keyof Weights;
      const offset = (block.regionOf(i).pointer - block.region.pointer) / 4;
      const own = program.output("gradient").subarray(offset, offset + block.regionOf(i).length);
      near(own, differences(weights[name]!, referenceLoss));
    });
    expect(flat.length).toBe(block.region.length);
  });

  test("one step at a time is the same, bit for bit", async () => {
    const { engine, cell, block, program, write, x, state } = await setUp(kind);
    write();
    program.input("starts").fill(0);
    program.run();
    const [seen, before] = [input("x", [sequences, inputs]), input("state", [sequences, cell.stateSize])];
    const single = compile(engine, { parameters: [block], outputs: { ...cell.step(seen, before) } });
    single.input("state").set(state);
    for (let t = 0; t < steps; t++) {
      single.input("x").set(x.slice(t * sequences * inputs, (t + 1) * sequences * inputs));
      single.run();
      const [from, to] = [t * sequences, (t + 1) * sequences];
      expect(single.output("output")).toEqual(program.output("output").slice(from * size, to * size));
      const next = program.output("states").slice(from * cell.stateSize, to * cell.stateSize);
      expect(single.output("state")).toEqual(next);
      single.input("state").set(next);
    }
  });

  test("nothing leaks over the beginning of an episode, neither values nor gradients", async () => {
    const { program, write, x, weights } = await setUp(kind);
    write();
    // Sequence 1 starts over on step 3.
    const [first, sequence] = [3, 1];
    program.input("starts").fill(0);
    program.input("starts")[first * sequences + sequence] = 1;
    program.input("weight").fill(0);
    for (let t = first; t < steps; t++)
      program.input("weight").fill(1, (t * sequences + sequence) * size, (t * sequences + sequence + 1) * size);
    program.run();
    const later = () =>
      Array.from({ length: steps - first }, (_, k) => {
        const row = (first + k) * sequences + sequence;
        return program.output("output").slice(row * size, (row + 1) * size);
      });
    const [outputs, toX, toState] = [later(), program.output("toX").slice(), program.output("toState").slice()];
    for (let row = 0; row < rows; row++) {
      const mine = row % sequences === sequence && row >= first * sequences;
      const strength = toX.slice(row * inputs, (row + 1) * inputs).some((g) => g !== 0);
      expect(strength, `gradient of row ${row}`).toBe(mine);
    }
    expect(toState.every((g) => g === 0)).toBe(true);
    program.input("x").set(x.map((v, i) => (Math.floor(i / inputs) < first * sequences ? v + 5 : v)));
    program.input("state").fill(-2);
    program.run();
    expect(later()).toEqual(outputs);
    const fresh = unroll(
      kind,
      size,
      weights,
      x.slice((first * sequences + sequence) * inputs, (first * sequences + sequence + 1) * inputs),
      new Float64Array(outputs[0].length * (kind === "lstm" ? 2 : 1)),
      [0],
      1,
    );
    expect(furthest(outputs[0], fresh[0].slice(0, size))).toBeLessThan(2e-6);
  });

  test("starts with orthogonal weights of gain 1 and no biases; or uniform by the size of the state", async () => {
    const engine = await createEngine();
    const cell = recurrent("cell", kind, 5, 4);
    const block = new ParameterBlock(engine, cell.parameters);
    finish(cell.initialising(block, startingValues(new RandomStream(0, streams.parameters))));
    for (const [name, height] of [
      ["cell.input", 5],
      ["cell.state", 4],
    ] as const) {
      const values = block.values(name);
      const width = values.length / height;
      for (let i = 0; i < height; i++) {
        for (let j = 0; j <= i; j++) {
          let dot = 0;
          for (let k = 0; k < width; k++) dot += values[i * width + k] * values[j * width + k];
          expect(dot).toBeCloseTo(i === j ? 1 : 0, 5);
        }
      }
    }
    for (const name of block.names.filter((n) => /bias/i.test(n)))
      expect(block.values(name).every((v) => v === 0)).toBe(true);
    const plain = recurrent("cell", kind, 5, 4, { orthogonalInit: false });
    const other = new ParameterBlock(engine, plain.parameters);
    finish(plain.initialising(other, startingValues(new RandomStream(0, streams.parameters))));
    for (const name of other.names) {
      const largest = other.values(name).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
      expect(largest).toBeLessThanOrEqual(0.5);
      expect(largest).toBeGreaterThan(0.3);
    }
  });

  test("a program grows with the number of steps and no faster; weights get their gradient from one product", async () => {
    const engine = await createEngine();
    const build = (length: number) => {
      const cell = recurrent("cell", kind, 8, 8);
      const block = new ParameterBlock(engine, cell.parameters);
      const x = input("x", [2 * length, 8]);
      const memory = { state: input("state", [2, cell.stateSize]), starts: input("starts", [2 * length]) };
      const loss = sum(cell.unroll(x, memory).output);
      const gradient = grad(loss, block.tensors);
      const program = compile(engine, { parameters: [block], outputs: { gradient } });
      return { instructions: program.instructionCount, weight: gradient[1] };
    };
    const [short, middle, long] = [build(16), build(32), build(64)];
    expect(long.instructions - middle.instructions).toBe(2 * (middle.instructions - short.instructions));
    expect(long.weight).toMatchObject({ op: "matmul", shape: [8, kind === "lstm" ? 32 : 24] });
  });
});

test("rows that are no whole number of steps are refused", () => {
  const cell = recurrent("cell", "gru", 3, 4);
  expect(() => cell.unroll(input("x", [7, 3]), { state: input("state", [2, 4]) })).toThrow(/7 rows are not steps of 2/);
});
