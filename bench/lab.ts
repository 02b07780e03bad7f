/**
 * `npm run bench -- lab`: training in a worker of the lab's page beside the same training in Node, in turns, the best of each. Both make
 * the same iterations of the same bits, which is looked at; what is timed is from the first iteration's end to the last one's. Run it on
 * an otherwise idle machine.
 *
 *   --times N   turns; default 5        --level L   ends with an error below this share of Node's speed; default 0.85
 */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import type { RunSettings } from "../lab/runs/runSettings.ts";
import { runsPage } from "../test/lab/page/support/runsPage.ts";

const { values } = parseArgs({ options: { times: { type: "string" }, level: { type: "string" } } });
const times = Number(values.times ?? 5);
const level = Number(values.level ?? 0.85);

interface Timed {
  stepsPerSecond: number;
  hash: string;
}

const cases: readonly RunSettings[] = [
  { algorithm: "ppo", environment: "CartPole-v1", steps: 100_000, seed: 0, options: {} },
  { algorithm: "ppo", environment: "Pendulum-v1", steps: 60_000, seed: 0, options: {} },
  { algorithm: "trpo", environment: "CartPole-v1", steps: 60_000, seed: 0, options: {} },
  { algorithm: "a2c", environment: "CartPole-v1", steps: 60_000, seed: 0, options: {} },
].map((settings) => ({ ...settings, kernels: "fma" }));

/** In a process of its own, as the page's worker has one: the compiled package, as users run it. */
function inNode(settings: RunSettings): Timed {
  const program = `
    import { createLearner, encodePolicy, runLearner } from "./dist/index.js";
    import { sha256, toHex } from "./dist/files/index.js";
    const { algorithm, ...given } = JSON.parse(process.argv[1]);
    const { learner, steps } = await createLearner(algorithm, given);
    let [first, last] = [undefined, undefined];
    await runLearner(learner, steps, {
      onIteration: (metrics) => {
        last = { at: performance.now(), steps: metrics.steps };
        first ??= last;
      },
    });
    const stepsPerSecond = (1000 * (last.steps - first.steps)) / (last.at - first.at);
    console.log(JSON.stringify({ stepsPerSecond, hash: toHex(sha256(encodePolicy(learner.policy()))) }));
  `;
  const words = ["--input-type=module", "--eval", program, JSON.stringify(settings)];
  return JSON.parse(execFileSync(process.execPath, words, { encoding: "utf8" }));
}

const site = await runsPage();
const page = await site.open();

function inPage(settings: RunSettings): Promise<Timed> {
  const work = async (given: RunSettings) => {
    const { runs } = globalThis as unknown as { runs: import("../test/lab/page/runs/main.ts").RunsOfPage };
    const run = runs.startRun(given);
    let first: { at: number; steps: number } | undefined;
    let last: { at: number; steps: number } | undefined;
    const stop = run.version.subscribe((version) => {
      if (version === 0) return;
      last = { at: performance.now(), steps: run.history.last("steps") ?? 0 };
      first ??= last;
    });
    const { hash, error } = await runs.ending(run);
    stop();
    if (first === undefined || last === undefined) throw new Error(error);
    return { stepsPerSecond: (1000 * (last.steps - first.steps)) / (last.at - first.at), hash: hash ?? "" };
  };
  return page.evaluate(work as (given: unknown) => Promise<Timed>, settings as unknown);
}

const rate = (value: number) => Math.round(value).toLocaleString("en");
let lowest = Number.POSITIVE_INFINITY;
console.log("| run | Node, steps/s | worker, steps/s | share | same bits |\n|---|---|---|---|---|");
for (const settings of cases) {
  const best = { node: 0, page: 0 };
  let same = true;
  for (let i = 0; i < times; i++) {
    const [node, worker] = [inNode(settings), await inPage(settings)];
    best.node = Math.max(best.node, node.stepsPerSecond);
    best.page = Math.max(best.page, worker.stepsPerSecond);
    same &&= node.hash === worker.hash;
  }
  const share = best.page / best.node;
  lowest = Math.min(lowest, share);
  const name = `${settings.algorithm} ${settings.environment}`;
  console.log(`| ${name} | ${rate(best.node)} | ${rate(best.page)} | ${share.toFixed(2)} | ${same ? "yes" : "no"} |`);
  if (!same) process.exitCode = 1;
}
await site.close();
console.log(`\nlowest share ${lowest.toFixed(2)}, level ${level}`);
if (lowest < level) process.exitCode = 1;
