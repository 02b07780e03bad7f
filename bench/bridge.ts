/**
 * Environments of Gymnasium over the bridge beside Gymnasium's own vector environments, in turns: environment steps per second with
 * random actions, of each the best of stretches of 64 steps. ASCENT_PYTHON names a Python with Gymnasium.
 * `npm run bench -- bridge [ID]`; CartPole-v1 by default.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { sampleFlat } from "../src/envs/index.ts";
import { gymnasiumEnvironment } from "../src/node/index.ts";
import { RandomStream, streams } from "../src/random/index.ts";
import { markdownTable } from "./workloads/timing.ts";

const COUNTS = [1, 4, 8, 16];
const STRETCH = 64;
const ROUNDS = 2;
const SECONDS = 0.7;
const id = process.argv[2] ?? "CartPole-v1";
const python = process.env["ASCENT_PYTHON"] ?? "python3";
const peer = fileURLToPath(new URL("./peers/gymnasium_vector.py", import.meta.url));

function bridgeSpeed(count: number): number {
  const batch = gymnasiumEnvironment(id, { python }).make(count);
  const random = new RandomStream(0, streams.user);
  const actions = Array.from({ length: STRETCH }, () => {
    const row = new Float32Array(count * batch.actionSize);
    for (let i = 0; i < count; i++) sampleFlat(batch.actionSpace, random, row, i * batch.actionSize);
    return row;
  });
  batch.reset(0);
  let best = 0;
  for (const end = performance.now() + 1000 * SECONDS; performance.now() < end; ) {
    const start = performance.now();
    for (const row of actions) batch.step(row);
    best = Math.max(best, (STRETCH * count * 1000) / (performance.now() - start));
  }
  batch.close?.();
  return best;
}

const rows: string[][] = [];
for (const count of COUNTS) {
  let bridge = 0;
  let asynchronous = 0;
  let synchronous = 0;
  for (let round = 0; round < ROUNDS; round++) {
    bridge = Math.max(bridge, bridgeSpeed(count));
    const said = JSON.parse(
      execFileSync(python, [peer, id, String(count), String(SECONDS)], { encoding: "utf8" }),
    ) as Record<"AsyncVectorEnv" | "SyncVectorEnv", number>;
    asynchronous = Math.max(asynchronous, said.AsyncVectorEnv);
    synchronous = Math.max(synchronous, said.SyncVectorEnv);
  }
  const figures = [bridge, asynchronous, synchronous].map((x) => Math.round(x).toLocaleString("en"));
  rows.push([String(count), ...figures, (bridge / asynchronous).toFixed(2)]);
}
const head = ["environments", "bridge, steps/s", "AsyncVectorEnv", "SyncVectorEnv", "bridge ÷ async"];
process.stdout.write(`${id}\n\n${markdownTable(head, rows)}\n`);
