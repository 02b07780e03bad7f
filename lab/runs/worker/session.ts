/**
 * One run in its worker, from the request that starts it to its end: the library's learner and its run loop, and between two
 * iterations whatever the page has asked for. Nothing that a page does touches the numbers but `change`.
 */
import { Monitor, runLearner } from "ascent-rl";
import { hashOf } from "../hash.ts";
import { PROTOCOL, type RunRequest } from "../protocol.ts";
import type { RunSettings } from "../runSettings.ts";
import { Gate } from "./gate.ts";
import { Outbox, type Post } from "./outbox.ts";
import { ownLineOf } from "./ownHost.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";
import type { Trained } from "./trained.ts";

type Start = Extract<RunRequest, { kind: "start" }>;
/** What may be asked for while an iteration is under way is done between two. */
type Asked = Extract<RunRequest, { kind: "change" | "bytes" }>;

export type MakeTrained = (
  settings: RunSettings,
  start: { resume?: ReturnType<typeof decodeSnapshot>; initialPolicy?: Uint8Array; post: Post },
) => Promise<Trained>;

/** How a run begins decides what is loaded: the code of language models only where one is trained. */
export class Session {
  readonly #post: Post;
  readonly #make: MakeTrained;
  readonly #gate = new Gate();
  readonly #outbox: Outbox;
  readonly #asked: Asked[] = [];
  #settings: RunSettings | undefined;
  #trained: Trained | undefined;
  #watches = false;
  /** Whether nothing is under way, so that what is asked for can be done at once. */
  #idle = false;
  #keepEvery = Number.POSITIVE_INFINITY;
  #kept = 0;

  constructor(post: Post, make: MakeTrained) {
    this.#post = post;
    this.#make = make;
    this.#outbox = new Outbox(post);
  }

  take(request: RunRequest): void {
    switch (request.kind) {
      case "start":
        this.#run(request).catch((error: unknown) => this.#fail(error));
        return;
      case "resume":
        this.#gate.resume();
        return;
      case "pause":
        this.#gate.pause();
        return;
      case "step":
        this.#gate.step();
        return;
      case "speed":
        this.#gate.speed = request.speed;
        this.#gate.look();
        return;
      case "watch":
        this.#watch(request.on);
        return;
      case "ping":
        this.#post({ kind: "alive" });
        return;
      default:
        this.#asked.push(request);
        if (this.#idle) this.#answer();
    }
  }

  async #run(start: Start): Promise<void> {
    if (start.version !== PROTOCOL) {
      throw new Error("The page and its worker are of two versions. Load the page anew: what is saved stays.");
    }
    const { settings } = start;
    this.#settings = settings;
    this.#gate.speed = start.speed;
    this.#keepEvery = start.keepEvery;
    const resume = start.from && decodeSnapshot(start.from, settings);
    const trained = await this.#make(settings, {
      ...(resume && { resume }),
      ...(start.initialPolicy && { initialPolicy: start.initialPolicy }),
      post: this.#post,
    });
    this.#trained = trained;
    this.#post({ kind: "started", version: PROTOCOL, facts: trained.facts });
    this.#watch(this.#watches);
    this.#kept = performance.now();
    const { learner, facts } = trained;
    const monitor = new Monitor({
      algorithm: settings.algorithm,
      of: facts.trains,
      get options() {
        return trained.options();
      },
    });
    if (learner.steps < facts.total && !learner.finished) await this.#pass();
    await runLearner(learner, facts.total, {
      monitor,
      onWarning: (warning) => this.#post({ kind: "warning", warning }),
      onIteration: (metrics) => {
        this.#outbox.add(metrics);
        const more = learner.steps < facts.total && !learner.finished;
        if (trained.samples === undefined) return more ? this.#between() : undefined;
        return this.#look(trained).then(() => (more ? this.#between() : undefined));
      },
    });
    this.#finish(trained);
  }

  /** A policy that acts, completions: what is to be seen of it. */
  async #look(trained: Trained): Promise<void> {
    const samples = await trained.samples?.();
    if (samples === undefined) return;
    this.#outbox.flush();
    this.#post({ kind: "samples", steps: trained.learner.steps, samples });
  }

  #between(): Promise<void> | undefined {
    this.#answer();
    this.#keep();
    return this.#pass();
  }

  #pass(): Promise<void> | undefined {
    const pending = this.#gate.pass(() => {
      this.#outbox.flush();
      this.#post({ kind: "paused", steps: this.#trained?.learner.steps ?? 0 });
    });
    if (pending === undefined) return undefined;
    this.#idle = true;
    this.#answer();
    return pending.then(() => {
      this.#idle = false;
    });
  }

  #answer(): void {
    for (const request of this.#asked.splice(0)) {
      try {
        if (request.kind === "change") this.#change(request);
        else this.#send(request.id, request.of);
      } catch (error) {
        this.#post({ kind: "refused", id: request.id, message: wordsOf(error) });
      }
    }
  }

  #change({ id, options, atStep }: Extract<Asked, { kind: "change" }>): void {
    const trained = this.#require();
    trained.change(options, atStep);
    this.#outbox.flush();
    this.#post({ kind: "changed", id, changes: trained.changes() });
  }

  #send(id: number, of: "policy" | "snapshot"): void {
    const bytes = of === "policy" ? this.#require().file() : this.#snapshot();
    this.#outbox.flush();
    this.#post({ kind: "bytes", id, steps: this.#require().learner.steps, bytes }, [bytes.buffer]);
  }

  #snapshot(): Uint8Array<ArrayBuffer> {
    const { learner, facts, changes } = this.#require();
    return encodeSnapshot(this.#settings as RunSettings, changes(), facts.kernels, learner.save());
  }

  /** Now and then the state goes to the page, so that a worker that dies takes little with it. */
  #keep(): void {
    if (performance.now() - this.#kept < this.#keepEvery) return;
    const bytes = this.#snapshot();
    this.#outbox.flush();
    this.#post({ kind: "kept", steps: this.#require().learner.steps, bytes }, [bytes.buffer]);
    this.#kept = performance.now();
  }

  #finish(trained: Trained): void {
    this.#idle = true;
    this.#answer();
    const policy = trained.file();
    const snapshot = this.#snapshot();
    this.#outbox.flush();
    this.#post({ kind: "finished", steps: trained.learner.steps, hash: hashOf(policy), policy, snapshot }, [
      policy.buffer,
      snapshot.buffer,
    ]);
  }

  #watch(on: boolean): void {
    this.#watches = on;
    if (on) this.#trained?.acting?.on();
    else this.#trained?.acting?.off();
  }

  #fail(error: unknown): void {
    this.#trained?.acting?.off();
    this.#outbox.flush();
    const line = ownLineOf(error);
    this.#post({ kind: "failed", message: wordsOf(error), ...(line !== undefined && { line }) });
    this.#trained?.close();
  }

  #require(): Trained {
    if (this.#trained === undefined) throw new Error("The run is still being made.");
    return this.#trained;
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
