/** A long run is cut into slices, and a long product into stretches of rows, and not a bit changes. */

import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { compile } from "../../src/tensor/compile.ts";
import { PIECE } from "../../src/tensor/cost.ts";
import { createEngine, type Engine, intsOf } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { constant, input, type Tensor } from "../../src/tensor/graph.ts";
import { INSTRUCTION_WORDS, Opcode } from "../../src/tensor/opcodes.ts";
import { add, mul, relu, tanh } from "../../src/tensor/ops/elementwise.ts";
import { matmul } from "../../src/tensor/ops/matmul.ts";
import { sum } from "../../src/tensor/ops/reduce.ts";
import { ProgramSlices, sliceEnds } from "../../src/tensor/programSlices.ts";
import { builds, numbers, seeded } from "./support.ts";

/** How many numbers are not the same bits. */
function differing(a: Float32Array, b: Float32Array): number {
  return a.reduce((count, value, i) => count + (Object.is(value, b[i]) ? 0 : 1), a.length === b.length ? 0 : 1);
}

let now = 1e9;

/** A clock by which it is always time to stop. */
function alwaysDue(): void {
  vi.spyOn(performance, "now").mockImplementation(() => {
    now += 1000;
    return now;
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

const [K, N] = [300, 70];
const random = seeded(3);
const some = numbers(random, 4099);
const values = (count: number) => new Float32Array(count).map((_, i) => some[i % some.length]);
const weights = constant(values(K * N), [K, N]);
const bias = constant(values(N), [N]);
const back = constant(values(N * K), [N, K]);
const narrow = constant(values(K * 3), [K, 3]);

const layers: Record<string, (x: Tensor) => Tensor> = {
  plain: (x) => matmul(x, weights),
  bias: (x) => add(matmul(x, weights), bias),
  tanh: (x) => tanh(add(matmul(x, weights), bias)),
  relu: (x) => relu(add(matmul(x, weights), bias)),
  "tanh, backwards": (x) => {
    const out = matmul(tanh(add(matmul(x, weights), bias)), back);
    return grad(sum(mul(out, out)), [x])[0];
  },
  "relu, backwards": (x) => {
    const out = matmul(relu(add(matmul(x, weights), bias)), back);
    return grad(sum(mul(out, out)), [x])[0];
  },
  "three columns": (x) => matmul(x, narrow),
};

describe.each(builds)("%s", (build) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ build });
  });

  function programOf(layer: (x: Tensor) => Tensor, rows: number) {
    return compile(engine, { outputs: { out: layer(input("x", [rows, K])) } });
  }

  test.each(Object.keys(layers))("a product of many rows is that of its parts: %s", (name) => {
    const [rows, part] = [name === "three columns" ? 30_000 : 1500, 500];
    const [whole, parts] = [programOf(layers[name], rows), programOf(layers[name], part)];
    expect(whole.instructionCount).toBeGreaterThan(parts.instructionCount);
    const x = values(rows * K);
    whole.input("x").set(x);
    whole.run();
    const found = whole.output("out");
    const width = found.length / rows;
    for (let first = 0; first < rows; first += part) {
      parts.input("x").set(x.subarray(first * K, (first + part) * K));
      parts.run();
      expect(differing(found.subarray(first * width, (first + part) * width), parts.output("out"))).toBe(0);
    }
  });

  test("a run that stops wherever it can gives the same bits, also with the memory moved at every stop", () => {
    const program = programOf(layers["tanh, backwards"], 1500);
    program.input("x").set(values(1500 * K));
    program.run();
    const expected = program.output("out").slice();
    program.output("out").fill(0);
    alwaysDue();
    let stops = 0;
    for (const _ of program.running()) {
      stops++;
      engine.allocate(1 << 16);
    }
    expect(stops).toBeGreaterThan(4);
    expect(differing(program.output("out"), expected)).toBe(0);
  });

  test("a run given up is begun anew by the next", () => {
    const program = programOf(layers["bias"], 1500);
    const x = values(1500 * K);
    program.input("x").set(x);
    alwaysDue();
    for (const _ of program.running()) break;
    program.input("x").fill(0);
    for (const _ of program.running());
    const out = program.output("out");
    expect(out.every((value, i) => value === bias.attributes.values![i % N])).toBe(true);
  });
});

test("slices hold at most a piece of work, or one instruction, and all of them in order", async () => {
  const engine = await createEngine();
  // Estimated at 4 ns a number.
  const counts = [1000, 1e6, 1e6, 10, 5e6, 10, 10, 1e6, 2e5, 2e5];
  const code = engine.allocate(counts.length * INSTRUCTION_WORDS, "i32");
  counts.forEach((count, i) => {
    intsOf(code).set([Opcode.unary, 0, 0, 0, count], i * INSTRUCTION_WORDS);
  });
  const ends = sliceEnds(code, counts.length);
  expect(ends).toEqual([2, 4, 5, 9, 10]);
  expect(PIECE).toBe(5e6);
  expect(sliceEnds(code, 0)).toEqual([]);

  alwaysDue();
  const ran: [number, number][] = [];
  const slices = new ProgramSlices(ends, (first, count) => ran.push([first, count]));
  expect([...slices]).toHaveLength(5);
  expect(ran).toEqual([
    [0, 2],
    [2, 2],
    [4, 1],
    [5, 4],
    [9, 1],
  ]);
  vi.restoreAllMocks();
  // A clock that stands still: nothing is due.
  vi.spyOn(performance, "now").mockImplementation(() => now);
  expect([...slices]).toHaveLength(0);
  expect(ran).toHaveLength(10);
});

test("small programs are one slice", async () => {
  const engine = await createEngine();
  const program = compile(engine, { outputs: { out: layers["tanh, backwards"](input("x", [64, K])) } });
  alwaysDue();
  expect([...program.running()]).toHaveLength(1);
});
