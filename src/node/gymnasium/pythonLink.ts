/**
 * One Python process, asked and answered in turn by a thread that waits: a worker owns the pipes, answers come through shared
 * memory. No wait is without a deadline, and a process that is gone ends it at once. What is asked is no matter of this file.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";

/** What the other side says went wrong, by sort: of the server itself, or of the thread that watches it. */
export interface LinkFailure {
  sort: string;
  [fact: string]: unknown;
}

/** Thrown by `PythonLink`: a failure that has no words yet. */
export class LinkError extends Error {
  readonly failure: LinkFailure;

  constructor(failure: LinkFailure) {
    super(failure.sort);
    this.name = "LinkError";
    this.failure = failure;
  }
}

/** Places in the control words, as in pipeWorker.mjs. */
const TURN = 0;
const LENGTH = 1;
const PID = 2;
const PENDING = 0;
const ANSWERED = 1;
const TOLD = 2;

type Asked = { open: object } | { ask: number; length: number };

/** Processes that live: this one takes them with it. */
const living = new Set<PythonLink>();

function killAll(): void {
  for (const link of living) link.kill();
}

export class PythonLink {
  /** What `ask` sends; there once `share` was called. */
  request: Uint8Array<SharedArrayBuffer> = new Uint8Array(new SharedArrayBuffer(0));
  /** What came back to `ask`. */
  answer: Uint8Array<SharedArrayBuffer> = new Uint8Array(new SharedArrayBuffer(0));
  readonly #control = new Int32Array(new SharedArrayBuffer(12));
  readonly #worker: Worker;
  readonly #port: MessagePort;
  #failure: LinkFailure | undefined;

  constructor(command: string, args: readonly string[]) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#worker = new Worker(new URL("./pipeWorker.mjs", import.meta.url), {
      workerData: { command, args, control: this.#control, port: port2 },
      transferList: [port2],
      execArgv: [],
    });
    this.#worker.unref();
    port1.unref();
    if (living.size === 0) process.on("exit", killAll);
    living.add(this);
  }

  /** What the server says of itself. @throws LinkError */
  open(request: object, deadlineMs: number): unknown {
    this.#exchange({ open: request }, deadlineMs);
    return (this.#told() as { ready?: unknown }).ready;
  }

  /** Makes the memory for all that follows. */
  share(requestBytes: number, answerBytes: number): void {
    this.request = new Uint8Array(new SharedArrayBuffer(requestBytes));
    this.answer = new Uint8Array(new SharedArrayBuffer(answerBytes));
    this.#worker.postMessage({ memory: { request: this.request.buffer, answer: this.answer.buffer } });
  }

  /** Sends the first bytes of `request`. @returns how many of `answer` came back. @throws LinkError */
  ask(kind: number, length: number, deadlineMs: number): number {
    if (this.#exchange({ ask: kind, length }, deadlineMs) === TOLD) this.#told();
    return Atomics.load(this.#control, LENGTH);
  }

  close(): void {
    this.#failure ??= { sort: "closed" };
    living.delete(this);
    if (living.size === 0) process.off("exit", killAll);
    this.#worker.postMessage({ close: true });
  }

  kill(): void {
    const pid = Atomics.load(this.#control, PID);
    try {
      if (pid > 0) process.kill(pid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }

  #exchange(asked: Asked, deadlineMs: number): number {
    if (this.#failure !== undefined) throw new LinkError(this.#failure);
    // Not a plain store: word of its end may come between two questions.
    if (Atomics.compareExchange(this.#control, TURN, ANSWERED, PENDING) === TOLD) this.#told();
    this.#worker.postMessage(asked);
    if (Atomics.wait(this.#control, TURN, PENDING, deadlineMs) === "timed-out") {
      this.#fail({ sort: "deadline", ms: deadlineMs });
    }
    return Atomics.load(this.#control, TURN);
  }

  /** What the worker posted. @throws LinkError when that is a failure. */
  #told(): unknown {
    Atomics.store(this.#control, TURN, PENDING);
    const { message } = receiveMessageOnPort(this.#port) ?? { message: { failure: { sort: "garbage", text: "" } } };
    if (message.failure !== undefined) this.#fail(message.failure);
    return message;
  }

  #fail(failure: LinkFailure): never {
    this.#failure = failure;
    this.kill();
    throw new LinkError(failure);
  }
}
