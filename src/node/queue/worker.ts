/**
 * The side of a queue that does training runs: one at a time or several, each in a child process and a folder of its own, from which
 * a run that was begun here before goes on. Locks, their renewal and the retrying of what was lost are BullMQ's.
 */
import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job, Worker } from "bullmq";
import type { Redis } from "ioredis";
import {
  callback,
  checkOptions,
  type OptionChecks,
  optional,
  signal as signalCheck,
  text,
  trueOrFalse,
  wholeNumber,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { coresOfMachine } from "../children/inTurns.ts";
import { isLasting } from "../children/lastingFailure.ts";
import { trainInChild } from "../children/trainInChild.ts";
import { pathsIn } from "../runs/folder.ts";
import { isHeld } from "../runs/lock.ts";
import { packageVersion } from "../version.ts";
import { queueAddress } from "./address.ts";
import { ACTIVE_SWEEPS, FILES_LIVE_SECONDS, filesKey, QUEUE, type QueuedJob, type QueuedResult } from "./names.ts";
import { loadQueuePackages, type QueuePackages } from "./packages.ts";
import { packRunFolder } from "./runFolderBytes.ts";
import { connect, serverNotes } from "./server.ts";

/** A worker that has not renewed the lock of its run for so long has lost it. */
const LOCK_MS = 30_000;
/** Runs are given again however often workers die over them: it is the workers that are killed, not by the runs. */
const MOST_STALLS = 1000;
const LOOK_MS = 500;
const PROGRESS_MS = 1000;

export interface WorkerEvents {
  /** Connected; what should be otherwise with the server. */
  onStart?: (start: { shown: string; jobs: number; work: string; notes: readonly string[] }) => void;
  onRunStart?: (run: QueuedJob["run"]) => void;
  onRunEnd?: (run: QueuedJob["run"], error?: Error) => void;
}

export interface WorkerRequest extends WorkerEvents {
  /** The server's address, such as redis://host:6379. */
  queue: string;
  /** Runs at a time. Default: the machine's cores. */
  jobs?: number;
  /** Where runs are made; kept between starts, so that begun ones go on. Default: a folder among the temporary ones. */
  work?: string;
  /** Stay when no sweep is at work any more. */
  keep?: boolean;
  /** Saves what is under way and gives it back. */
  signal?: AbortSignal;
  /** How long a run stays with a worker that is not heard of, in ms. Default 30,000. */
  lockMs?: number;
}

const checks: OptionChecks<WorkerRequest> = {
  queue: text,
  jobs: optional(wholeNumber(1)),
  work: optional(text),
  keep: optional(trueOrFalse),
  signal: optional(signalCheck),
  lockMs: optional(wholeNumber(100)),
  onStart: optional(callback),
  onRunStart: optional(callback),
  onRunEnd: optional(callback),
};

/**
 * Works until no sweep is at work any more (at first it waits for one), or until the signal.
 *
 * @throws AscentError when the server cannot be used, or the packages for queues are missing.
 */
export async function runWorker(request: WorkerRequest): Promise<void> {
  checkOptions("worker", checks, request);
  const address = queueAddress(request.queue);
  if (request.signal?.aborted) return;
  const packages = await loadQueuePackages();
  const connection = await connect(packages, address);
  const work = request.work ?? join(tmpdir(), "ascent-worker");
  const jobs = request.jobs ?? coresOfMachine();
  const ending = new AbortController();
  request.signal?.addEventListener("abort", () => ending.abort(), { once: true });
  const lockMs = request.lockMs ?? LOCK_MS;
  const worker: Worker<QueuedJob, QueuedResult> = new packages.Worker(
    QUEUE,
    (job: Job<QueuedJob, QueuedResult>, token?: string) =>
      doRun({ packages, connection, work, ending: ending.signal, request }, job, token),
    {
      connection: { url: address.url, maxRetriesPerRequest: null },
      concurrency: jobs,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: MOST_STALLS,
    },
  );
  worker.on("error", () => {});
  try {
    request.onStart?.({ shown: address.shown, jobs, work, notes: await serverNotes(connection) });
    await (request.keep ? aborted(request.signal) : noSweepLeft(connection, request.signal));
  } finally {
    ending.abort();
    await worker.close();
    connection.disconnect();
  }
}

interface Place {
  packages: QueuePackages;
  connection: Redis;
  work: string;
  ending: AbortSignal;
  request: WorkerEvents;
}

async function doRun(
  { packages, connection, work, ending, request }: Place,
  job: Job<QueuedJob, QueuedResult>,
  token: string | undefined,
): Promise<QueuedResult> {
  const { run, imports, version } = job.data;
  if (version !== packageVersion()) {
    throw new AscentError("state", {
      what: "A run is of another release than this worker",
      got: `release ${version}`,
      expected: `release ${packageVersion()}`,
      fix: "Install the same release everywhere.",
    });
  }
  request.onRunStart?.(run);
  const out = folderFor(work, job.id!);
  let due = 0;
  const say = (progress: object) => void job.updateProgress(progress).catch(() => {});
  try {
    const finished = await trainInChild(
      { run: { ...run, out }, imports },
      {
        signal: ending,
        onWarning: (warning) => say({ warning }),
        onProgress: (steps, episodeReturn) => {
          if (performance.now() < due) return;
          due = performance.now() + PROGRESS_MS;
          say({ steps, episodeReturn });
        },
      },
    );
    if (!finished) {
      await job.moveToWait(token);
      throw new packages.WaitingError();
    }
    await connection.set(filesKey(job.id!), packRunFolder(out), "EX", FILES_LIVE_SECONDS);
    rmSync(out, { recursive: true, force: true });
    request.onRunEnd?.(run);
    return { finished: true };
  } catch (error) {
    if (error instanceof packages.WaitingError) throw error;
    request.onRunEnd?.(run, error as Error);
    if (!isLasting(error)) throw error;
    rmSync(out, { recursive: true, force: true });
    return { failure: { code: error.code, problem: error.problem } };
  }
}

/** The run's own folder, where it goes on; another one while a process that lost the run is still at work there. */
function folderFor(work: string, id: string): string {
  const own = join(work, id);
  if (!isHeld(pathsIn(own).lock)) return own;
  for (let number = 2; ; number++) {
    const other = `${own}-${process.pid}-${number}`;
    if (!existsSync(other)) return other;
  }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    else signal?.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Resolves when there is no sweep any more, after there has been one; or with the signal. */
async function noSweepLeft(connection: Redis, signal: AbortSignal | undefined): Promise<void> {
  let seen = false;
  while (!signal?.aborted) {
    if (connection.status === "ready") {
      try {
        const [seconds] = await connection.time();
        const count = await connection.zcount(ACTIVE_SWEEPS, Number(seconds) * 1000, "+inf");
        if (count > 0) seen = true;
        else if (seen) return;
      } catch {
        // The server is away; it is looked at again.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
