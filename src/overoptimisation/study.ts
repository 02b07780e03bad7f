/**
 * The study of reward hacking (docs/theory.md, 28; Gao et al. 2022): how the gold reward fares as proxies of several sizes, from
 * several numbers of comparisons, are optimised by best-of-n and by RLOO, and what holds it back. Everything a seed touches is its own:
 * world, policy, labels, proxies. Means and intervals are over seeds; divergences and rewards are exact, as all sentences are listed.
 */

import {
  type Check,
  callback,
  checkOptions,
  listOf,
  notNegativeNumber,
  type OptionChecks,
  optional,
  positiveNumber,
  seed as seedCheck,
  share,
  wholeNumber,
} from "../arguments/checks.ts";
import { type MeanInterval, meanInterval } from "../numerics/meanInterval.ts";
import { givingWay } from "../pauses.ts";
import { createEngine } from "../tensor/engine.ts";
import type { KernelChoice } from "../tensor/kernels/kernels.ts";
import { type GoldCurve, goldCurve } from "./curves.ts";
import { type LengthFindings, lengthFindings, type TailFindings, tailFindings } from "./exactScenes.ts";
import { type DefenceName, type SeedRun, type SeedSettings, seedRun } from "./seedRun.ts";

export interface OveroptimisationOptions extends Partial<SeedSettings> {
  /** Default 0 to 4. */
  seeds?: readonly number[];
  kernels?: KernelChoice;
  /** Called now and then with the share that is done. */
  onProgress?: (share: number) => void;
}

export interface ProxyFindings {
  readonly width: number;
  readonly pairs: number;
  /** Correlation of proxy and gold under the reference. */
  readonly agreement: MeanInterval;
  readonly bestOfN: GoldCurve;
  readonly rloo: GoldCurve;
  /** π ∝ π_ref e^{proxy/β}: what perfect optimisation would end at. */
  readonly optimum: GoldCurve;
}

export interface DefenceFindings {
  readonly name: DefenceName;
  readonly method: "best of n" | "rloo";
  /** Where it ends. */
  readonly gold: MeanInterval;
  readonly distance: MeanInterval;
  /** Gold more than without any, in pairs of seeds. */
  readonly gain: MeanInterval;
}

export interface DpoFindings {
  readonly beta: number;
  readonly curve: GoldCurve;
  /** Probability of sentences that no comparison shows, at the beginning and at the end. */
  readonly unseen: readonly [first: MeanInterval, last: MeanInterval];
  /** Mean log-probability of the chosen sentences, at the beginning and at the end. */
  readonly chosenLogProb: readonly [first: MeanInterval, last: MeanInterval];
}

export interface OveroptimisationFindings {
  readonly seeds: readonly number[];
  readonly settings: SeedSettings;
  readonly proxies: readonly ProxyFindings[];
  readonly defences: readonly DefenceFindings[];
  readonly dpo: readonly DpoFindings[];
  readonly tails: readonly TailFindings[];
  readonly length: readonly LengthFindings[];
}

export const defaultSettings: SeedSettings = {
  widths: [4, 16, 32],
  pairs: [400, 1600, 6400],
  noise: 0.25,
  draws: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16_384, 65_536],
  completions: 25_600,
  points: 16,
  members: 4,
  betas: [0.3, 0.1, 0.03, 0.01],
  budget: 1.2,
};

/** Equally likely answers of the worlds with made-up errors. */
const ANSWERS = 20_000;

const atLeastOne = (check: Check): Check => ({ ...check, fits: (x) => check.fits(x) && (x as unknown[]).length > 0 });
const sizes = listOf(wholeNumber(1), "a list of whole numbers above 0, at least one");
const checks: OptionChecks<OveroptimisationOptions> = {
  seeds: optional(atLeastOne(listOf(seedCheck, "a list of at least one seed"))),
  widths: optional(atLeastOne(sizes)),
  pairs: optional(atLeastOne(sizes)),
  noise: optional(share),
  draws: optional(atLeastOne(sizes)),
  completions: optional(wholeNumber(1)),
  points: optional(wholeNumber(2)),
  members: optional(wholeNumber(2)),
  betas: optional(listOf(positiveNumber, "a list of numbers above 0")),
  budget: optional(notNegativeNumber),
  kernels: optional({ expected: "a build of the kernels", fits: () => true }),
  onProgress: optional(callback),
};

/**
 * Runs the whole study: minutes.
 *
 * @throws AscentError "option" for options out of range.
 */
export async function overoptimisationStudy(options: OveroptimisationOptions = {}): Promise<OveroptimisationFindings> {
  checkOptions("overoptimisationStudy", checks, options);
  const { seeds = [0, 1, 2, 3, 4], kernels, onProgress = () => {}, ...given } = options;
  const settings: SeedSettings = { ...defaultSettings, ...given };
  const runs: SeedRun[] = [];
  for (const seed of seeds) {
    // An engine for each seed: its memory goes with it.
    const engine = await createEngine({ build: kernels });
    const report = (share: number) => onProgress((runs.length + share) / seeds.length);
    runs.push(await givingWay(seedRun(engine, seed, settings, report)));
  }
  return { ...summarised(runs, settings), seeds, settings, ...exactFindings(seeds, settings) };
}

function exactFindings(seeds: readonly number[], { draws }: SeedSettings) {
  return { tails: tailFindings(seeds, draws, ANSWERS), length: lengthFindings(seeds, draws) };
}

/** The findings that learning takes, of runs with the same settings. */
function summarised(runs: readonly SeedRun[], { betas }: SeedSettings) {
  const proxies = runs[0].proxies.map(({ width, pairs }, i) => ({
    ...{ width, pairs },
    agreement: meanInterval(runs.map((run) => run.proxies[i].agreement)),
    bestOfN: goldCurve(
      runs.map((run) => run.proxies[i].bestOfN),
      "bestOfN",
    ),
    rloo: goldCurve(
      runs.map((run) => run.proxies[i].rloo),
      "reinforcementLearning",
    ),
    optimum: goldCurve(
      runs.map((run) => run.proxies[i].optimum),
      "reinforcementLearning",
    ),
  }));
  const defences = runs[0].defences.map(({ name, method }, i) => {
    const ends = runs.map((run) => run.defences[i].end);
    const without = runs[0].defences.findIndex((run) => run.name === "none" && run.method === method);
    return {
      ...{ name, method },
      gold: meanInterval(ends.map(({ gold }) => gold)),
      distance: meanInterval(ends.map(({ distance }) => distance)),
      gain: meanInterval(ends.map(({ gold }, k) => gold - runs[k].defences[without].end.gold)),
    };
  });
  const dpo = betas.map((beta, i) => {
    const ends = (of: (run: SeedRun) => readonly number[]) =>
      [
        meanInterval(runs.map((run) => of(run)[0])),
        meanInterval(runs.map((run) => of(run).at(-1) ?? Number.NaN)),
      ] as const;
    return {
      beta,
      curve: goldCurve(
        runs.map((run) => run.dpo[i].path),
        "reinforcementLearning",
      ),
      unseen: ends((run) => run.dpo[i].unseen),
      chosenLogProb: ends((run) => run.dpo[i].chosenLogProb),
    };
  });
  return { proxies, defences, dpo };
}
