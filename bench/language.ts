/**
 * A training step of a small GPT (workloads/gptStep.ts), on both builds, and what it needs of memory. With --peers the same step from
 * the same weights and tokens runs in PyTorch and jax, and in jax-js where JAX_JS names a folder with it, in turns with ours on
 * the same machine, one thread each; the shortest step of each counts, their losses are held against ours, and the table goes to
 * docs/results/language-speed.md. About five minutes on an idle machine.
 *
 *   npm run bench -- language [--peers]      PYTHON names the interpreter that has torch, jax and optax
 *   (npm install --prefix FOLDER @jax-js/jax@0.1.25, then JAX_JS=FOLDER)
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEngine } from "../src/tensor/engine.ts";
import { provenance } from "./results/provenance.ts";
import { type GptPeer, gptPeers } from "./workloads/gptPeers.ts";
import { type Activation, FLOP, makeGptStep, TOKENS, writeGiven } from "./workloads/gptStep.ts";
import { atLeast } from "./workloads/levels.ts";
import { markdownTable } from "./workloads/timing.ts";

const BUILDS = ["simd", "fma"] as const;
const ROUNDS = 12;
/** Of losses, relative: what float32 in another order of sums may differ by over five steps. */
const TOLERANCE = 1e-4;
const MEMORY_STEPS = 200;

/** How many times as fast as a peer this is to be. */
const LEVELS = new Map([
  ["jax, jit", 1.2],
  ["PyTorch, compiled", 0.4],
  ["jax-js, jit", 10],
]);

const withPeers = process.argv.includes("--peers");

interface Timed {
  name: string;
  milliseconds: number;
  losses: readonly number[];
}

/** The shortest of some steps, behind three that are not counted; and the losses of the first five. */
async function ownTimes(activation: Activation): Promise<Timed[]> {
  const timed: Timed[] = [];
  for (const build of BUILDS) {
    const { step } = makeGptStep(await createEngine({ build }), activation);
    const losses = [step(), step(), step()];
    let milliseconds = Number.POSITIVE_INFINITY;
    for (let round = 0; round < ROUNDS; round++) {
      const start = performance.now();
      losses.push(step());
      milliseconds = Math.min(milliseconds, performance.now() - start);
    }
    timed.push({ name: `Ascent, ${build}`, milliseconds, losses: losses.slice(0, 5) });
  }
  return timed;
}

function shortest(lists: readonly (readonly Timed[])[]): Timed[] {
  return lists[0].map((first, i) => ({
    ...first,
    milliseconds: Math.min(...lists.map((list) => list[i].milliseconds)),
  }));
}

function requireSameWork(all: readonly Timed[]): void {
  const [own] = all;
  for (const { name, losses } of all) {
    const differs = losses.findIndex((loss, i) => !(Math.abs(loss / own.losses[i] - 1) <= TOLERANCE));
    if (differs < 0) continue;
    throw new Error(
      `${name} computes something else: loss ${losses[differs]} at step ${differs}, not ${own.losses[differs]}.`,
    );
  }
}

/** MiB of a program and its engine, and by how much the engine and the heap grow over many steps. */
async function memory(): Promise<string> {
  const engine = await createEngine();
  const { program, step } = makeGptStep(engine, "gelu");
  for (let i = 0; i < 10; i++) step();
  const before = [engine.memory.buffer.byteLength, process.memoryUsage().rss];
  for (let i = 0; i < MEMORY_STEPS; i++) step();
  const grown = [engine.memory.buffer.byteLength, process.memoryUsage().rss].map((bytes, i) => bytes - before[i]);
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  return [
    `Intermediate results ${mib(program.arenaBytes)} MiB, the engine's memory ${mib(before[0])} MiB in all; over ${MEMORY_STEPS} steps`,
    `the engine grew by ${mib(grown[0])} MiB, the process by ${mib(grown[1])} MiB.`,
  ].join("\n");
}

async function measure(activation: Activation): Promise<{ own: Timed[]; peers: Timed[] }> {
  if (!withPeers) return { own: await ownTimes(activation), peers: [] };
  const folder = mkdtempSync(join(tmpdir(), "ascent-gpt-"));
  try {
    await writeGiven(folder, activation);
    const own = [await ownTimes(activation)];
    const peers: GptPeer[][] = [];
    for (let turn = 0; turn < 2; turn++) {
      peers.push(gptPeers(folder));
      own.push(await ownTimes(activation));
    }
    return { own: shortest(own), peers: shortest(peers) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A row for each form of the step, ours first. */
async function rowsOf(activation: Activation): Promise<string[][]> {
  const { own, peers } = await measure(activation);
  requireSameWork([...own, ...peers]);
  const best = Math.min(...own.map(({ milliseconds }) => milliseconds));
  return [...own, ...peers].map(({ name, milliseconds }) => {
    const level = [...LEVELS].find(([form]) => name.replace(/ [\d.]+\S*,/, ",") === form)?.[1];
    const ratio = milliseconds / best;
    return [
      name,
      milliseconds.toFixed(0),
      ((TOKENS / milliseconds) * 1000).toFixed(0),
      (FLOP / milliseconds / 1e6).toFixed(1),
      name.startsWith("Ascent") ? "" : `${ratio.toFixed(2)}×`,
      level === undefined ? "" : atLeast(level, ratio, "×"),
    ];
  });
}

const header = ["one thread", "ms a step", "tokens/s", "GFLOP/s", "their time / ours", "level"];
const text = [
  "# Speed of language models\n",
  "## A training step\n",
  "GPT of 818,048 parameters (GPT-2's layout, vocabulary 65, context 128, 4 layers, width 128, 4 heads), 16 × 128 tokens: forward,",
  "backward, global-norm clip, AdamW; 11.6 GFLOP with attention's whole squares counted. Best step of several, in turns.\n",
  "With the error function in the GELU, as PyTorch has it by itself:\n",
  markdownTable(header, await rowsOf("gelu")),
  "\nWith GPT-2's tanh in its place:\n",
  markdownTable(header, await rowsOf("geluTanh")),
  "\n## Memory of that step\n",
  await memory(),
  `\n${provenance(`npm run bench -- language${withPeers ? " --peers" : ""}`)}\n`,
].join("\n");
console.log(text);
if (withPeers) writeFileSync("docs/results/language-speed.md", text);
