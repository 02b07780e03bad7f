/**
 * `npm run bench -- objectives`: the eleven variants of the PPO paper's Table 1 on three classic-control tasks, five seeds
 * each, all other settings alike. Writes docs/results/objectives.md. Score: 0 is a random policy, 1 the best run's level;
 * per run the mean return of the last 100 training episodes, as in the paper; mean over tasks and seeds.
 */

import { mkdirSync, writeFileSync } from "node:fs";
import { pictureSvg } from "../src/charts/index.ts";
import type { Job } from "./results/job.ts";
import { runJobs } from "./results/pool.ts";
import { provenance } from "./results/provenance.ts";
import { type Summary, summarise } from "./results/statistics.ts";
import { variants } from "./results/variants.ts";

const tasks = [
  { environment: "CartPole-v1", random: 22.8, steps: 50_000, options: { nEnvs: 4, nSteps: 512 } },
  { environment: "Pendulum-v1", random: -1224, steps: 100_000, options: { nEnvs: 4, nSteps: 512, gamma: 0.95 } },
  { environment: "Acrobot-v1", random: -499, steps: 100_000, options: { nEnvs: 4, nSteps: 512 } },
];
const SEEDS = 5;
const FIRST_SEED = 1000;
const common = {
  batchSize: 64,
  nEpochs: 10,
  learningRate: 1e-3,
  clipRange: 0.2,
  normalizeObservations: true,
  normalizeRewards: true,
};

const runs = variants.flatMap((variant) =>
  tasks.flatMap((task) => Array.from({ length: SEEDS }, (_, i) => ({ variant, task, seed: FIRST_SEED + i }))),
);
const jobs: Job[] = runs.map(({ variant, task: { environment, steps, options }, seed }) => ({
  algorithm: "ppo",
  environment,
  steps,
  seed,
  options: { ...common, ...options, ...variant.options },
  evaluateEvery: 0,
}));
const outcomes = await runJobs(jobs, ({ environment, seed, options }, { trainingReturn }) => {
  console.error(`${environment} seed ${seed} ${JSON.stringify(options)}: ${trainingReturn.toFixed(1)}`);
});

const returnsOf = (variant: (typeof variants)[number], environment: string) =>
  runs.flatMap((run, i) =>
    run.variant === variant && run.task.environment === environment ? [outcomes[i].trainingReturn] : [],
  );
const best = new Map(
  tasks.map(({ environment }) => [
    environment,
    Math.max(...variants.map((variant) => summarise(returnsOf(variant, environment)).value)),
  ]),
);
const rows = variants.map((variant) => {
  const scores = tasks.flatMap(({ environment, random }) =>
    returnsOf(variant, environment).map((value) => (value - random) / (best.get(environment)! - random)),
  );
  const each = tasks.map(({ environment }) => summarise(returnsOf(variant, environment)).value.toFixed(1));
  return { variant, score: summarise(scores), each };
});
const range = ({ value, low, high }: Summary) => `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
const lines = rows.map(
  ({ variant, score, each }) => `| ${variant.name} | ${range(score)} | ${each.join(" | ")} | ${variant.paper} |`,
);
const text = [
  "# What holds the policy near the old one: the PPO paper's Table 1 on classic control",
  "",
  `Eleven variants of \`ascent train ppo\` with the same other settings (${JSON.stringify(common)}), ${SEEDS} seeds on each task. A run counts the mean return of its last 100 training episodes; score 0 is a random policy, 1 the best variant on that task; interval: bootstrap over tasks and seeds.`,
  "",
  "![scores](objectives.svg)",
  "",
  `| variant | score [95 % interval] | ${tasks.map((task) => `${task.environment} @ ${task.steps.toLocaleString("en")}`).join(" | ")} | paper, 7 MuJoCo tasks |`,
  `|${"---|".repeat(3 + tasks.length)}`,
  ...lines,
  "",
  provenance("npm run bench -- objectives", FIRST_SEED),
  "",
].join("\n");
mkdirSync("docs/results", { recursive: true });
writeFileSync("docs/results/objectives.md", text);
const svg = pictureSvg({
  title: "What holds the policy near the old one: score of each variant",
  subtitle: `0: a random policy, 1: the best variant of each task. Here: mean over ${tasks.length} tasks and ${SEEDS} seeds with its 95 % interval`,
  panels: [
    {
      kind: "intervals",
      title: "Classic control, here",
      x: { label: "score" },
      rows: rows.map(({ variant, score: { value, low, high } }) => ({
        name: variant.name,
        value,
        low,
        high,
        style: 0,
      })),
      bars: true,
    },
    {
      kind: "intervals",
      title: "Seven MuJoCo tasks, in the paper",
      x: { label: "score" },
      rows: rows.map(({ variant }) => ({ name: variant.name, value: variant.paper, style: 1 })),
      bars: true,
      named: false,
    },
  ],
});
writeFileSync("docs/results/objectives.svg", svg);
console.log(text);
