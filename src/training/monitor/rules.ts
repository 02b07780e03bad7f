/**
 * The rules of the monitor, as data. Bounds are far outside what healthy runs show (the presets of every algorithm stay silent,
 * which tests hold), so that a warning is worth reading; a run that is merely slow says nothing.
 */

import { lastOf, type Rule, type Seen, short } from "./rule.ts";

const option = <T>({ facts }: Seen, name: string): T | undefined => facts.options[name] as T | undefined;
const has = ({ facts }: Seen, name: string) => Object.hasOwn(facts.options, name);

/** The KL the algorithm steers towards, where it has one. */
function targetOf(seen: Seen): number | undefined {
  if (option(seen, "objective") === "penalty") return option<number>(seen, "klTarget");
  return option<number>(seen, "targetKl");
}

const stillPolicy: Rule = {
  name: "policy not moving",
  when: "in 20 iterations on end no KL (`kl`, else `approxKl`) above 1e-7, while the entropy is not near 0 and the learning rate at least half of the first",
  check(seen) {
    const { recent, first, now } = seen;
    const kls = lastOf(recent, "kl", 20) ?? lastOf(recent, "approxKl", 20);
    if (kls === undefined || Math.max(...kls.map(Math.abs)) > 1e-7) return undefined;
    if (now["entropy"] < 0.02 && now["entropy"] >= 0) return undefined;
    if (now["learningRate"] < first["learningRate"] / 2) return undefined;
    if (now["stepFraction"] === 0) {
      return {
        what: "the policy does not move: the line search has refused every step for 20 iterations",
        fix: "Raise cgDamping, or lower targetKl; normalizeRewards helps where returns are large.",
      };
    }
    const cut = now["gradientNorm"] > 100 * (option<number>(seen, "maxGradNorm") ?? Number.POSITIVE_INFINITY);
    return {
      what: `the policy does not move: KL at most ${short(Math.max(...kls))} in 20 iterations, gradient norm ${short(now["gradientNorm"])}`,
      fix: cut
        ? "The gradient is cut to maxGradNorm: set normalizeRewards, scale the rewards towards 1, or raise maxGradNorm."
        : "Raise learningRate; see that rewards depend on the actions, and normalise observations (normalizeObservations).",
    };
  },
};

const entropyGone: Rule = {
  name: "entropy gone",
  when: "the entropy of a policy of choices falls from above half of the first one to below 2 % of it within one iteration",
  check(seen) {
    const { first, recent, now } = seen;
    const before = recent.at(-2)?.["entropy"];
    // A density's entropy may be negative: for it a share says nothing.
    if (before === undefined || !(first["entropy"] > 0) || now["logStd"] !== undefined) return undefined;
    if (!(before > first["entropy"] / 2 && now["entropy"] >= 0 && now["entropy"] < 0.02 * first["entropy"]))
      return undefined;
    return {
      what: `the policy lost its entropy in one update: from ${short(before)} to ${short(now["entropy"])} nats`,
      fix: `Lower learningRate${has(seen, "nEpochs") ? " or nEpochs, or set targetKl (0.02)" : ""}${
        has(seen, "entCoef") ? "; entCoef 0.01 keeps it exploring" : ""
      }.`,
    };
  },
};

const klFar: Rule = {
  name: "KL far over target",
  when: "the mean KL of 3 iterations is above 5 times its target (`targetKl`, with a penalty `klTarget`), or above 2 where there is none",
  check(seen) {
    const kls = lastOf(seen.recent, "approxKl", 3) ?? lastOf(seen.recent, "kl", 3);
    if (kls === undefined) return undefined;
    const target = targetOf(seen);
    const mean = kls.reduce((a, b) => a + b, 0) / kls.length;
    if (!(mean > (target === undefined ? 2 : 5 * target))) return undefined;
    return {
      what: `updates go too far: KL ${short(mean)}, ${target === undefined ? "where 0.01 to 0.05 is usual" : `target ${short(target)}`}`,
      fix: `Lower learningRate${has(seen, "nEpochs") ? " or nEpochs" : ""}${
        has(seen, "nEpochs") && target === undefined ? ", or set targetKl (0.02), which ends an update in time" : ""
      }.`,
    };
  },
};

const clippedOut: Rule = {
  name: "clip fraction near 1",
  when: "more than 80 % of the ratios are clipped in 3 iterations on end",
  check(seen) {
    const fractions = lastOf(seen.recent, "clipFraction", 3);
    if (fractions === undefined || Math.min(...fractions) < 0.8) return undefined;
    return {
      what: `nearly every sample is clipped (clip fraction ${short(seen.now["clipFraction"])}): the rest of each update teaches little`,
      fix: "Lower learningRate or nEpochs, or set targetKl (0.02).",
    };
  },
};

const uselessCritic: Rule = {
  name: "critic explains nothing",
  when: "explained variance at most 0 in 100 iterations on end",
  check(seen) {
    const explained = lastOf(seen.recent, "explainedVariance", 100);
    if (explained === undefined || Math.max(...explained) > 0) return undefined;
    return {
      what: `the critic explains nothing of the returns: explained variance at most ${short(Math.max(...explained))} in 100 iterations`,
      fix: `Set normalizeRewards where returns are far from 1 in size, raise ${
        has(seen, "criticLearningRate") ? "criticLearningRate" : "vfCoef or learningRate"
      }, or show it what the return depends on (normalizeObservations, the time left).`,
    };
  },
};

const valueDwarfs: Rule = {
  name: "value loss dwarfs the policy's gradient",
  when: "policy and critic share layers (`shared`), and `vfCoef` times the value loss is above 10,000 times the policy loss's size and above 1,000 in 5 iterations on end",
  check(seen) {
    if (option(seen, "shared") !== true) return undefined;
    const values = lastOf(seen.recent, "valueLoss", 5);
    const policies = lastOf(seen.recent, "policyLoss", 5);
    const weight = option<number>(seen, "vfCoef");
    if (values === undefined || policies === undefined || weight === undefined) return undefined;
    const dwarfs = values.every((value, i) => weight * value > Math.max(1e3, 1e4 * Math.abs(policies[i])));
    if (!dwarfs) return undefined;
    return {
      what: `the value loss (${short(weight * seen.now["valueLoss"])}) dwarfs the policy loss (${short(seen.now["policyLoss"])}) in the layers they share`,
      fix: "Set normalizeRewards, lower vfCoef, or give each its own net (shared: false).",
    };
  },
};

const atBound: Rule = {
  name: "actions stuck at a bound",
  when: "more than 99 % of the actions of a Box column lie at the same bound in 10 iterations on end",
  check(seen) {
    const shares = lastOf(seen.recent, "actionsAtBound", 10);
    if (shares === undefined || Math.min(...shares) < 0.99) return undefined;
    return {
      what: `${short(100 * seen.now["actionsAtBound"])} % of the actions lie at one bound of the action space: the policy has no say any more`,
      fix: 'Lower learningRate, or use distribution: "beta" or "squashedGaussian", which stay within the bounds; see that low and high are the bounds the task needs.',
    };
  },
};

/** Steps of one environment after which an episode should have ended. */
const LONG = 20_000;

const endless: Rule = {
  name: "no episode ends",
  when: `no episode has ended after ${LONG.toLocaleString("en")} steps of every environment`,
  check(seen) {
    const { now } = seen;
    if (now["episodes"] !== 0 || now["cutEpisodes"] !== undefined) return undefined;
    const each = now["steps"] / (option<number>(seen, "nEnvs") ?? 1);
    if (!(each >= LONG)) return undefined;
    return {
      what: `no episode has ended in ${Math.round(each).toLocaleString("en")} steps of each environment: there are no returns to report`,
      fix: "Give it a time limit (environmentOptions: { maxEpisodeSteps }), or terminate where the task is over. An evaluation of whole episodes will not end either.",
    };
  },
};

const unscaled: Rule = {
  name: "observations far from 1",
  when: "a column of what the network sees has a root mean square above 100 or below 0.001 in the first 3 iterations",
  check(seen) {
    const scales = seen.recent.length === 3 ? lastOf(seen.recent, "observationScale", 3) : undefined;
    if (scales === undefined) return undefined;
    const scale = seen.now["observationScale"];
    if (!scales.every((one) => (scale > 1 ? one > 100 : one < 1e-3))) return undefined;
    return {
      what: `a column of the observations has the size ${short(scale)}, where networks learn from numbers near 1`,
      fix: "Set normalizeObservations, or scale the observations in the environment.",
    };
  },
};

export const rules: readonly Rule[] = [
  stillPolicy,
  entropyGone,
  klFar,
  clippedOut,
  uselessCritic,
  valueDwarfs,
  atBound,
  endless,
  unscaled,
];
