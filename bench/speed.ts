/**
 * `npm run bench -- speed`: everything the project claims about its speed, measured on this machine in one go, and written
 * to docs/results/speed.md. The parts are the other benchmarks of this folder; `--peers` compares updates with PyTorch
 * and jax in the same run, with the Python that PYTHON names. Run it on an otherwise idle machine.
 */

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { provenance } from "./results/provenance.ts";
import { atMost } from "./workloads/levels.ts";

const peers = process.argv.includes("--peers");
const run = (file: string, ...args: string[]) =>
  execFileSync(process.execPath, ["scripts/run-ts.mjs", file, ...args], { encoding: "utf8" }).trim();

/** Milliseconds from typing the command to the first row of figures in progress.csv, and to the end; best of five each. */
async function start(): Promise<{ firstRow: number; whole: number }> {
  const command = "dist/cli/main.js";
  if (!existsSync(command)) throw new Error(`${command} does not exist: run npm run build first.`);
  const folder = mkdtempSync(join(tmpdir(), "ascent-speed-"));
  const best = { firstRow: Number.POSITIVE_INFINITY, whole: Number.POSITIVE_INFINITY };
  for (let i = 0; i < 5; i++) {
    const out = join(folder, `${i}`);
    const job = ["train", "ppo", "--env", "CartPole-v1", "--steps", "256", "--eval-episodes", "1", "--quiet"];
    const begin = performance.now();
    const child = spawn(process.execPath, [command, ...job, "--out", out], { stdio: "inherit" });
    let firstRow: number | undefined;
    const timer = setInterval(() => {
      if (firstRow === undefined && rowsOf(join(out, "progress.csv")) > 0) firstRow = performance.now() - begin;
    }, 2);
    const code = await new Promise((resolve) => child.once("close", resolve));
    clearInterval(timer);
    if (code !== 0) throw new Error(`ascent train ended with code ${code}`);
    const whole = performance.now() - begin;
    best.firstRow = Math.min(best.firstRow, firstRow ?? whole);
    best.whole = Math.min(best.whole, whole);
  }
  rmSync(folder, { recursive: true });
  return best;
}

/** Rows below the header of a table that may not be there yet. */
function rowsOf(file: string): number {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 2 : 0;
}

const { firstRow, whole } = await start();
const sections: [title: string, text: string][] = [
  ["Whole training on CartPole-v1, one thread", run("bench/training.ts")],
  ["One PPO minibatch update", run("bench/ppoUpdate.ts", ...(peers ? ["--peers"] : []))],
  ["Sampling from a language model", run("bench/generation.ts", ...(peers ? ["--peers"] : []))],
  ["Matrix kernel", run("bench/gemm.ts")],
  ["Environments alone", run("bench/envs.ts")],
  ["TRPO", run("bench/trpo.ts")],
  ["Memory over 3 million CartPole steps", run("bench/memory.ts")],
  [
    "Start",
    [
      `From the command to the first row of figures: ${firstRow.toFixed(0)} ms (${atMost(1500, firstRow)}).`,
      `To the end of a run of one update, with one evaluation episode and all files written: ${whole.toFixed(0)} ms. Best of 5.`,
    ].join("\n"),
  ],
];
const others = [
  "Whole CartPole training of others in env-steps/s, one thread, as measured for this project on a 2.5 GHz 2-core machine (zoo",
  "settings / CleanRL settings): Stable-Baselines3 2,000–2,300 / –, CleanRL – / 2,500–2,900, PureJaxRL after compiling 29,700 / 92,000;",
  "TRPO of sb3-contrib 1,700.",
].join("\n");
const body = sections.map(([title, text]) => `## ${title}\n\n${text}\n`).join("\n");
const text = `# Speed\n\n${body}\n## Training elsewhere\n\n${others}\n\n${provenance(`npm run bench -- speed${peers ? " --peers" : ""}`)}\n`;
writeFileSync("docs/results/speed.md", text);
console.log(text);
