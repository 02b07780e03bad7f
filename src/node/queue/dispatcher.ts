/**
 * The side of a queue that gives out training runs and takes them back. Who does them, and what becomes of a worker that dies or
 * falls silent, is BullMQ's; here a run is given, waited for however long, and its files are put where they belong.
 */
import type { Job, Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import { AscentError } from "../../errors.ts";
import type { TrainingWarning } from "../../training/monitor/warning.ts";
import type { Failure } from "../children/messages.ts";
import type { JobEvents } from "../children/trainInChild.ts";
import type { TrainingJob } from "../children/trainMessages.ts";
import { packageVersion } from "../version.ts";
import type { QueueAddress } from "./address.ts";
import {
  ACTIVE_SWEEPS,
  filesKey,
  jobIdOf,
  QUEUE,
  type QueuedJob,
  type QueuedProgress,
  type QueuedResult,
  queuedJob,
} from "./names.ts";
import { loadQueuePackages, type QueuePackages } from "./packages.ts";
import { unpackRunFolder } from "./runFolderBytes.ts";
import { connect, serverNotes } from "./server.ts";

/** Tries of a run that fails for a reason that may pass. */
const ATTEMPTS = 3;
/** Events may be missed while a server is away: what is open is looked at as often as this. */
const LOOK_MS = 1000;
/** The sweep counts as ended when it has said nothing for so long. */
const ACTIVE_MS = 60_000;
const ACTIVE_EVERY_MS = 10_000;

interface Open {
  job: TrainingJob;
  queued: QueuedJob;
  events: JobEvents;
  resolve(finished: boolean): void;
  reject(error: Error): void;
  looking: boolean;
}

export class QueueDispatcher {
  /** What should be otherwise with the server. */
  readonly notes: readonly string[];
  readonly #name: string;
  readonly #connection: Redis;
  readonly #queue: Queue<QueuedJob, QueuedResult>;
  readonly #events: QueueEvents;
  readonly #open = new Map<string, Open>();
  readonly #timers: NodeJS.Timeout[] = [];

  private constructor(
    name: string,
    connection: Redis,
    packages: QueuePackages,
    address: QueueAddress,
    notes: string[],
  ) {
    this.#name = name;
    this.#connection = connection;
    this.notes = notes;
    // The queue's own connections log what they meet where nobody listens.
    const options = { connection: { url: address.url, maxRetriesPerRequest: null } };
    this.#queue = new packages.Queue(QUEUE, options);
    this.#events = new packages.QueueEvents(QUEUE, options);
    this.#queue.on("error", () => {});
    this.#events.on("error", () => {});
    this.#events.on("completed", ({ jobId }) => this.#look(jobId));
    this.#events.on("failed", ({ jobId }) => this.#look(jobId));
    this.#events.on("progress", ({ jobId, data }) => this.#progress(jobId, data as QueuedProgress));
    this.#timers.push(setInterval(() => this.#lookAtAll(), LOOK_MS));
    this.#timers.push(setInterval(() => void this.#sayActive().catch(() => {}), ACTIVE_EVERY_MS));
  }

  /** @param name of the sweep, for its workers to know when it ends. @throws AscentError when the server cannot be used. */
  static async open(name: string, address: QueueAddress): Promise<QueueDispatcher> {
    const packages = await loadQueuePackages();
    const connection = await connect(packages, address);
    const dispatcher = new QueueDispatcher(name, connection, packages, address, await serverNotes(connection));
    await dispatcher.#sayActive();
    return dispatcher;
  }

  /**
   * Has a run done by some worker, and puts its files into the run's folder.
   *
   * @returns false when the signal was given: the run goes on, and is fetched when it is asked for again.
   * @throws what the run threw; AscentError "state" when it failed however often it was tried.
   */
  run(job: TrainingJob, events: JobEvents): Promise<boolean> {
    const queued = queuedJob(packageVersion(), job);
    const id = jobIdOf(queued);
    return new Promise((resolve, reject) => {
      const open: Open = { job, queued, events, resolve, reject, looking: false };
      this.#open.set(id, open);
      events.signal?.addEventListener("abort", () => this.#settle(id, () => resolve(false)), { once: true });
      if (events.signal?.aborted) return this.#settle(id, () => resolve(false));
      this.#look(id);
    });
  }

  /** Waits for nothing: open runs stay in the queue. Workers that are not to stay end. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    const silently = (work: Promise<unknown>) => work.catch(() => {});
    const ended =
      this.#connection.status === "ready" ? silently(this.#connection.zrem(ACTIVE_SWEEPS, this.#name)) : undefined;
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
    this.#connection.disconnect();
    await Promise.race([
      Promise.all([silently(this.#queue.close()), silently(this.#events.close())]),
      new Promise((resolve) => setTimeout(resolve, LOOK_MS).unref()),
    ]);
  }

  async #sayActive(): Promise<void> {
    const [seconds] = await this.#connection.time();
    await this.#connection.zadd(ACTIVE_SWEEPS, Number(seconds) * 1000 + ACTIVE_MS, this.#name);
  }

  #settle(id: string, then: () => void): void {
    if (this.#open.delete(id)) then();
  }

  #lookAtAll(): void {
    for (const id of this.#open.keys()) this.#look(id);
  }

  /** Looks how a run is, and acts on it; while the server is away there is nothing to see. */
  #look(id: string): void {
    const open = this.#open.get(id);
    if (open === undefined || open.looking || this.#connection.status !== "ready") return;
    open.looking = true;
    this.#advance(id, open)
      .catch((error: Error) => {
        if (error instanceof AscentError) this.#settle(id, () => open.reject(error));
        // Any other is the connection's, and is looked at again.
      })
      .finally(() => {
        open.looking = false;
      });
  }

  async #advance(id: string, open: Open): Promise<void> {
    const job: Job<QueuedJob, QueuedResult> | undefined = await this.#queue.getJob(id);
    if (job === undefined) return this.#give(id, open);
    const state = await job.getState();
    if (state === "failed") {
      await job.remove();
      throw new AscentError("state", {
        what: "A run could not be done by any worker",
        got: job.failedReason || "no reason",
        fix: "See what the workers say; the sweep gives the run again when it goes on.",
      });
    }
    if (state !== "completed") return;
    const result = job.returnvalue;
    if ("failure" in result) {
      await job.remove();
      this.#settle(id, () => open.reject(errorOf(result.failure)));
      return;
    }
    const files = await this.#connection.getBuffer(filesKey(id));
    await job.remove();
    // Of an earlier sweep whose files have expired: it is done again.
    if (files === null) return this.#give(id, open);
    unpackRunFolder(files, open.job.run.out);
    await this.#connection.del(filesKey(id));
    this.#settle(id, () => open.resolve(true));
  }

  async #give(id: string, { queued }: Open): Promise<void> {
    await this.#queue.add("train", queued, {
      jobId: id,
      attempts: ATTEMPTS,
      backoff: { type: "exponential", delay: 500 },
    });
  }

  #progress(id: string, progress: QueuedProgress): void {
    const events = this.#open.get(id)?.events;
    if ("warning" in progress) events?.onWarning?.(progress.warning as TrainingWarning);
    else events?.onProgress?.(progress.steps, progress.episodeReturn);
  }
}

function errorOf(failure: Failure): Error {
  return "code" in failure ? new AscentError(failure.code, failure.problem) : new Error(failure.text);
}
