/** Option schemas that algorithms share. Each algorithm's own schema lies in its file; together they are what `--set` takes. */

import { z } from "zod";
import { boxDistributions } from "../distributions/forSpace.ts";
import { activationNames } from "../nn/activations.ts";
import type { NetworkOptions } from "../policies/actorCritic.ts";
import { cnnNames, imageLayouts } from "../policies/observationBody.ts";
import { recurrentNames } from "../policies/trunk.ts";
import type { CollectorOptions } from "../rollout/collector.ts";
import type { Schedule, ScheduleInput } from "../tensor/schedules.ts";

const count = z.int().min(1);
const unit = z.number().min(0).max(1);
const positive = z.number().positive();

/** A number, or how it changes over `annealSteps`: { kind: "linear", from, to }, … or the short form "linear:FROM[:TO]". */
export const schedule: z.ZodType<Schedule, ScheduleInput> = z.preprocess(
  parseShortSchedule,
  z.union(
    [
      z.number().min(0),
      z.strictObject({ kind: z.literal("linear"), from: z.number().min(0), to: z.number().min(0).optional() }),
      z.strictObject({ kind: z.literal("cosine"), from: z.number().min(0), to: z.number().min(0).optional() }),
      z.strictObject({
        kind: z.literal("steps"),
        from: z.number().min(0),
        milestones: z
          .array(z.tuple([unit, z.number().min(0)]))
          .refine((list) => list.every(([at], i) => i === 0 || list[i - 1][0] < at), {
            error: "milestones in rising order of progress",
          }),
      }),
    ],
    { error: 'a number ≥ 0, "linear:FROM[:TO]", "cosine:FROM[:TO]" or { kind: "linear" | "cosine" | "steps", … }' },
  ),
);

/** What is no schedule in short goes through as it is, for the schema to judge. */
function parseShortSchedule(value: ScheduleInput): unknown {
  if (typeof value !== "string") return value;
  const [kind, from, to, ...rest] = value.split(":");
  const known = (kind === "linear" || kind === "cosine") && from !== undefined && rest.length === 0;
  if (!known || [from, to].some((part) => part === "" || Number.isNaN(Number(part ?? 0)))) return value;
  return { kind, from: Number(from), ...(to !== undefined && { to: Number(to) }) };
}

/** A bound that can be left off: a number > 0, or "none". */
export const limit = z.union([positive, z.enum(["none"])], { error: "a number > 0, or none" });

/** The bound as a number; "none" is Infinity, which JSON cannot hold. */
export function limitOf(option: z.output<typeof limit>): number {
  return option === "none" ? Number.POSITIVE_INFINITY : option;
}

const extent = (least: number) => {
  const one = z.int().min(least);
  return z.union([one, z.tuple([one, one])]);
};
const convolution = z.strictObject({
  filters: count,
  kernel: extent(1),
  stride: extent(1).optional(),
  padding: extent(0).optional(),
  activation: z.enum(activationNames).optional(),
});

export const networkOptions = {
  hidden: z.array(count).default([64, 64]).describe("hidden layer sizes of the policy net"),
  criticHidden: z.array(count).optional().describe("hidden layer sizes of the value net; default: as `hidden`"),
  activation: z.enum(activationNames).default("tanh").describe("between layers"),
  shared: z.boolean().default(false).describe("one body of hidden layers for policy and value"),
  orthogonalInit: z.boolean().default(true).describe("orthogonal weights, gains √2 / 0.01 / 1"),
  distribution: z
    .enum(boxDistributions)
    .optional()
    .describe("of Box actions: gaussian (default); squashedGaussian, beta within the bounds; gsde smooth noise"),
  normalizeActions: z
    .boolean()
    .default(true)
    .describe("the network's -1..1 is low..high of a Box with finite bounds; squashedGaussian, beta: always"),
  logStdInit: z
    .number()
    .optional()
    .describe("log σ of a Gaussian policy at the start, in the network's units; default: 0, with gsde -2"),
  stateDependentStd: z.boolean().default(false).describe("let the network output log σ"),
  sdeSampleFreq: count.default(4).describe("gsde: steps that share one draw of the noise"),
  sdeLearnFeatures: z.boolean().default(false).describe("gsde: the noise's variance also trains the hidden layers"),
  cnn: z
    .union([z.enum(cnnNames), z.array(convolution).min(1)], {
      error: `one of ${cnnNames.join(", ")}, or a list of { filters, kernel, stride, padding, activation }`,
    })
    .default("auto")
    .describe("convolutions for images (Box of rank 3): auto, none, nature, small, or layers"),
  imageLayout: z
    .enum(imageLayouts)
    .default("auto")
    .describe("axes of images: channels first, last, or as the shape looks"),
  scalePixels: z.boolean().default(true).describe("divide images of bytes (bounds 0..255) by 255"),
  recurrent: z.enum(recurrentNames).default("none").describe("memory behind the hidden layers: none, gru, lstm"),
  recurrentSize: count.default(64).describe("columns of the memory's output"),
};

/** Of algorithms whose policy and critic are nets of their own. */
export const separateNetworkOptions = withoutKeys(networkOptions, ["shared"]);

/** Of algorithms that besides go over rows out of their order, which a memory does not allow. */
export const rowwiseNetworkOptions = withoutKeys(separateNetworkOptions, ["recurrent", "recurrentSize"]);

function withoutKeys<T extends object, K extends keyof T>(from: T, keys: readonly K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key as K))) as Omit<T, K>;
}

export const collectOptions = {
  nEnvs: count.default(8).describe("environments stepped together"),
  nSteps: count.default(256).describe("steps of each environment between updates"),
  gamma: unit.default(0.99).describe("discount γ"),
  gaeLambda: unit.default(0.95).describe("λ of the advantage estimate; 1 is Monte Carlo, 0 one-step TD"),
  normalizeObservations: z.boolean().default(false).describe("by running mean and deviation"),
  clipObservations: positive.default(10).describe("bound of normalised observations"),
  normalizeRewards: z.boolean().default(false).describe("by the running deviation of the discounted return"),
  clipRewards: positive.default(10).describe("bound of normalised rewards"),
};

export const annealOptions = {
  annealSteps: count
    .optional()
    .describe("environment steps over which schedules run; default: the run's length at its start"),
};

export const seedOption = { seed: z.int().min(0).default(0).describe("of everything random in the run") };

const networkNames = Object.keys(networkOptions) as (keyof typeof networkOptions)[];

/**
 * Settings that cannot change in the midst of a run, of any algorithm: the seed, the network, and what else decides the form of
 * what a learner remembers.
 */
export const fixedSettings: readonly string[] = [
  "seed",
  "nEnvs",
  "nSteps",
  ...networkNames,
  "normalizeObservations",
  "normalizeRewards",
  "optimiser",
  "replayBatches",
  "heldOut",
];

/** The part of an algorithm's options that describes its network. */
export type NetworkChoice = Partial<Record<keyof typeof networkOptions, unknown>>;

/** The network part of an algorithm's options; those not given are left out. */
export function pickNetwork(options: NetworkChoice): NetworkOptions {
  const given = networkNames.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(given) as NetworkOptions;
}

/** The part of an algorithm's options that collecting depends on. */
export interface CollectorChoice {
  nSteps: number;
  gamma: number;
  normalizeObservations: boolean;
  clipObservations: number;
  normalizeRewards: boolean;
  clipRewards: number;
  seed: number;
}

/** What a collector needs of an algorithm's options. */
export function pickCollector(options: CollectorChoice): CollectorOptions {
  const { nSteps, gamma, seed, normalizeObservations, normalizeRewards, clipObservations, clipRewards } = options;
  return {
    nSteps,
    gamma,
    seed,
    clipObservations: normalizeObservations ? clipObservations : undefined,
    clipRewards: normalizeRewards ? clipRewards : undefined,
  };
}
