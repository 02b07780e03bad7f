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
