/** DPO, IPO, PPO, RLOO and GRPO from π_ref, each towards its own optimum: where the policies are, and how far there is to go. */
import { meanInterval } from "ascent-rl/estimators";
import {
  regularisedObjective,
  regularisedOptimum,
  sequenceLogProbs,
  sequenceProbabilities,
  stateKl,
} from "ascent-rl/mdp";
import { RandomStream, streams } from "ascent-rl/random";
import type { Study } from "../../../studies/study.ts";
import { type MethodName, methodNames } from "../choices.ts";
import { type ListedWorld, type ListedWorldName, listedWorld } from "../listedWorlds.ts";
import { optimumOf, type Setting, totalVariation } from "../methods.ts";
import { type Update, updateOf } from "../updates.ts";

export interface RoadsInput extends Setting {
  world: ListedWorldName;
  /** Exact gradients, or batches of samples over these seeds. */
  gradients: "exact" | "sampled";
  /** GRPO's advantages divided by the deviation of their group: sampled only. */
  scaled: boolean;
  seeds: readonly number[];
  iterations: number;
}

/** Along the road; of several seeds means with 95 % intervals, of exact gradients low and high are the value. */
export interface Band {
  mean: Float64Array;
  low: Float64Array;
  high: Float64Array;
}

export interface Road {
  method: MethodName;
  /** Where it ends by theory [count]; undefined where nowhere. */
  optimum: Float64Array | undefined;
  /** The policies along the road, the seeds' mean [points × count]. */
  policies: Float64Array;
  /** Total variation to its own optimum; NaN where there is none. */
  distance: Band;
  /** KL(π ‖ π*), whose β-fold is what is missing to β log Z. */
  kl: Band;
  /** E[r] − β KL(π ‖ π_ref) */
  worth: Band;
  /** log(π/π_ref) of the best text less that of the worst: what DPO fits. */
  margin: Band;
}

export interface RoadsOutput {
  /** What it was computed for. */
  of: RoadsInput;
  texts: readonly string[];
  reference: Float64Array;
  rewards: Float64Array;
  /** π* [count] */
  best: Float64Array;
  /** β log Z */
  value: number;
  /** Updates made at each point. */
  iterations: Float64Array;
  roads: readonly Road[];
}

/** Updates between points. */
const EVERY = 2;

/** How far a gradient is followed: each method's own, as the sizes of their gradients differ by β and by the number of pairs. */
function rateOf(method: MethodName, { world }: ListedWorld, { beta }: Setting): number {
  const pairs = world.count * (world.count - 1) * 0.5;
  if (method === "DPO") return Math.min(0.5 / (beta * beta), 4) * Math.sqrt(pairs);
  if (method === "IPO") return 0.05 * Math.sqrt(pairs);
  return Math.min(2, 1 / beta);
}

export const study: Study<RoadsInput, RoadsOutput> = function* (input) {
  const { gradients, seeds, iterations, beta } = input;
  const listed = listedWorld(input.world);
  const { world, names, reference, rewards } = listed;
  const { policy: best, value } = regularisedOptimum(reference, rewards, beta);
  const referenceLogProb = sequenceLogProbs(world, listed.referenceLogits);
  const [top, bottom] = [indexOfMost(rewards, 1), indexOfMost(rewards, -1)];
  const travellers = methodNames.map((method, m) => {
    const sources = gradients === "exact" ? [undefined] : seeds.map((seed) => new RandomStream(seed, streams.user, m));
    return {
      method,
      optimum:
        method === "GRPO" && input.scaled && gradients === "sampled" ? undefined : optimumOf(method, listed, input),
      each: sources.map((random) => ({
        logits: listed.referenceLogits.slice(),
        update: updateOf(method, listed, input, rateOf(method, listed, input), random) satisfies Update,
      })),
      policies: [] as number[],
      distance: newTrack(),
      kl: newTrack(),
      worth: newTrack(),
      margin: newTrack(),
    };
  });
  const points: number[] = [];
  for (let iteration = 0; iteration <= iterations; iteration++) {
    if (iteration % EVERY === 0) {
      points.push(iteration);
      for (const traveller of travellers) {
        const at = traveller.each.map(({ logits }) => sequenceProbabilities(world, logits));
        for (let y = 0; y < world.count; y++) traveller.policies.push(at.reduce((sum, p) => sum + p[y], 0) / at.length);
        const { optimum } = traveller;
        track(
          traveller.distance,
          at.map((p) => (optimum === undefined ? Number.NaN : totalVariation(p, optimum))),
        );
        track(
          traveller.kl,
          at.map((p) => stateKl(p, best, p.length)[0]),
        );
        track(
          traveller.worth,
          at.map((p) => regularisedObjective(p, reference, rewards, beta)),
        );
        track(
          traveller.margin,
          traveller.each
            .map(({ logits }) => sequenceLogProbs(world, logits))
            .map((logProb) => logProb[top] - referenceLogProb[top] - (logProb[bottom] - referenceLogProb[bottom])),
        );
      }
      yield {
        ...{ of: input, texts: names, reference, rewards, best, value },
        iterations: Float64Array.from(points),
        roads: travellers.map(({ method, optimum, policies, distance, kl, worth, margin }) => ({
          ...{ method, optimum, policies: Float64Array.from(policies) },
          ...{ distance: bandOf(distance), kl: bandOf(kl), worth: bandOf(worth), margin: bandOf(margin) },
        })),
      };
    }
    for (const { each } of travellers) for (const { update, logits } of each) update.step(logits);
  }
};

interface Track {
  mean: number[];
  low: number[];
  high: number[];
}

const newTrack = (): Track => ({ mean: [], low: [], high: [] });

function track(into: Track, values: readonly number[]): void {
  const { value, low, high } = meanInterval(values);
  into.mean.push(value);
  into.low.push(values.length === 1 ? value : low);
  into.high.push(values.length === 1 ? value : high);
}

const bandOf = ({ mean, low, high }: Track): Band => ({
  mean: Float64Array.from(mean),
  low: Float64Array.from(low),
  high: Float64Array.from(high),
});

function indexOfMost(values: Float64Array, sign: 1 | -1): number {
  let found = 0;
  for (let y = 1; y < values.length; y++) if (sign * values[y] > sign * values[found]) found = y;
  return found;
}
