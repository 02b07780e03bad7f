/**
 * Tokens a second sampled from a small GPT with the cache: prompts of 16 tokens, 100 new ones each, one thread, one row and 64.
 * With `--peers` Transformers' `generate` does the same in turns with it, with the Python that PYTHON names, and docs/results/generation.md
 * is written. Best of the turns.
 *
 *   npm run bench -- generation [--peers]
 */

import { writeFileSync } from "node:fs";
import { makeGenerator } from "../src/language/generation/generator.ts";
import { makeLanguageModel } from "../src/language/model/languageModel.ts";
import { RandomStream, streams } from "../src/random/index.ts";
import { createEngine } from "../src/tensor/engine.ts";
import { provenance } from "./results/provenance.ts";
import { atLeast } from "./workloads/levels.ts";
import { smallGpt } from "./workloads/smallGpt.ts";
import { markdownTable } from "./workloads/timing.ts";
import { turnTaker } from "./workloads/turns.ts";

const PROMPT = 16;
const NEW = 100;
const BATCHES = [
  { rows: 1, turns: 15, ratio: 10, level: 2080 },
  { rows: 64, turns: 8, ratio: 3, level: 13_650 },
];

const peer = process.argv.includes("--peers") ? await turnTaker("generate_transformers.py") : undefined;
const engine = await createEngine();
const model = makeLanguageModel(engine, smallGpt, { seed: 0 });
const random = new RandomStream(0, streams.user);
const table: string[][] = [];
for (const { rows, turns, ratio, level } of BATCHES) {
  const generator = makeGenerator(model, { rows, promptLength: PROMPT, maxNewTokens: NEW, stopTokens: [] });
  let [own, other] = [Infinity, Infinity];
  for (let turn = 0; turn < turns; turn++) {
    const prompts = Array.from({ length: rows }, () => Array.from({ length: PROMPT }, () => random.integer(65)));
    const begin = performance.now();
    generator.generate(prompts, { seed: turn });
    own = Math.min(own, (performance.now() - begin) / 1000);
    if (peer !== undefined) other = Math.min(other, await peer.turn(String(rows)));
  }
  const tokens = rows * NEW;
  const speed = (seconds: number) => Math.round(tokens / seconds).toLocaleString("en");
  const cells =
    peer === undefined
      ? [atLeast(level, tokens / own)]
      : [speed(other), `${(other / own).toFixed(1)} ×`, atLeast(ratio, other / own, " ×")];
  table.push([String(rows), speed(own), ...cells]);
}
peer?.end();
const others = peer === undefined ? [] : [peer.name, "ratio"];
const text = `Tokens a second, one thread; ${PROMPT} tokens of prompt, ${NEW} sampled; kernels ${engine.build}; best of the turns, taken in turns.

${markdownTable(["rows", "Ascent", ...others, "level"], table)}
`;
console.log(text);
if (peer !== undefined) {
  const page = `# Sampling from a language model\n\nA GPT of 818 thousand parameters with random weights (vocabulary 65, context 128, 4 layers, width 128).\n\n${text}`;
  writeFileSync(
    "docs/results/generation.md",
    `${page}\n${provenance("PYTHON=… npm run bench -- generation --peers")}\n`,
  );
}
