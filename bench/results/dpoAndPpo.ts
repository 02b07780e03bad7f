/**
 * `npm run results -- dpo-and-ppo`: DPO beside PPO on the world of sentences, where everything is exact. Both start from the same SFT
 * model; DPO has pairs, PPO the reward itself. How often a sentence of theirs is worth more than one of the SFT model, at which
 * divergence from it. Writes docs/results/dpo-and-ppo.md and .svg.
 */

import { writeFileSync } from "node:fs";
import { pictureSvg, type Series } from "../../src/charts/index.ts";
import { copyLanguageModel, type LanguageModel } from "../../src/language/model/languageModel.ts";
import { type SentenceWorld, sentenceWorld } from "../../src/language/worlds/sentences.ts";
import { stateKl } from "../../src/mdp/klDivergence.ts";
import { type MeanInterval, meanInterval, pairedDifference } from "../../src/numerics/meanInterval.ts";
import { sentenceProbabilities } from "../../src/overoptimisation/listedModel.ts";
import { goldAtBudget } from "../../src/overoptimisation/pressure.ts";
import { trainLanguageModel } from "../../src/training/language/trainLanguageModel.ts";
import { provenance } from "./provenance.ts";

const SEEDS = 5;
const PAIRS = 4000;
const BETA = 0.1;
const LOOKS = 24;

interface Point {
  /** √KL from the SFT model. */
  distance: number;
  /** How often a sentence is worth more than one of the SFT model; ties count half. */
  gold: number;
  proxy: number;
}

interface Found {
  dpo: Point[];
  ppo: Point[];
}

const world = sentenceWorld();

/** @returns the page. */
export async function dpoAndPpoResults(firstSeed: number): Promise<string> {
  const outcomes: Found[] = [];
  for (let seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
    const found = await compared(seed);
    const { distance, gold } = found.dpo[found.dpo.length - 1];
    const ppo = goldAtBudget(found.ppo, distance);
    console.error(`seed ${seed}: dpo ${gold.toFixed(3)} at √KL ${distance.toFixed(2)}, ppo there ${ppo.toFixed(3)}`);
    outcomes.push(found);
  }
  writeFileSync("docs/results/dpo-and-ppo.svg", picture(outcomes));
  const text = report(outcomes, firstSeed);
  writeFileSync("docs/results/dpo-and-ppo.md", text);
  return text;
}

async function compared(seed: number): Promise<Found> {
  const { model } = await trainLanguageModel("sft", { world, seed, monitor: false });
  const reference = probabilitiesOf(model)();
  const path = async (algorithm: "dpo" | "rlhf", more: object, samples: number) => {
    const own = copyLanguageModel(model, { name: algorithm });
    const now = probabilitiesOf(own);
    const points = [pointOf(reference, reference)];
    await trainLanguageModel(algorithm, {
      ...{ world, seed, model: own, steps: samples, monitor: false },
      ...more,
      onIteration: ({ steps }) => {
        if (steps >= (points.length * samples) / LOOKS) points.push(pointOf(now(), reference));
      },
    });
    points.push(pointOf(now(), reference));
    return points;
  };
  const pairs = { batchSize: 64, learningRate: "linear:1e-3", beta: BETA };
  const dpo = await path("dpo", { worldRows: PAIRS, options: pairs }, 3 * PAIRS);
  const ppo = await path("rlhf", { options: { beta: BETA } }, 25_600);
  return { dpo, ppo };
}

function probabilitiesOf(model: LanguageModel): () => Float64Array {
  return sentenceProbabilities(model, world.sequences, world.prompts(1, 0)[0][0]);
}

function pointOf(policy: Float64Array, reference: Float64Array): Point {
  const [kl] = stateKl(policy, reference, policy.length);
  const proxy = policy.reduce((sum, p, y) => sum + p * world.rewards[y], 0);
  return { distance: Math.sqrt(kl), gold: preferred(policy, reference, world), proxy };
}

/** P(r(y) > r(y')) + ½ P(r(y) = r(y')) for y of the policy, y' of the reference. */
function preferred(policy: Float64Array, reference: Float64Array, { rewards }: SentenceWorld): number {
  const order = Array.from(rewards.keys()).sort((a, b) => rewards[a] - rewards[b]);
  let [below, wins] = [0, 0];
  for (let at = 0; at < order.length; ) {
    let [end, mass, own] = [at, 0, 0];
    for (; end < order.length && rewards[order[end]] === rewards[order[at]]; end++) {
      mass += reference[order[end]];
      own += policy[order[end]];
    }
    wins += own * (below + mass / 2);
    below += mass;
    at = end;
  }
  return wins;
}

function report(outcomes: readonly Found[], firstSeed: number): string {
  const text = ({ value, low, high }: MeanInterval) => `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  const ends = outcomes.map(({ dpo }) => dpo[dpo.length - 1]);
  const gold = ends.map((end) => end.gold);
  const distances = ends.map((end) => end.distance);
  const ppoThere = outcomes.map(({ ppo }, i) => goldAtBudget(ppo, distances[i]));
  const rows = [
    ["DPO, end", text(meanInterval(gold)), text(meanInterval(distances))],
    ["PPO at DPO's √KL", text(meanInterval(ppoThere)), text(meanInterval(distances))],
    [
      "PPO, end",
      text(meanInterval(outcomes.map(({ ppo }) => ppo[ppo.length - 1].gold))),
      text(meanInterval(outcomes.map(({ ppo }) => ppo[ppo.length - 1].distance))),
    ],
  ];
  const mean = meanInterval(gold).value;
  return `# DPO beside PPO on the world of sentences

All ${world.sequences.count} sentences are listed, so that preference and divergence are exact. SFT on 1,000 sentences; then DPO on ${PAIRS.toLocaleString("en")} pairs labelled by the
reward's formula with the noise of Bradley and Terry (β = ${BETA}, three epochs), or PPO (\`rlhf\`, β = ${BETA}, 25,600 completions) on that reward itself. Preference: how
often a sentence is worth more than one of the SFT model, ties half. Level for DPO: 0.8, ${mean >= 0.8 ? "met" : "**not met**"}; worst seed ${Math.min(...gold).toFixed(3)}. DPO less PPO at the same
divergence, in pairs of seeds: ${text(pairedDifference(gold, ppoThere))}.

| | preferred to SFT [95 % interval over ${SEEDS} seeds] | √KL from SFT |
|---|---|---|
${rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}

![Preference over the divergence](dpo-and-ppo.svg)

${provenance("npm run results -- dpo-and-ppo", firstSeed)}
`;
}

function picture(outcomes: readonly Found[]): string {
  const pathsOf = (kind: keyof Found, name: string, style: number): Series[] =>
    outcomes.map((found, i) => ({
      ...{ name, style, unnamed: i > 0 },
      x: found[kind].map(({ distance }) => distance),
      y: found[kind].map(({ gold }) => gold),
    }));
  return pictureSvg({
    title: "DPO from pairs, PPO from the reward: what is gained for how much divergence",
    subtitle: `world of sentences, exact; a line for each of ${SEEDS} seeds`,
    panels: [
      {
        kind: "lines",
        x: { label: "√KL(π ‖ π_SFT), √nats" },
        y: { label: "preferred to the SFT model" },
        series: [...pathsOf("dpo", "DPO", 0), ...pathsOf("ppo", "PPO", 1)],
        levels: [{ value: 0.8, label: "level for DPO" }],
      },
    ],
    width: 720,
  });
}
