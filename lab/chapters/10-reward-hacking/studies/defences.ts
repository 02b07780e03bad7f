/** The defences, each a switch, against the optimisation of one proxy from few comparisons: where gold ends with them and without. */
import { ensembleReward, meanInterval, pairedDifference } from "ascent-rl/estimators";
import {
  bestOfNPath,
  goldAtBudget,
  memberSeed,
  type PressurePoint,
  rlooPath,
  standardised,
  stoppedEarly,
  type WatchedPoint,
} from "ascent-rl/overoptimisation";
import type { Study } from "../../../studies/study.ts";
import { type Interval, type SeedCurve, seedCurve } from "../curve.ts";
import { proxyOf, type SeedSentences, sentencesOf } from "../learnt.ts";
import { DRAWS, FEWEST, MEMBERS, WIDTH } from "../sizes.ts";

export type Ensemble = "one" | "mean" | "worst" | "uncertainty";

export interface DefencesInput {
  optimiser: "best of n" | "rloo";
  /** √KL at which a budget stops; undefined: no budget. */
  budget: number | undefined;
  /** β of the KL penalty in RLOO's reward. */
  beta: number;
  /** Stopped where a reward model of other comparisons is highest. */
  earlyStop: boolean;
  ensemble: Ensemble;
  /** Comparisons with the defences. */
  pairs: number;
  seeds: readonly number[];
}

export interface DefencesOutput {
  /** What it was computed for. */
  of: DefencesInput;
  /** Seeds done. */
  done: number;
  /** What is under way. */
  doing: string | undefined;
  /** Nothing held it back: one proxy, `FEWEST` comparisons, the whole path. */
  without: SeedCurve | undefined;
  /** With the defences that change the proxy or the optimiser; where it is stopped is in `ends`. */
  with: SeedCurve | undefined;
  /** Where each ends, means over the seeds, and the gain in pairs of seeds. */
  ends: { without: Interval; with: Interval; gain: Interval; distance: Interval } | undefined;
  /** The gold of each seed at its end. */
  each: readonly { seed: number; without: number; with: number }[];
}

/** Of the ensemble's variance. */
const UNCERTAINTY_WEIGHT = 1;

export const study: Study<DefencesInput, DefencesOutput> = async function* (input) {
  const { seeds, optimiser, pairs } = input;
  const form = optimiser === "rloo" ? "reinforcementLearning" : "bestOfN";
  const [bare, held]: [PressurePoint[][], PressurePoint[][]] = [[], []];
  const each: { seed: number; without: number; with: number; distance: number }[] = [];
  const output = (doing: string | undefined): DefencesOutput => ({
    ...{ of: input, done: each.length, doing },
    without: bare.length === 0 ? undefined : seedCurve(bare, form),
    with: held.length === 0 ? undefined : seedCurve(held, form),
    ends: endsOf(each),
    each: each.map(({ seed, without, with: own }) => ({ seed, without, with: own })),
  });
  yield output(`Seed ${seeds[0]}: the policy learns the sentences`);
  for (const seed of seeds) {
    const sentences = await sentencesOf(seed);
    const say = (what: string) => output(`Seed ${seed}: ${what}`);
    const single = yield* learnt(sentences, FEWEST, seed, seed, () => say("a reward model learns"));
    const members: Float64Array[] = [];
    const size = input.ensemble === "one" ? 1 : MEMBERS;
    for (let m = 0; m < size; m++) {
      const words = size === 1 ? "a reward model learns" : `reward model ${m + 1} of ${size} learns`;
      members.push(yield* learnt(sentences, pairs, memberSeed(seed, m), seed, () => say(words)));
    }
    const heldOutSeed = memberSeed(seed, MEMBERS);
    const judge = input.earlyStop
      ? yield* learnt(sentences, pairs, heldOutSeed, heldOutSeed, () => say("the judge learns other comparisons"))
      : undefined;
    const proxy = combined(sentences, members, input.ensemble);
    const changed = proxy !== single || (optimiser === "rloo" && input.beta !== 0);
    const without = yield* optimised(sentences, single, optimiser, 0, () => say("the proxy is optimised"));
    const path = changed
      ? yield* optimised(sentences, proxy, optimiser, input.beta, () => say("the defended proxy is optimised"))
      : without;
    bare.push(without.map(plain));
    held.push(path.map(plain));
    each.push({ seed, without: without[without.length - 1].gold, ...endOf(path, input, judge) });
    yield output(undefined);
  }
};

/** Where the path is left: by the budget, by the judge, or at its end; whichever comes first. */
function endOf(
  path: readonly WatchedPoint[],
  { budget }: DefencesInput,
  judge: Float64Array | undefined,
): { with: number; distance: number } {
  const stop = judge === undefined ? path[path.length - 1] : stoppedEarly(path, judge);
  if (budget === undefined || stop.distance <= budget) return { with: stop.gold, distance: stop.distance };
  return { with: goldAtBudget(path, budget), distance: budget };
}

async function* learnt(
  sentences: SeedSentences,
  pairs: number,
  seed: number,
  labelSeed: number,
  say: () => DefencesOutput,
): AsyncGenerator<DefencesOutput, Float64Array> {
  const learning = proxyOf(sentences, { width: WIDTH, pairs, seed, labelSeed });
  yield say();
  for (;;) {
    const step = await learning.next();
    if (step.done === true) return step.value;
    yield say();
  }
}

/** The members' rewards in one, as `overoptimisationStudy` makes it. */
function combined({ reference }: SeedSentences, members: readonly Float64Array[], ensemble: Ensemble): Float64Array {
  if (ensemble === "one") return members[0];
  const all = new Float64Array(members.length * reference.length);
  for (const [m, rewards] of members.entries()) all.set(rewards, m * reference.length);
  const proxy = new Float64Array(reference.length);
  ensembleReward(all, members.length, ensemble, UNCERTAINTY_WEIGHT, proxy);
  return standardised(reference, proxy);
}

async function* optimised(
  sentences: SeedSentences,
  proxy: Float64Array,
  optimiser: "best of n" | "rloo",
  beta: number,
  say: () => DefencesOutput,
): AsyncGenerator<DefencesOutput, WatchedPoint[]> {
  const { reference, gold } = sentences;
  if (optimiser === "best of n") return bestOfNPath({ reference, proxy, gold }, DRAWS);
  const path: WatchedPoint[] = [];
  for await (const point of rlooPath(await sentences.scene(), proxy, { beta })) {
    path.push(point);
    yield say();
  }
  return path;
}

function endsOf(each: readonly { without: number; with: number; distance: number }[]): DefencesOutput["ends"] {
  if (each.length === 0) return undefined;
  const [without, own] = [each.map((end) => end.without), each.map((end) => end.with)];
  const plainInterval = ({ value, low, high }: Interval): Interval => ({ value, low, high });
  return {
    without: plainInterval(meanInterval(without)),
    with: plainInterval(meanInterval(own)),
    gain: plainInterval(pairedDifference(own, without)),
    distance: plainInterval(meanInterval(each.map(({ distance }) => distance))),
  };
}

const plain = ({ distance, proxy, gold }: PressurePoint): PressurePoint => ({ distance, proxy, gold });
