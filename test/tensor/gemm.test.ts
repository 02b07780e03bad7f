/** The matrix-product kernel on all small sizes and odd larger ones, all transposes and epilogues, against float64 loops. */

import { beforeAll, describe, expect, test } from "vitest";
import { type Engine, floatsOf, type Region } from "../../src/tensor/engine.ts";
import { Epilogue } from "../../src/tensor/opcodes.ts";
import { bothEngines, numbers, seeded } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

interface Product {
  m: number;
  n: number;
  k: number;
  transposeA: boolean;
  transposeB: boolean;
  epilogue: number;
}

/** Numbers of scratch that the largest product here needs. */
const SCRATCH = 60_000;
const GUARD = 16;

/** Memory for the largest product, with canaries behind C and behind the scratch that must stay as they are. */
class Bench {
  readonly engine: Engine;
  readonly a: Region;
  readonly b: Region;
  readonly c: Region;
  readonly aux: Region;
  readonly scratch: Region;

  constructor(engine: Engine, size: number) {
    this.engine = engine;
    this.a = engine.allocate(size);
    this.b = engine.allocate(size);
    this.c = engine.allocate(size + 16);
    this.aux = engine.allocate(size);
    this.scratch = engine.allocate(SCRATCH + GUARD);
  }

  run({ m, n, k, transposeA, transposeB, epilogue }: Product, a: number[], b: number[], aux: number[]): Float32Array {
    floatsOf(this.a).set(a);
    floatsOf(this.b).set(b);
    floatsOf(this.aux).set(aux);
    const c = floatsOf(this.c);
    c.fill(12345, 0, m * n + 16);
    // Programs give a product exactly this much, with other data behind it.
    const scratch = this.engine.kernels.gemmScratchBytes(n, k) / 4;
    floatsOf(this.scratch).fill(12345, scratch, scratch + GUARD);
    this.engine.kernels.gemm(
      this.a.pointer,
      this.b.pointer,
      this.c.pointer,
      m,
      n,
      k,
      transposeA ? 1 : 0,
      transposeB ? 1 : 0,
      epilogue,
      this.aux.pointer,
      this.scratch.pointer,
    );
    expect(
      c.subarray(m * n, m * n + 16).every((v) => v === 12345),
      `${m}×${n}×${k}: writes past the end`,
    ).toBe(true);
    const behind = floatsOf(this.scratch).subarray(scratch, scratch + GUARD);
    expect(
      behind.every((v) => v === 12345),
      `${m}×${n}×${k}: writes past its scratch`,
    ).toBe(true);
    return c.slice(0, m * n);
  }
}

const finish: { readonly [epilogue: number]: (value: number, aux: number) => number } = {
  [Epilogue.none]: (value) => value,
  [Epilogue.bias]: (value, bias) => value + bias,
  [Epilogue.biasTanh]: (value, bias) => Math.tanh(value + bias),
  [Epilogue.biasRelu]: (value, bias) => Math.max(value + bias, 0),
  [Epilogue.tanhGrad]: (value, y) => value * (1 - y * y),
  [Epilogue.reluGrad]: (value, y) => (y > 0 ? value : 0),
};

function expected({ m, n, k, transposeA, transposeB, epilogue }: Product, a: number[], b: number[], aux: number[]) {
  const out = new Float64Array(m * n);
  const perElement = epilogue >= Epilogue.tanhGrad;
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let l = 0; l < k; l++)
        total += a[transposeA ? l * m + i : i * k + l] * b[transposeB ? j * k + l : l * n + j];
      out[i * n + j] = finish[epilogue](total, aux[perElement ? i * n + j : j]);
    }
  }
  return out;
}

function check(benches: readonly Bench[], product: Product, seed: number): void {
  const { m, n, k } = product;
  const random = seeded(seed);
  const [a, b, aux] = [numbers(random, m * k, -1, 1), numbers(random, k * n, -1, 1), numbers(random, m * n, -1, 1)];
  const wanted = expected(product, a, b, aux);
  // Rounding errors of a sum of k products of size below 1, k roundings at most.
  const bound = 2 ** -24 * (4 + 2 * k);
  for (const bench of benches) {
    const got = bench.run(product, a, b, aux);
    const at = got.findIndex((value, i) => !(Math.abs(value - wanted[i]) <= bound));
    if (at >= 0) {
      expect.fail(`${bench.engine.build}, ${JSON.stringify(product)}: position ${at} is ${got[at]}, not ${wanted[at]}`);
    }
  }
}

const epilogues = Object.values(Epilogue);
const flags = [false, true];

test("all sizes from 1 to 20 in every direction, epilogues and transposes in turn", () => {
  const benches = engines.map((engine) => new Bench(engine, 400));
  let turn = 0;
  for (let m = 1; m <= 20; m++) {
    for (let n = 1; n <= 20; n++) {
      for (let k = 1; k <= 20; k++) {
        turn++;
        const transposeA = turn % 2 === 1;
        const transposeB = Math.floor(turn / 2) % 2 === 1;
        // Period 24: every transpose meets every epilogue at every m and n.
        check(benches, { m, n, k, transposeA, transposeB, epilogue: Math.floor(turn / 4) % 6 }, turn % 97);
      }
    }
  }
});

describe("odd larger sizes with every transpose and epilogue", () => {
  const sizes = [
    [33, 65, 129],
    [4, 8, 257],
    [65, 7, 300],
    [1, 64, 512],
    [130, 2, 64],
    [64, 72, 5],
    [9, 73, 256],
    [67, 34, 513],
  ];
  for (const [m, n, k] of sizes) {
    test(`${m} × ${n} × ${k}`, () => {
      const benches = engines.map((engine) => new Bench(engine, 67 * 513));
      for (const transposeA of flags) {
        for (const transposeB of flags) {
          for (const epilogue of epilogues) check(benches, { m, n, k, transposeA, transposeB, epilogue }, m + epilogue);
        }
      }
    });
  }

  test("64 × 300 × 513", () => {
    const benches = engines.map((engine) => new Bench(engine, 513 * 300));
    for (const transposeA of flags) {
      const epilogue = transposeA ? Epilogue.biasTanh : Epilogue.tanhGrad;
      check(benches, { m: 64, n: 300, k: 513, transposeA, transposeB: !transposeA, epilogue }, 3);
      check(benches, { m: 64, n: 300, k: 513, transposeA, transposeB: transposeA, epilogue }, 4);
    }
  });
});

test("a row's result has the same bits whatever batch it is in", () => {
  for (const engine of engines) {
    const bench = new Bench(engine, 70 * 300);
    for (const [n, k] of [
      [64, 4],
      [1, 65],
      [2, 64],
      [3, 7],
      [4, 66],
      [9, 300],
      [70, 70],
    ]) {
      const random = seeded(n);
      const [a, b, aux] = [numbers(random, 70 * k), numbers(random, k * n), numbers(random, n)];
      for (const epilogue of [Epilogue.none, Epilogue.bias, Epilogue.biasTanh]) {
        const shape = { n, k, transposeA: false, transposeB: false, epilogue };
        const whole = bench.run({ m: 70, ...shape }, a, b, aux);
        for (const row of [0, 3, 65, 69]) {
          const alone = bench.run({ m: 1, ...shape }, a.slice(row * k, (row + 1) * k), b, aux);
          expect([...alone]).toEqual([...whole.subarray(row * n, (row + 1) * n)]);
        }
      }
    }
  }
});

test("NaN and infinities go through a product and its epilogues", () => {
  for (const engine of engines) {
    const bench = new Bench(engine, 400);
    const shape = { m: 5, n: 9, k: 3, transposeA: false, transposeB: false };
    const a = new Array<number>(15).fill(1).with(4, NaN).with(7, Infinity);
    for (const epilogue of [Epilogue.none, Epilogue.bias, Epilogue.biasTanh, Epilogue.biasRelu]) {
      const got = bench.run({ ...shape, epilogue }, a, new Array<number>(27).fill(1), new Array<number>(9).fill(0));
      expect([...got.subarray(9, 18)].every(Number.isNaN)).toBe(true);
      expect([...got.subarray(18, 27)]).toEqual(new Array(9).fill(epilogue === Epilogue.biasTanh ? 1 : Infinity));
      expect([...got.subarray(0, 9)].every(Number.isFinite)).toBe(true);
    }
  }
});
