/**
 * One PPO minibatch update (workloads/ppoMinibatch.ts) in microseconds, at three batch sizes, on both builds. With --pytorch it
 * also runs the same update in PyTorch, eager, one thread, and prints how many times as long that takes (PYTHON names the
 * interpreter; the default is /usr/bin/python3 with Debian's python3-torch).
 *
 *   npm run bench -- ppoUpdate [--pytorch]
 */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createEngine } from "../src/tensor/engine.ts";
import { atLeast } from "./workloads/levels.ts";
import { makePpoMinibatch } from "./workloads/ppoMinibatch.ts";
import { bestMicroseconds, markdownTable } from "./workloads/timing.ts";

/** Rows of a minibatch, and how many times as long PyTorch is to take. */
const LEVELS = new Map([
  [64, 8],
  [256, 3],
  [2048, 1.2],
]);
const BATCHES = [...LEVELS.keys()];
const SCRIPT = fileURLToPath(new URL("pytorch/ppo_update.py", import.meta.url));

function pytorch(): { version: string; microseconds: Record<string, number> } {
  const python = process.env["PYTHON"] ?? "/usr/bin/python3";
  const output = execFileSync(python, [SCRIPT, ...BATCHES.map(String)], { encoding: "utf8" });
  return JSON.parse(output) as ReturnType<typeof pytorch>;
}

const engines = await Promise.all((["simd", "fma"] as const).map((build) => createEngine({ build })));
const peer = process.argv.includes("--pytorch") ? pytorch() : undefined;
const rows = BATCHES.map((batch) => {
  const times = engines.map((engine) =>
    bestMicroseconds(makePpoMinibatch(engine, batch).update, { rounds: 20, milliseconds: 50 }),
  );
  const cells = [String(batch), ...times.map((time) => time.toFixed(0))];
  if (peer === undefined) return cells;
  const other = peer.microseconds[String(batch)];
  const ratios = times.map((time) => `${(other / time).toFixed(1)}×`);
  return [...cells, other.toFixed(0), ...ratios, atLeast(LEVELS.get(batch)!, other / Math.min(...times), "×")];
});
const header = ["batch", "simd", "fma"];
if (peer !== undefined) header.push(`PyTorch ${peer.version}`, "PyTorch / simd", "PyTorch / fma", "level");
console.log("One PPO update, two 4-64-64 networks, one thread: µs, best of 20 rounds\n");
console.log(markdownTable(header, rows));
