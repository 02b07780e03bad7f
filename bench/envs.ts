/**
 * Prints how many environment steps a second each built-in classic-control task makes on one thread, 1024 environments
 * at a time, with random actions drawn beforehand and autoreset included.
 */
import { flatSize, listEnvironments, sampleFlat } from "../src/envs/index.ts";
import { RandomStream, streams } from "../src/random/index.ts";
import { atLeast } from "./workloads/levels.ts";
import { markdownTable } from "./workloads/timing.ts";

const COUNT = 1024;
const PLANS = 64;
const SECONDS = 1.2;
const REPEATS = 6;
/** Millions a second; the others have none. */
const LEVELS: Readonly<Record<string, number>> = { "CartPole-v1": 20 };

function stepsPerSecond(id: string): number {
  const environment = listEnvironments()
    .find((spec) => spec.id === id)!
    .make(COUNT);
  const random = new RandomStream(0, streams.user);
  const size = flatSize(environment.actionSpace);
  const plans = Array.from({ length: PLANS }, () => {
    const actions = new Float32Array(COUNT * size);
    for (let i = 0; i < COUNT; i++) sampleFlat(environment.actionSpace, random, actions, i * size);
    return actions;
  });
  environment.reset(0);
  let best = 0;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const begin = performance.now();
    let rounds = 0;
    do {
      for (const actions of plans) environment.step(actions);
      rounds += PLANS;
    } while (performance.now() - begin < (SECONDS / REPEATS) * 1000);
    best = Math.max(best, (rounds * COUNT * 1000) / (performance.now() - begin));
  }
  return best;
}

/** Random actions drawn beforehand do not suit masks. */
const unmasked = listEnvironments().filter(
  (spec) => spec.prepare === undefined && spec.make(1).actionMasks === undefined,
);

// Twice: the second pass runs after the shared loop has seen every task.
const passes = [0, 1].map(() => unmasked.map(({ id }) => stepsPerSecond(id) / 1e6));
const rows = unmasked.map(({ id }, i) => {
  const slower = Math.min(passes[0][i], passes[1][i]);
  const level = LEVELS[id] === undefined ? "" : atLeast(LEVELS[id], slower);
  return [id, ...passes.map((pass) => pass[i].toFixed(1)), level];
});
console.log(
  `Millions of environment steps a second, ${COUNT} environments, one thread, best of ${REPEATS}, in two passes\n`,
);
console.log(markdownTable(["environment", "first", "second", "level"], rows));
