/**
 * Prints how many environment steps a second each built-in classic-control task makes on one thread, 1024 environments
 * at a time, with random actions drawn beforehand and autoreset included.
 */
import { flatSize, listEnvironments, sampleFlat } from "../src/envs/index.ts";
import { RandomStream, streams } from "../src/random/index.ts";

const COUNT = 1024;
const PLANS = 64;
const SECONDS = 1.2;
const REPEATS = 6;

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
const unmasked = listEnvironments().filter((spec) => spec.make(1).actionMasks === undefined);

// Twice: the second pass runs after the shared loop has seen every task.
for (const pass of ["first pass", "second pass"]) {
  console.log(`million environment steps a second, ${COUNT} environments, one thread, best of ${REPEATS} (${pass})`);
  for (const { id } of unmasked) console.log(`  ${id.padEnd(26)} ${(stepsPerSecond(id) / 1e6).toFixed(2)}`);
}
