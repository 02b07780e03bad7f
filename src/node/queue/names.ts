/** What the sides of a queue have agreed on: names of keys, and the form of a job and of its result. */
import { createHash } from "node:crypto";
import type { Failure } from "../children/messages.ts";
import type { JobRun, TrainingJob } from "../children/trainMessages.ts";

export const QUEUE = "ascent-trials";

/** Sweeps that are at work, by the time until which they have said that they are. */
export const ACTIVE_SWEEPS = "ascent:active-sweeps";

/** A run's files; they expire where nobody fetches them. */
export function filesKey(jobId: string): string {
  return `ascent:files:${jobId}`;
}

export const FILES_LIVE_SECONDS = 24 * 3600;

/** A training run without the folder: that is each machine's own. */
export interface QueuedJob {
  version: string;
  run: Omit<JobRun, "out">;
  imports: readonly string[];
}

/** What a worker gives back: that the files are there, or why these settings cannot be run. */
export type QueuedResult = { finished: true } | { failure: Failure };

export type QueuedProgress = { steps: number; episodeReturn: number } | { warning: unknown };

export function queuedJob(version: string, { run: { out: _, ...run }, imports }: TrainingJob): QueuedJob {
  return { version, run, imports };
}

/** The same for the same code, settings and seed, so that a job that is given or done twice is one job. */
export function jobIdOf(job: QueuedJob): string {
  return createHash("sha256").update(JSON.stringify(job)).digest("hex");
}
