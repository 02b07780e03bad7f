/** Running allocates nothing: neither on the JavaScript heap nor in linear memory, over many runs. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { clipScale, GradientNorms, norm } from "../../src/tensor/gradientNorms.ts";
import { input, parameter } from "../../src/tensor/graph.ts";
import {
  add,
  causalAttention,
  crossEntropy,
  gatherRows,
  geluTanh,
  layerNorm,
  logSoftmax,
  matmul,
  mean,
  randomKey,
  randomNormal,
  reshape,
  tanh,
} from "../../src/tensor/ops/index.ts";
import { Optimiser } from "../../src/tensor/optimisers.ts";
import { flatLayout, ParameterBlock } from "../../src/tensor/parameters.ts";

// `gc` without a command-line flag.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

async function smallTraining() {
  const engine = await createEngine({ build: "simd" });
  const [x, w, b] = [input("x", [2, 3]), parameter("w", [3, 4]), parameter("b", [4])];
  const block = new ParameterBlock(engine, [w, b]);
  const key = randomKey();
  const loss = mean(logSoftmax(add(tanh(add(matmul(x, w), b)), randomNormal(key, [2, 4]))));
  const outputs = { loss, gradient: grad(loss, block.tensors) };
  const program = compile(engine, { outputs, parameters: [block] });
  const gradient = program.outputRegion("gradient");
  const optimiser = new Optimiser(engine, block.region, { kind: "adam" });
  const parts = block.tensors.map((tensor) => flatLayout([tensor]).length);
  const byParts = new Optimiser(engine, block.region, { kind: "adam" }, parts);
  const norms = new GradientNorms(
    parts,
    parts.map(() => 0.5),
  );
  let step = 0;
  return {
    engine,
    program,
    optimiser,
    gradient,
    stepByParts(): void {
      norms.measure(gradient);
      byParts.step(gradient, 1e-3, norms.scales);
    },
    update(): void {
      program.input("x")[0] = step % 3;
      program.inputInts("randomKey")[3] = step++;
      program.run();
      program.requireFinite("Training");
      optimiser.step(gradient, -1e-3, clipScale(norm(gradient), 0.5));
    },
  };
}

test("200,000 updates leave the heap and the linear memory as they were", async () => {
  const { engine, update } = await smallTraining();
  for (let i = 0; i < 20_000; i++) update();
  collect();
  const [heap, bytes, inUse] = [process.memoryUsage().heapUsed, engine.memory.buffer.byteLength, engine.bytesInUse];
  for (let i = 0; i < 200_000; i++) update();
  collect();
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(100_000);
  expect(engine.memory.buffer.byteLength).toBe(bytes);
  expect(engine.bytesInUse).toBe(inUse);
});

/** One layer of a transformer that learns to tell each token's next. */
async function transformerTraining() {
  const engine = await createEngine({ build: "simd" });
  const [tokens, targets] = [input("tokens", [12], "i32"), input("targets", [12], "i32")];
  const table = parameter("table", [5, 8]);
  const [weight, bias] = [parameter("weight", [8]), parameter("bias", [8])];
  const [inner, outer] = [parameter("inner", [8, 24]), parameter("outer", [8, 8])];
  const x = gatherRows(table, tokens);
  const sides = reshape(matmul(layerNorm(x, weight, bias, 1e-5), inner), [2, 6, 24]);
  const found = reshape(causalAttention(sides, { heads: 2 }), [12, 8]);
  const hidden = add(x, geluTanh(matmul(found, outer)));
  const loss = mean(crossEntropy(matmul(hidden, table, { transposeB: true }), targets));
  const block = new ParameterBlock(engine, [table, weight, bias, inner, outer]);
  block.flat().forEach((_, i, all) => {
    all[i] = Math.sin(i);
  });
  const program = compile(engine, { outputs: { loss, gradient: grad(loss, block.tensors) }, parameters: [block] });
  const gradient = program.outputRegion("gradient");
  const optimiser = new Optimiser(engine, block.region, { kind: "adamw" });
  for (let i = 0; i < 12; i++) {
    program.inputInts("tokens")[i] = i % 5;
    program.inputInts("targets")[i] = (i + 1) % 5;
  }
  return {
    engine,
    update(): number {
      program.run();
      optimiser.step(gradient, 1e-2, clipScale(norm(gradient), 1));
      return program.scalar("loss");
    },
  };
}

test("a transformer's updates leave the heap and the linear memory as they were, and learn", async () => {
  const { engine, update } = await transformerTraining();
  const first = update();
  for (let i = 0; i < 3000; i++) update();
  collect();
  const [heap, bytes, inUse] = [process.memoryUsage().heapUsed, engine.memory.buffer.byteLength, engine.bytesInUse];
  for (let i = 0; i < 20_000; i++) update();
  collect();
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(100_000);
  expect(engine.memory.buffer.byteLength).toBe(bytes);
  expect(engine.bytesInUse).toBe(inUse);
  expect(update()).toBeLessThan(first / 100);
});

/**
 * Bytes of garbage that each call makes once it is compiled: the least of several rounds, for what the process does beside
 * them can only add.
 */
function garbageOf(action: () => void): number {
  const count = 20_000;
  for (let i = 0; i < 30_000; i++) action();
  const rounds = Array.from({ length: 6 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < count; i++) action();
    return (process.memoryUsage().heapUsed - before) / count;
  });
  return Math.min(...rounds);
}

test("running, checking and writing inputs make no garbage", async () => {
  const { program, optimiser, gradient, stepByParts } = await smallTraining();
  // The smallest object has 12 bytes; what the process does besides is spread over 20,000 calls.
  expect(garbageOf(() => program.run())).toBeLessThan(12);
  expect(garbageOf(() => program.requireFinite("Training"))).toBeLessThan(12);
  const write = () => {
    program.input("x")[0] = 1;
  };
  expect(garbageOf(write)).toBeLessThan(12);
  // Here V8 may box the numbers that are handed over.
  expect(garbageOf(() => optimiser.step(gradient, 1e-3, clipScale(norm(gradient), 0.5)))).toBeLessThan(100);
  expect(garbageOf(stepByParts)).toBeLessThan(200);
});
