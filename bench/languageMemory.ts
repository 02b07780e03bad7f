/**
 * Memory of every algorithm for language models over 2,000 iterations on the world of sentences: the engine's must not grow at
 * all, the JavaScript heap, after collection, not from the first quarter on. A child process for each, with the collector
 * exposed.
 */

import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { languageAlgorithms } from "../src/algorithms/language/languageRegistry.ts";
import { unpairPreferences } from "../src/language/data/rows.ts";
import { makeLanguageModel } from "../src/language/model/languageModel.ts";
import { sentenceWorld } from "../src/language/worlds/sentences.ts";
import { finish } from "../src/pauses.ts";
import { createEngine } from "../src/tensor/engine.ts";
import { provenance } from "./results/provenance.ts";

const ITERATIONS = 2000;
const QUARTERS = 4;
const [name] = process.argv.slice(2).filter((argument) => argument !== "--");
const ROWS = 64;

interface Memory {
  engine: number;
  heap: number;
}

if (name === undefined) await compareAll();
else console.log(JSON.stringify(await measured(name)));

async function measured(name: string): Promise<Memory[]> {
  const algorithm = languageAlgorithms[name];
  const world = sentenceWorld();
  const engine = await createEngine();
  const model = makeLanguageModel(engine, { ...world.model, head: algorithm.head }, { seed: 0 });
  const learner = finish(algorithm.making(material(name) as never, {}, ITERATIONS * ROWS));
  const found: Memory[] = [];
  for (let i = 1; i <= ITERATIONS; i++) {
    learner.iterate();
    if (i % (ITERATIONS / QUARTERS) !== 0) continue;
    globalThis.gc?.();
    found.push({ engine: engine.buffer.byteLength, heap: process.memoryUsage().heapUsed });
  }
  return found;

  function material(name: string) {
    const preferences = world.preferences?.(ROWS, 0) ?? [];
    const reward = (prompts: readonly (readonly number[])[], completions: readonly (readonly number[])[]) =>
      completions.map((completion, i) => world.reward(prompts[i], completion));
    const rows = {
      "prompt-completion": () => world.demonstrations(ROWS, 0),
      preference: () => preferences,
      unpaired: () => unpairPreferences(preferences),
      "prompt-only": () => world.prompts(ROWS, 0),
    }[languageAlgorithms[name].learnsFrom as "preference"]();
    return { model, rows, reward };
  }
}

async function compareAll(): Promise<void> {
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  const rows = Object.keys(languageAlgorithms).map((name) => {
    const args = ["--expose-gc", "scripts/run-ts.mjs", "bench/languageMemory.ts", name];
    const found: Memory[] = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" }).trim());
    const heap = found.map((at) => at.heap);
    const grown = (heap[QUARTERS - 1] - heap[0]) / 2 ** 20;
    const isFlat = found.every((at) => at.engine === found[0].engine) && grown < 1;
    const cells = [name, mebibytes(found[0].engine), heap.map(mebibytes).join(" / "), isFlat ? "flat" : "**grows**"];
    console.error(cells.join("  "));
    return `| ${cells.join(" | ")} |`;
  });
  const report = `# Memory of the algorithms for language models

${ITERATIONS.toLocaleString("en")} iterations on the world of sentences, one process each; MiB after garbage collection, at each quarter of the run. Flat: the engine's
memory does not change, and the heap grows by less than 1 MiB from the first quarter to the end.

| algorithm | engine | heap | |
|---|---|---|---|
${rows.join("\n")}

${provenance("npm run bench -- languageMemory")}
`;
  mkdirSync("docs/results", { recursive: true });
  writeFileSync("docs/results/language-memory.md", report);
  console.log(report);
}
