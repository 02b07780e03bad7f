/**
 * The same bits in every Node: whole runs of the command line, in both kernel builds, under several versions, and the hashes
 * of the files they leave, which must be equal.
 *
 *   npm run test:nodes [-- VERSION …]      default: the oldest supported, the long-term ones, and the newest npm has
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folderOfNode } from "./other-node.mjs";
import { root, setUp } from "./setup.mjs";

const VERSIONS = ["20.19.0", "22", "24", "latest"];
const RUNS = [
  ["ppo", "--env", "CartPole-v1", "--steps", "20000"],
  ["ppo", "--env", "CartPoleNoVelocity-v1", "--steps", "4096"],
  ["trpo", "--env", "Pendulum-v1", "--steps", "20000"],
  ["reinforce", "--env", "CartPole-v1", "--steps", "20000"],
];
const FILES = ["policy.safetensors", "progress.csv"];

/** The hashes of what one run leaves, under the Node at `executable`. */
function hashesOf(executable, run, kernels) {
  const folder = mkdtempSync(join(tmpdir(), "ascent-nodes-"));
  try {
    const args = [
      "train",
      ...run,
      "--kernels",
      kernels,
      "--eval-episodes",
      "5",
      "--quiet",
      "--out",
      join(folder, "run"),
    ];
    const { status } = spawnSync(executable, [join(root, "dist/cli/main.js"), ...args], { stdio: ["ignore", 1, 2] });
    if (status !== 0) return [`ended with code ${status}`];
    return FILES.map((file) => {
      const content = readFileSync(join(folder, "run", file));
      return `${file} ${createHash("sha256").update(content).digest("hex").slice(0, 12)}`;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

setUp();
const asked = process.argv.slice(2);
const nodes = (asked.length > 0 ? asked : VERSIONS).map((version) => {
  const executable = join(folderOfNode(version), process.platform === "win32" ? "node.exe" : "node");
  const name = spawnSync(executable, ["--version"], { encoding: "utf8" }).stdout.trim();
  return { name, executable };
});
let differing = 0;
for (const run of RUNS) {
  for (const kernels of ["simd", "fma"]) {
    const results = nodes.map(({ executable }) => hashesOf(executable, run, kernels).join(", "));
    const equal = results.every((result) => result === results[0]) && !results[0].startsWith("ended");
    const names = nodes.map(({ name }) => name).join(", ");
    console.log(`${equal ? "equal" : "DIFFERENT"}: ${run[0]} ${run[2]}, ${kernels}: ${results[0]} (${names})`);
    if (equal) continue;
    differing++;
    for (const [i, { name }] of nodes.entries()) console.log(`  ${name}: ${results[i]}`);
  }
}
process.exitCode = differing === 0 ? 0 : 1;
