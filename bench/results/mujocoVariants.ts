/**
 * `npm run results -- mujoco-variants`: the eleven variants of the PPO paper's Table 1 on the seven MuJoCo tasks it used, with its
 * settings, three seeds each. 231 runs of a million steps: kept one by one. Score as there: on each task 0 is a random policy and 1
 * the best variant, of the mean return of the last 100 training episodes; mean over tasks and seeds.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import type { Job, Outcome } from "./job.ts";
import { keptRuns, type Sitting } from "./keptRuns.ts";
import { provenance } from "./provenance.ts";
import { summarise } from "./statistics.ts";
import { paperSettings } from "./suites.ts";
import { type Variant, variants } from "./variants.ts";

/** With the mean return of 100 episodes of random actions. */
const tasks = [
  { environment: "HalfCheetah-v5", random: -291 },
  { environment: "Hopper-v5", random: 16 },
  { environment: "InvertedDoublePendulum-v5", random: 48 },
  { environment: "InvertedPendulum-v5", random: 5 },
  { environment: "Reacher-v5", random: -43 },
  { environment: "Swimmer-v5", random: 1 },
  { environment: "Walker2d-v5", random: 1 },
] as const;
const SEEDS = 3;

export async function mujocoVariants(firstSeed: number, sitting: Sitting): Promise<string> {
  // Seed by seed, so that a sitting cut short has something of everything.
  const runs = Array.from({ length: SEEDS }, (_, i) => firstSeed + i).flatMap((seed) =>
    variants.flatMap((variant) => tasks.map(({ environment }) => ({ variant, environment, seed }))),
  );
  const jobs = runs.map(
    ({ variant, environment, seed }): Job => ({
      algorithm: "ppo",
      environment,
      steps: 1_000_000,
      seed,
      options: { ...paperSettings, ...variant.options },
      evaluateEvery: 0,
    }),
  );
  const outcomes = await keptRuns("bench/results/kept/mujoco-variants", jobs, sitting);
  const text = report((variant, environment) =>
    runs.flatMap((run, i) => (run.variant === variant && run.environment === environment ? (outcomes[i] ?? []) : [])),
  );
  mkdirSync("docs/results", { recursive: true });
  writeFileSync("docs/results/mujoco-variants.md", text);
  return text;
}

function report(resultsOf: (variant: Variant, environment: string) => Outcome[]): string {
  const returnsOf = (variant: Variant, environment: string) =>
    resultsOf(variant, environment).map(({ trainingReturn }) => trainingReturn);
  const best = new Map(
    tasks.map(({ environment }) => {
      const means = variants.map((variant) => returnsOf(variant, environment)).filter((list) => list.length > 0);
      return [environment, Math.max(...means.map((list) => summarise(list).value))] as const;
    }),
  );
  const lines = variants.map((variant) => {
    const scores = tasks.flatMap(({ environment, random }) =>
      returnsOf(variant, environment).map((value) => (value - random) / (best.get(environment)! - random)),
    );
    const cells = tasks.map(({ environment }) => {
      const returns = returnsOf(variant, environment);
      return returns.length === 0 ? "–" : summarise(returns).value.toFixed(0);
    });
    const { value, low, high } = summarise(scores);
    const score = scores.length === 0 ? "not run yet" : `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
    return `| ${[variant.name, score, `${scores.length} of ${tasks.length * SEEDS}`, ...cells, variant.paper].join(" | ")} |`;
  });
  const header = ["variant", "score [95 % interval]", "runs", ...tasks.map(({ environment }) => environment), "paper"];
  return [
    "# What holds the policy near the old one: the PPO paper's Table 1 on its MuJoCo tasks",
    "",
    "Eleven variants of `ascent train ppo` with the paper's other settings, 1,000,000 steps. Score 0 is a random policy, 1 the best variant on that task, of the mean return of the last 100 training episodes; interval: bootstrap over tasks and seeds.",
    "",
    `| ${header.join(" | ")} |`,
    `|${"---|".repeat(header.length)}`,
    ...lines,
    "",
    provenance("npm run results -- mujoco-variants", 1000),
    "",
  ].join("\n");
}
