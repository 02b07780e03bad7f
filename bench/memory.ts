/**
 * Resident memory of `ascent train` over three million CartPole steps: it must be flat after warm-up. Reads /proc, so Linux
 * only; needs `npm run build` first.
 */

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { atMost } from "./workloads/levels.ts";

const folder = mkdtempSync(join(tmpdir(), "ascent-memory-"));
const cheap = ["nSteps=128", "nEpochs=4", "annealSteps=3000000"].flatMap((setting) => ["--set", setting]);
const job = ["train", "ppo", "--env", "CartPole-v1", "--steps", "3000000", "--quiet", ...cheap];
const child = spawn(process.execPath, ["dist/cli/main.js", ...job, "--out", join(folder, "run")], { stdio: "inherit" });
const read = (field: string) => {
  const line = readFileSync(`/proc/${child.pid}/status`, "utf8").match(new RegExp(`${field}:\\s+(\\d+) kB`));
  return Number(line?.[1] ?? Number.NaN) / 1024;
};
const resident: number[] = [];
let peak = 0;
const timer = setInterval(() => {
  try {
    resident.push(read("VmRSS"));
    peak = Math.max(peak, read("VmHWM"));
  } catch {
    // Between the end of the process and its "close" there is nothing to read.
  }
}, 250);
const code = await new Promise((resolve) => child.once("close", resolve));
clearInterval(timer);
rmSync(folder, { recursive: true });
if (code !== 0) throw new Error(`ascent train ended with code ${code}`);
const at = (share: number) => resident[Math.floor(share * (resident.length - 1))].toFixed(0);
console.log(
  `Resident MiB of \`ascent train ppo\` at 5 / 25 / 50 / 75 / 99 % of the run: ${[0.05, 0.25, 0.5, 0.75, 0.99].map(at).join(" / ")}; peak ${peak.toFixed(0)} (${atMost(250, peak)}).`,
);
