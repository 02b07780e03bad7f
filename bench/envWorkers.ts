/**
 * Environments in worker threads beside the same batch in one thread: what a step costs over the work itself, which is a slice's own
 * step in one thread, and how much faster the whole batch gets. In turns, one round of each after the other in one process, of which
 * the best counts. `npm run bench -- envWorkers [TEXT]`: only tasks whose id holds the text. Wants as many free cores as workers.
 */
import { availableParallelism } from "node:os";
import { type BatchedEnvironment, makeBatched, prepareEnvironment, sampleFlat } from "../src/envs/index.ts";
import { inWorkers } from "../src/node/index.ts";
import { RandomStream, streams } from "../src/random/index.ts";
import { atLeast, atMost } from "./workloads/levels.ts";
import { markdownTable } from "./workloads/timing.ts";

const ROUNDS = 30;
const ROUND_MS = 60;
const WORKERS = 2;
/** Microseconds over the work itself. */
const LATENCY = 30;
const PLANS = 64;

/** Environments, and the times one thread that are asked for. */
const tasks: readonly (readonly [id: string, count: number, level?: number])[] = [
  ["Pendulum-v1", 8],
  ["Pendulum-v1", 1024],
  ["HalfCheetah-v5", 8, 1.8],
  ["HalfCheetah-v5", 32],
];

function stepper(batch: BatchedEnvironment): () => number {
  const random = new RandomStream(0, streams.user);
  const plans = Array.from({ length: PLANS }, () => {
    const actions = new Float32Array(batch.count * batch.actionSize);
    for (let i = 0; i < batch.count; i++) sampleFlat(batch.actionSpace, random, actions, i * batch.actionSize);
    return actions;
  });
  batch.reset(0);
  let steps = 0;
  return () => {
    const begin = performance.now();
    let done = 0;
    do {
      batch.step(plans[steps++ % PLANS]);
      done++;
    } while (performance.now() - begin < ROUND_MS);
    return ((performance.now() - begin) / done) * 1000;
  };
}

function measure(id: string, count: number): number[] {
  const batches = [
    makeBatched(id, count),
    makeBatched(id, count / WORKERS),
    inWorkers(id, { workers: 1 }).make(count),
    inWorkers(id, { workers: WORKERS }).make(count),
  ];
  const steppers = batches.map(stepper);
  const best = batches.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [k, step] of steppers.entries()) best[k] = Math.min(best[k], step());
  }
  for (const batch of batches) batch.close?.();
  return best;
}

const rows: string[][] = [];
for (const [id, count, level] of tasks.filter(([name]) => name.includes(process.argv[2] ?? ""))) {
  await prepareEnvironment(id);
  const [whole, slice, one, several] = measure(id, count);
  rows.push([
    `${id} × ${count}`,
    ...[whole, one, several].map((time) => time.toFixed(1)),
    atMost(LATENCY, one - whole),
    (one - whole).toFixed(1),
    (several - slice).toFixed(1),
    (whole / several).toFixed(2),
    level === undefined ? "" : atLeast(level, whole / several, " ×"),
  ]);
}
const header = ["µs a step", "one thread", "1 worker", `${WORKERS} workers`, "level"];
const over = ["1 worker over the work", `${WORKERS} workers over a slice's`, "times one thread", "level"];
console.log(`${availableParallelism()} cores; best of ${ROUNDS} rounds of ${ROUND_MS} ms in turns\n`);
console.log(markdownTable([...header, ...over], rows));
