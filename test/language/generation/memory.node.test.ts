/** Generating leaves nothing behind: the engine's memory and the heap are as they were, over many calls. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { makeGenerator } from "../../../src/language/generation/generator.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { smallDescriptions } from "../model/smallDescriptions.ts";
import { livelyModel } from "./support.ts";

// `gc` without a command-line flag.
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

test("2,000 calls", async () => {
  const engine = await createEngine();
  const model = livelyModel(engine, { ...smallDescriptions["gpt2"], contextLength: 24 });
  const generator = makeGenerator(model, { rows: 9, promptLength: 16, maxNewTokens: 8, topP: 0.9, stopTokens: [0, 1] });
  let call = 0;
  const generate = () => {
    const count = 1 + (call % 20);
    const prompts = Array.from({ length: count }, (_, i) => new Array<number>(1 + ((3 * i + call) % 16)).fill(i % 11));
    generator.generate(prompts, { seed: 1, first: 20 * call++ });
  };
  // Every size of program is made by then.
  for (let i = 0; i < 200; i++) generate();
  collect();
  const [heap, bytes, inUse] = [process.memoryUsage().heapUsed, engine.memory.buffer.byteLength, engine.bytesInUse];
  for (let i = 0; i < 2000; i++) generate();
  collect();
  expect(engine.memory.buffer.byteLength).toBe(bytes);
  expect(engine.bytesInUse).toBe(inUse);
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(1_000_000);
});

test("where weights find no room twice, generating is as before", async () => {
  const description = { ...smallDescriptions["llama"], contextLength: 24 };
  const [roomy, full] = [await createEngine(), await createEngine()];
  // Never touched, so that the machine need not have it.
  full.allocate(2 ** 28);
  const [completions, others] = [roomy, full].map((engine) => {
    const model = livelyModel(engine, description);
    const generator = makeGenerator(model, { rows: 2, promptLength: 4, maxNewTokens: 9, stopTokens: [] });
    const before = engine.bytesInUse;
    const found = generator.generate([[1, 2, 3], [4]], { seed: 3 });
    return { found, bytes: engine.bytesInUse - before };
  });
  expect(others.found).toEqual(completions.found);
  expect(others.bytes).toBeLessThan(completions.bytes);
});
