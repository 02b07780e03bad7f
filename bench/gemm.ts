/**
 * The matrix-product kernel in GFLOP/s on cubes, plain and with either side transposed, on both builds, beside what its
 * micro-kernel reaches on a product that stays in the first-level cache, and held against a level in GFLOP/s.
 *
 *   npm run bench -- gemm
 */

import { createEngine, type Engine, floatsOf } from "../src/tensor/engine.ts";
import { atLeast } from "./workloads/levels.ts";
import { bestMicroseconds, markdownTable } from "./workloads/timing.ts";

const SIZES = [64, 96, 128, 256, 512];
/** 80 % of what a hand-written kernel of each build reached on a 2.5 GHz machine. */
const LEVELS = { simd: 0.8 * 17, fma: 0.8 * 28 };
const KINDS = [
  ["NN", 0, 0],
  ["NT", 0, 1],
  ["TN", 1, 0],
] as const;

function product(engine: Engine, m: number, n: number, k: number, transposeA: number, transposeB: number): number {
  const [a, b, c] = [engine.allocate(m * k), engine.allocate(k * n), engine.allocate(m * n)];
  const scratch = engine.allocate(engine.kernels.gemmScratchBytes(n, k) / 4);
  floatsOf(a).forEach((_, i, all) => {
    all[i] = (i % 17) / 17 - 0.5;
  });
  floatsOf(b).forEach((_, i, all) => {
    all[i] = (i % 13) / 13 - 0.5;
  });
  const { gemm } = engine.kernels;
  const run = () => gemm(a.pointer, b.pointer, c.pointer, m, n, k, transposeA, transposeB, 0, 0, scratch.pointer);
  return (2 * m * n * k) / bestMicroseconds(run) / 1000;
}

const rows: string[][] = [];
for (const build of ["simd", "fma"] as const) {
  const engine = await createEngine({ build });
  // A 16 kB, B 8 kB, C 512 B: nothing leaves the first-level cache and nothing is copied.
  const ceiling = () => product(engine, 16, 8, 256, 0, 0);
  const before = Math.max(ceiling(), ceiling());
  const cells = SIZES.map((n) =>
    KINDS.map(([, transposeA, transposeB]) => product(engine, n, n, n, transposeA, transposeB)),
  );
  const peak = Math.max(before, ceiling(), ceiling());
  cells.forEach((speeds, i) => {
    const shown = speeds.map((speed) => `${speed.toFixed(1)} (${Math.round((100 * speed) / peak)} %)`);
    const level = atLeast(Number(LEVELS[build].toFixed(1)), Math.min(...speeds));
    rows.push([`${build}, ${SIZES[i]}³`, ...shown, peak.toFixed(1), level]);
  });
}
console.log("GFLOP/s, one thread, and the share of the micro-kernel's ceiling in the same run\n");
console.log(markdownTable(["build, size", ...KINDS.map(([name]) => name), "ceiling", "level"], rows));
