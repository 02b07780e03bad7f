/** Option schemas that text algorithms share; defaults are TRL's, beside those that say otherwise. */

import { z } from "zod";
import type { OptimiserOptions } from "../../tensor/optimisers.ts";
import { type Schedule, type ScheduleInput, scheduleValue } from "../../tensor/schedules.ts";
import * as common from "../commonOptions.ts";

const count = z.int().min(1);
const unit = z.number().min(0).max(1);
const beta = z.number().min(0).lt(1);

/** A learning rate that falls to 0 over the run. */
export const fallingRate = (from: number) =>
  common.schedule
    .default({ kind: "linear", from } as Schedule & ScheduleInput)
    .describe("a number or a schedule such as linear:1e-5");

export const updateOptions = {
  ...common.seedOption,
  annealSteps: count.optional().describe("samples over which schedules run; default: the run's length at its start"),
  batchSize: count.default(8).describe("rows of the data for one update"),
  microBatchSize: count
    .optional()
    .describe("rows that are computed at once; the update is the same; default: as `batchSize`"),
  warmup: unit.default(0).describe("share of annealSteps over which the learning rate rises to where it should be"),
  optimiser: z.enum(["adamw", "adam", "sgd"]).default("adamw").describe("sgd: plain, p − rate · gradient"),
  beta1: beta.default(0.9).describe("adam, adamw: of the mean of gradients"),
  beta2: beta.default(0.999).describe("adam, adamw: of the mean of their squares"),
  epsilon: z.number().min(1e-45).default(1e-8).describe("adam, adamw"),
  weightDecay: z.number().min(0).default(0).describe("adamw: apart from the gradient; else added to it"),
  maxGradNorm: common.limit.default(1).describe("gradient norm is cut to this; none: never"),
  maxLength: z
    .int()
    .min(2)
    .default(1024)
    .describe("tokens of prompt and completion; the end of what is longer is cut off"),
};

export const referenceOptions = {
  precomputeReference: z
    .boolean()
    .default(false)
    .describe("the reference's log-probabilities of all data at the start, in place of at each update"),
  movingReference: z.boolean().default(false).describe("the reference follows the policy (TR-DPO)"),
  referenceMixing: unit.default(0.6).describe("movingReference: the share of the policy in the new reference"),
  referenceEvery: count.default(512).describe("movingReference: updates between its moves"),
};

export interface UpdateChoice {
  seed: number;
  annealSteps?: number;
  batchSize: number;
  microBatchSize?: number;
  learningRate: Schedule;
  warmup: number;
  optimiser: "adamw" | "adam" | "sgd";
  beta1: number;
  beta2: number;
  epsilon: number;
  weightDecay: number;
  maxGradNorm: z.output<typeof common.limit>;
  maxLength: number;
}

/** What turns gradients into steps. */
export type OptimiserChoice = Omit<UpdateChoice, "batchSize" | "maxLength">;

export function optimiserOf({
  optimiser: kind,
  beta1,
  beta2,
  epsilon,
  weightDecay,
}: OptimiserChoice): OptimiserOptions {
  return kind === "sgd" ? { kind, weightDecay } : { kind, beta1, beta2, epsilon, weightDecay };
}

/** @param begun the share of the run made before the update. @param made the share made with it. */
export function rateOf({ learningRate, warmup }: OptimiserChoice, begun: number, made: number): number {
  return scheduleValue(learningRate, begun) * (warmup === 0 ? 1 : Math.min(1, made / warmup));
}
