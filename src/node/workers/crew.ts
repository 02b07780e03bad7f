/**
 * The worker threads of a batch as their caller sees them: calls go out to some or all, and every answer is waited for, with a
 * deadline and a look at whether those that owe one are alive. What went wrong comes back as an error that says where.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { AscentError } from "../../errors.ts";
import { errorOf } from "../children/runInChild.ts";
import { type Call, type ControlWords, calls, controlBlock, controlWords, lifeSign, outcomes } from "./controlBlock.ts";
import type { Answer, Argument, Slice, WatcherData, WorkerData, WorkerEnd } from "./messages.ts";
import { program } from "./program.ts";
import { type Place, refuseAfter, refuseEnded, refuseFault, refuseHanging, refuseUnwatched } from "./refusals.ts";
import { Waiter } from "./waiter.ts";

/** Longest sleep between two looks at who is alive. */
const SLEEP_MS = 50;
/** After this long the watching thread is asked for a sign of life, which it may take ten times as long for. */
const SIGN_MS = 1000;

export interface CrewOptions {
  id: string;
  imports: readonly string[];
  slices: readonly Slice[];
  /** That threads may take to start and make their environments. */
  startSeconds: number;
  /** That any answer may take after that. */
  deadlineSeconds: number;
  /** Where the batch is now, for errors: "at step 3 since …". */
  where(): string;
}

export class Crew {
  readonly #options: CrewOptions;
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #words: readonly ControlWords[];
  readonly #workers: readonly number[];
  readonly #ports: readonly MessagePort[];
  readonly #ends: MessagePort;
  readonly #waiter: Waiter;
  /** The watching thread; those of the workers end with it. */
  readonly thread: Worker;
  /** Number of each worker's last call. */
  readonly #called: Int32Array;
  #since = 0;
  /** The last sign of life that was asked for, and when. */
  #sign = 0;
  #asked = 0;
  /** Why there can be no more calls. */
  #lost: AscentError | undefined;

  /** Starts the threads, and has each make its slice, whose facts `answers("make")` waits for. */
  constructor(options: CrewOptions) {
    const { slices, id, imports } = options;
    const control = controlBlock(slices.length);
    const threads = slices.length + 1;
    const channels = slices.map(() => new MessageChannel());
    const ends = new MessageChannel();
    this.#options = options;
    this.#control = control;
    this.#words = slices.map((_, worker) => controlWords(worker));
    this.#workers = [...slices.keys()];
    this.#ports = channels.map(({ port1 }) => port1);
    this.#ends = ends.port1;
    this.#waiter = new Waiter(control, threads);
    this.#called = new Int32Array(slices.length);
    const workers = slices.map(
      (slice, worker): WorkerData => ({ id, imports, slice, worker, threads, control, port: channels[worker].port2 }),
    );
    const workerData: WatcherData = { file: program("workerProgram"), workers, control, port: ends.port2 };
    const transferList = [ends.port2, ...channels.map(({ port2 }) => port2)];
    this.thread = new Worker(program("watcher"), { workerData, transferList });
    // A batch that nobody closes keeps no process alive, as one without threads does not.
    this.thread.unref();
    this.thread.on("error", () => {});
    this.#begin();
    for (const worker of this.#workers) this.#call(worker, "make");
  }

  /** Calls all of them. @throws what the first of those that threw did; AscentError "environment" when a thread is lost. */
  all(call: Call, argument: (worker: number) => Argument = () => ({})): unknown[] {
    this.#requireWhole();
    this.#begin();
    for (const worker of this.#workers) {
      this.#ports[worker].postMessage(argument(worker));
      this.#call(worker, call);
    }
    return this.answers(call);
  }

  /** Calls one of them, as `all` does. */
  one(worker: number, call: Call, argument: Argument): unknown {
    this.#requireWhole();
    this.#begin();
    this.#ports[worker].postMessage(argument);
    this.#call(worker, call);
    this.#await(worker, call);
    return this.#answer(worker, call);
  }

  /** One step of all, without an allocation. @throws as `all`. */
  step(): void {
    this.#requireWhole();
    this.#begin();
    const count = this.#words.length;
    for (let worker = 0; worker < count; worker++) this.#call(worker, "step");
    let failed = false;
    for (let worker = 0; worker < count; worker++) {
      this.#await(worker, "step");
      failed ||= Atomics.load(this.#control, this.#words[worker].outcome) !== outcomes.done;
    }
    if (failed) this.answers("step");
  }

  /** What all of them answer to the call that they were sent last. */
  answers(call: Call): unknown[] {
    for (const worker of this.#workers) this.#await(worker, call);
    const faults: unknown[] = [];
    const results = this.#workers.map((worker) => {
      try {
        return this.#answer(worker, call);
      } catch (fault) {
        faults.push(fault);
        return undefined;
      }
    });
    if (faults.length > 0) throw faults[0];
    return results;
  }

  /** Has the environments closed and the threads ended. @throws what closing threw; the threads are gone then too. */
  close(): void {
    if (this.#lost !== undefined) return;
    try {
      this.all("close");
    } finally {
      this.abandon();
    }
  }

  /** Ends the threads as they are. */
  abandon(): void {
    this.#lost ??= refuseAfter(this.#options.id);
    void this.thread.terminate();
    for (const port of [...this.#ports, this.#ends]) port.close();
  }

  #requireWhole(): void {
    if (this.#lost !== undefined) throw this.#lost;
  }

  #begin(): void {
    this.#since = performance.now();
    this.#waiter.begin();
  }

  #call(worker: number, call: Call): void {
    const { called, call: what } = this.#words[worker];
    Atomics.store(this.#control, what, calls.indexOf(call));
    Atomics.store(this.#control, called, ++this.#called[worker]);
    Atomics.notify(this.#control, called);
  }

  #await(worker: number, call: Call): void {
    const { answered, outcome } = this.#words[worker];
    const before = (this.#called[worker] - 1) | 0;
    while (!this.#waiter.changed(answered, before, SLEEP_MS)) {
      if (Atomics.load(this.#control, outcome) === outcomes.ended) break;
      this.#lookAround(worker, call);
    }
    if (Atomics.load(this.#control, outcome) === outcomes.ended) this.#ended(worker, call);
  }

  /** While an answer is not there: is it late, and would anybody tell if it could not come any more? */
  #lookAround(worker: number, call: Call): void {
    const waited = performance.now() - this.#since;
    const { startSeconds, deadlineSeconds } = this.#options;
    const limit = call === "make" ? startSeconds : deadlineSeconds;
    if (waited >= limit * 1000) this.#lose(refuseHanging(this.#place(worker, call), limit));
    if (waited < SIGN_MS) return;
    const now = performance.now();
    if (Atomics.load(this.#control, lifeSign(this.#words.length)) === this.#sign) {
      this.thread.postMessage(++this.#sign);
      this.#asked = now;
    } else if (now - this.#asked > 10 * SIGN_MS) this.#lose(refuseUnwatched(this.#place(worker, call)));
  }

  #ended(worker: number, call: Call): never {
    let end: WorkerEnd | undefined;
    for (let next = receiveMessageOnPort(this.#ends); next !== undefined; next = receiveMessageOnPort(this.#ends)) {
      const one = next.message as WorkerEnd;
      if (one.worker === worker) end = one;
    }
    this.#lose(refuseEnded(this.#place(worker, call), end));
  }

  #lose(error: AscentError): never {
    this.#lost = error;
    this.abandon();
    throw error;
  }

  #answer(worker: number, call: Call): unknown {
    const failed = Atomics.load(this.#control, this.#words[worker].outcome) !== outcomes.done;
    if (call === "step" && !failed) return undefined;
    const answer = receiveMessageOnPort(this.#ports[worker])?.message as Answer;
    if ("result" in answer) return answer.result;
    const error = errorOf(answer.failure);
    if (error instanceof AscentError) throw error;
    throw refuseFault(this.#place(worker, call), error);
  }

  #place(worker: number, call: Call): Place {
    const { id, slices, where } = this.#options;
    return { id, worker, slice: slices[worker], call, where: where() };
  }
}
