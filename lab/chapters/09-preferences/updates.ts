/**
 * One update of each method on a listed world: by the exact gradient, or by a batch of samples as the algorithm draws it. Every
 * step is the direction in which the logits go; how far is the caller's choice.
 */
import { groupAdvantages, leaveOneOutAdvantages } from "ascent-rl/estimators";
import {
  dpoMarginLoss,
  groupGainWeights,
  ipoMarginLoss,
  type MarginLoss,
  pairLossWeights,
  regularisedRewardWeights,
  sequenceLogProbs,
  sequenceProbabilities,
  softmaxPolicy,
  tokenAdvantages,
  tokenKlWeights,
  tokenLogProbs,
  tokenWeightedScores,
  weightedScores,
} from "ascent-rl/mdp";
import type { RandomStream } from "ascent-rl/random";
import { BATCH, type MethodName } from "./choices.ts";
import type { ListedWorld } from "./listedWorlds.ts";
import { preferencesOf, type Setting } from "./methods.ts";

/** Passes of PPO over a batch, and its ε. */
const EPOCHS = 4;
const CLIP = 0.2;
/** How far PPO's critic goes towards a batch's mean. */
const CRITIC_RATE = 0.2;

export interface Update {
  /** Adds the update to the logits. */
  step(logits: Float64Array): void;
}

/** @param random undefined: the exact gradient, the expectation over all batches. */
export function updateOf(
  method: MethodName,
  listed: ListedWorld,
  setting: Setting & { scaled: boolean },
  rate: number,
  random: RandomStream | undefined,
): Update {
  const gradient = gradientOf(method, listed, setting, random);
  const passes = method === "PPO" ? EPOCHS : 1;
  return {
    step(logits) {
      const direction = gradient(logits);
      for (let pass = 0; pass < passes; pass++) {
        const along = direction(logits);
        for (let j = 0; j < logits.length; j++) logits[j] += (rate / passes) * along[j];
      }
    },
  };
}

/** The batch is drawn, or the expectation taken, at one policy; the direction is then asked for once, by PPO several times. */
type Gradient = (logits: Float64Array) => (now: Float64Array) => Float64Array;

function gradientOf(
  method: MethodName,
  listed: ListedWorld,
  setting: Setting & { scaled: boolean },
  random: RandomStream | undefined,
): Gradient {
  const { beta, labels } = setting;
  switch (method) {
    case "DPO":
      return pairGradient(listed, preferencesOf(listed, labels), dpoMarginLoss(beta), random);
    case "IPO":
      return pairGradient(listed, preferencesOf(listed, labels), ipoMarginLoss(beta), random);
    case "PPO":
      return ppoGradient(listed, beta, random);
    case "RLOO":
      return rlooGradient(listed, setting, random);
    case "GRPO":
      return grpoGradient(listed, setting, random);
  }
}

function pairGradient(
  { world, referenceLogits }: ListedWorld,
  preferences: Float64Array,
  loss: MarginLoss,
  random: RandomStream | undefined,
): Gradient {
  const referenceLogProb = sequenceLogProbs(world, referenceLogits);
  const n = world.count;
  const share = random === undefined ? 2 / (n * (n - 1)) : 1 / BATCH;
  return (logits) => {
    const pairs = random === undefined ? preferences : drawnPairs(preferences, n, random);
    const { weights } = pairLossWeights(sequenceLogProbs(world, logits), referenceLogProb, pairs, loss);
    return (now) =>
      weightedScores(
        world,
        now,
        weights.map((w) => -share * w),
      );
  };
}

/** How often each text was preferred to each other one, of pairs drawn alike [count × count]. */
function drawnPairs(preferences: Float64Array, n: number, random: RandomStream): Float64Array {
  const pairs = new Float64Array(n * n);
  for (let k = 0; k < BATCH; k++) {
    const i = Math.floor(random.uniform() * n);
    const j = (i + 1 + Math.floor(random.uniform() * (n - 1))) % n;
    pairs[random.uniform() < preferences[i * n + j] ? i * n + j : j * n + i]++;
  }
  return pairs;
}

function rlooGradient(
  { world, reference, referenceLogits, rewards }: ListedWorld,
  { beta, groupSize }: Setting,
  random: RandomStream | undefined,
): Gradient {
  const referenceLogProb = sequenceLogProbs(world, referenceLogits);
  return (logits) => {
    const logProb = sequenceLogProbs(world, logits);
    const policy = sequenceProbabilities(world, logits);
    if (random === undefined) {
      const weights = regularisedRewardWeights(policy, reference, rewards, beta);
      return (now) => weightedScores(world, now, weights);
    }
    const drawn = drawTexts(policy, random);
    const penalised = Float64Array.from(drawn, (y) => rewards[y] - beta * (logProb[y] - referenceLogProb[y]));
    leaveOneOutAdvantages(penalised, groupSize, penalised);
    const weights = summedOver(drawn, penalised, world.count);
    return (now) => weightedScores(world, now, weights);
  };
}

function grpoGradient(
  { world, referenceLogits, rewards }: ListedWorld,
  { beta, groupSize, scaled }: Setting & { scaled: boolean },
  random: RandomStream | undefined,
): Gradient {
  const { vocabulary, length, tokens, prefixOf, parameterCount } = world;
  const held = tokenLogProbs(world, referenceLogits);
  return (logits) => {
    const policy = sequenceProbabilities(world, logits);
    if (random === undefined) {
      const gain = groupGainWeights(policy, rewards, groupSize);
      const penalty = tokenKlWeights(world, logits, referenceLogits);
      return (now) => difference(weightedScores(world, now, gain), tokenWeightedScores(world, now, penalty), beta);
    }
    const drawn = drawTexts(policy, random);
    const advantages = Float64Array.from(drawn, (y) => rewards[y]);
    groupAdvantages(advantages, groupSize, advantages, { scale: scaled ? "group" : "none" });
    const gain = summedOver(drawn, advantages, world.count);
    // k3 times the ratio, at the policy that sampled: log(π/π_ref) of each token weighs its score.
    const own = tokenLogProbs(world, logits);
    const penalty = new Float64Array(parameterCount);
    for (const y of drawn) {
      for (let k = y * length; k < (y + 1) * length; k++)
        penalty[prefixOf[k] * vocabulary + tokens[k]] += (own[k] - held[k]) / BATCH;
    }
    return (now) => difference(weightedScores(world, now, gain), tokenWeightedScores(world, now, penalty), beta);
  };
}

/** Tokens with advantages, their ratios clipped; the KL penalty is in the rewards, as RLHF has it. */
function ppoGradient(
  { world, referenceLogits, rewards }: ListedWorld,
  beta: number,
  random: RandomStream | undefined,
): Gradient {
  const referenceLogProb = sequenceLogProbs(world, referenceLogits);
  const { vocabulary, length, tokens, prefixOf, parameterCount } = world;
  const values = new Float64Array(world.prefixes);
  return (logits) => {
    const logProb = sequenceLogProbs(world, logits);
    const penalised = rewards.map((r, y) => r - beta * (logProb[y] - referenceLogProb[y]));
    const old = softmaxPolicy(logits, vocabulary);
    if (random === undefined) {
      const { probabilities, advantages } = tokenAdvantages(world, logits, penalised);
      return (now) => {
        const ratios = softmaxPolicy(now, vocabulary).map((p, k) => p / old[k]);
        const weights = advantages.map((a, k) => (kept(ratios[k], a) ? probabilities[k] * ratios[k] * a : 0));
        return tokenWeightedScores(world, now, weights);
      };
    }
    const drawn = drawTexts(sequenceProbabilities(world, logits), random);
    const steps: { token: number; advantage: number }[] = [];
    const [sums, counts] = [new Float64Array(world.prefixes), new Float64Array(world.prefixes)];
    for (const y of drawn) {
      for (let k = y * length; k < (y + 1) * length; k++) {
        const prefix = prefixOf[k];
        steps.push({ token: prefix * vocabulary + tokens[k], advantage: penalised[y] - values[prefix] });
        sums[prefix] += penalised[y];
        counts[prefix]++;
      }
    }
    for (let x = 0; x < values.length; x++)
      if (counts[x] > 0) values[x] += CRITIC_RATE * (sums[x] / counts[x] - values[x]);
    return (now) => {
      const ratios = softmaxPolicy(now, vocabulary).map((p, k) => p / old[k]);
      const weights = new Float64Array(parameterCount);
      for (const { token, advantage } of steps)
        if (kept(ratios[token], advantage)) weights[token] += (ratios[token] * advantage) / BATCH;
      return tokenWeightedScores(world, now, weights);
    };
  };
}

/** Whether the clipped objective still has a slope here. */
const kept = (ratio: number, advantage: number) => (advantage > 0 ? ratio < 1 + CLIP : ratio > 1 - CLIP);

function drawTexts(policy: Float64Array, random: RandomStream): number[] {
  return Array.from({ length: BATCH }, () => {
    let left = random.uniform();
    for (let y = 0; y < policy.length - 1; y++) {
      left -= policy[y];
      if (left < 0) return y;
    }
    return policy.length - 1;
  });
}

/** What each text's samples carry, over the batch's size [count]. */
function summedOver(drawn: readonly number[], values: Float64Array, count: number): Float64Array {
  const sums = new Float64Array(count);
  drawn.forEach((y, i) => {
    sums[y] += values[i] / BATCH;
  });
  return sums;
}

const difference = (gain: Float64Array, penalty: Float64Array, beta: number) =>
  gain.map((g, k) => g - beta * penalty[k]);
