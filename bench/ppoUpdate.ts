/**
 * One PPO minibatch update (workloads/ppoMinibatch.ts) in microseconds, at three batch sizes, on both builds. With --peers the
 * same update runs in PyTorch (eager, with a fused Adam, and compiled besides) and in jax (one jitted call an update, and a hundred in
 * one scan), in turns with ours: peers, we, peers, we; the shorter time of each counts.
 *
 *   npm run bench -- ppoUpdate [--peers]      PYTHON names the interpreter that has torch, jax and optax
 */

import { createEngine } from "../src/tensor/engine.ts";
import { atLeast } from "./workloads/levels.ts";
import { type PeerTimes, peerTimes, shorter } from "./workloads/peers.ts";
import { makePpoMinibatch } from "./workloads/ppoMinibatch.ts";
import { bestMicroseconds, markdownTable } from "./workloads/timing.ts";

/** Rows of a minibatch, and how many times as long eager PyTorch is to take. */
const LEVELS = new Map([
  [64, 8],
  [256, 3],
  [2048, 1.2],
]);
const BATCHES = [...LEVELS.keys()];
const BUILDS = ["simd", "fma"] as const;

const engines = await Promise.all(BUILDS.map((build) => createEngine({ build })));

/** Microseconds by batch, then by build. */
function ownTimes(): number[][] {
  return BATCHES.map((batch) =>
    engines.map((engine) => bestMicroseconds(makePpoMinibatch(engine, batch).update, { rounds: 20, milliseconds: 50 })),
  );
}

const withPeers = process.argv.includes("--peers");
const firstPeers = withPeers ? peerTimes(BATCHES) : [];
let own = ownTimes();
let peers: PeerTimes[] = [];
if (withPeers) {
  peers = shorter(firstPeers, peerTimes(BATCHES));
  const again = ownTimes();
  own = own.map((times, i) => times.map((time, j) => Math.min(time, again[i][j])));
}

const forms = peers.flatMap(({ name, forms }) =>
  Object.entries(forms).map(([form, times]) => ({ name: `${name}, ${form}`, times })),
);
console.log("One PPO update, two 4-64-64 networks, one thread: µs, best of 20 rounds\n");
const rows = BATCHES.map((batch, i) => [
  String(batch),
  ...own[i].map((time) => time.toFixed(0)),
  ...forms.map(({ times }) => times[batch].toFixed(0)),
]);
console.log(markdownTable(["batch", ...BUILDS, ...forms.map(({ name }) => name)], rows));
if (withPeers) {
  console.log("\nTheir time divided by ours (the faster build); above 1 this is faster\n");
  const ratios = BATCHES.map((batch, i) => {
    const best = Math.min(...own[i]);
    const eager = forms.find(({ name }) => name.endsWith("eager"))!.times[batch];
    const cells = forms.map(({ times }) => `${(times[batch] / best).toFixed(2)}×`);
    return [String(batch), ...cells, atLeast(LEVELS.get(batch)!, eager / best, "×")];
  });
  console.log(markdownTable(["batch", ...forms.map(({ name }) => name), "level, eager"], ratios));
}
