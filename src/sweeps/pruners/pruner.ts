/**
 * Which trials are stopped before all their seeds are run. A decision about trial k after so many seeds looks at the trials before
 * it only (numbers below k), so that it is the same however many are run beside each other.
 */
import { z } from "zod";
import { scoreAt, type Trial } from "../trial.ts";
import { survivesHalving } from "./asha.ts";
import { survivesMedian } from "./median.ts";

const kinds = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("median"),
    /** Trials that are never stopped: the first ones. */
    startupTrials: z.int().min(1).default(5),
    /** Seeds that every trial is run with. */
    minSeeds: z.int().min(1).default(1),
  }),
  z.strictObject({
    kind: z.literal("asha"),
    /** One trial in so many goes on from each rung to the next, which has so many times the seeds. */
    eta: z.int().min(2).default(3),
    /** Seeds of the first rung. */
    minSeeds: z.int().min(1).default(1),
  }),
]);

/** A name, or an object with the name as `kind` and settings of it. */
export const prunerSchema = z.preprocess((value) => (typeof value === "string" ? { kind: value } : value), kinds);

export type Pruner = z.output<typeof kinds>;

/** The numbers of seeds after which is decided, rising, below `seeds`. */
export function rungsOf(pruner: Pruner, seeds: number): number[] {
  const rungs: number[] = [];
  if (pruner.kind === "median") for (let rung = pruner.minSeeds; rung < seeds; rung++) rungs.push(rung);
  if (pruner.kind === "asha") for (let rung = pruner.minSeeds; rung < seeds; rung *= pruner.eta) rungs.push(rung);
  return rungs;
}

/**
 * Whether a trial with `rung` seeds done goes on.
 *
 * @param before all trials of lower number; those with fewer seeds than the rung do not count at it.
 */
export function survives(pruner: Pruner, trial: Trial, rung: number, before: readonly Trial[]): boolean {
  if (pruner.kind === "none") return true;
  const own = scoreAt(trial, rung);
  const others = before.filter(({ scores }) => scores.length >= rung).map((other) => scoreAt(other, rung));
  return pruner.kind === "median"
    ? survivesMedian(own, others, before.length, pruner.startupTrials)
    : survivesHalving(own, others, pruner.eta);
}
