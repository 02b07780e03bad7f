/**
 * A run as the page has it: signals to be read and things to be asked for. The run itself is in a worker; whatever happens to that, the
 * page goes on, says what happened, and keeps the last state there was.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { TrainingWarning } from "ascent-rl";
import type { Scene } from "ascent-rl/scenes";
import { History } from "./history.ts";
import { Pool, placesHere, type Turn } from "./pool.ts";
import type { BytesKind, RunReply, RunRequest, Sample, Speed, StartedFacts } from "./protocol.ts";
import { PROTOCOL } from "./protocol.ts";
import type { RunSettings, SettingChange } from "./runSettings.ts";
import { whyNotHere } from "./simd.ts";
import { isShown } from "./visible.ts";
import { openWorker, type WorkerLine } from "./workerLine.ts";

export type { Sample, Speed } from "./protocol.ts";
export type { RunSettings, SettingChange } from "./runSettings.ts";

export type RunState = "waiting" | "starting" | "running" | "paused" | "finished" | "failed" | "ended";

export interface StartOptions {
  /** A snapshot to go on from. */
  from?: Uint8Array;
  /** The figures up to there. */
  history?: History;
  /** policy.safetensors to start from; of a language model, the model.safetensors of its world. */
  initialPolicy?: Uint8Array;
  paused?: boolean;
  speed?: Speed;
  /** Milliseconds between two states that the page keeps. Default 15,000. */
  keepEvery?: number;
}

/** The state last sent, with its step. */
export interface Kept {
  readonly steps: number;
  readonly bytes: Uint8Array;
}

/** All runs of the page share the machine. */
const pool = new Pool(placesHere());

export function startRun(settings: RunSettings, options: StartOptions = {}): Run {
  return new Run(settings, options);
}

export class Run {
  readonly history: History;
  readonly #state: Signal<RunState> = signal("paused");
  readonly #version = signal(0);
  readonly #scene = signal<Scene | undefined>(undefined);
  readonly #warnings = signal<readonly TrainingWarning[]>([]);
  readonly #error = signal<string | undefined>(undefined);
  readonly #hash = signal<string | undefined>(undefined);
  readonly #facts = signal<StartedFacts | undefined>(undefined);
  readonly #samples = signal<{ steps: number; samples: readonly Sample[] } | undefined>(undefined);
  readonly #changes: Signal<readonly SettingChange[]>;
  readonly #options: StartOptions;
  #settings: RunSettings;
  #line: WorkerLine | undefined;
  #turn: Turn | undefined;
  #speed: Speed;
  #watched = false;
  /** What is to be done when its turn has come. */
  #wants: "resume" | "step" = "resume";
  /** Whether it was last told to go on: what a worker says of a pause may be older. */
  #goesOn = false;
  #stopShown: (() => void) | undefined;
  /** Steps asked for while another one is under way. */
  #steps = 0;
  #names: readonly string[] = [];
  #kept: Kept | undefined;
  #policy: Uint8Array | undefined;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #behindPause: ((steps: number) => void)[] = [];
  #lastId = 0;

  constructor(settings: RunSettings, options: StartOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#speed = options.speed ?? "full";
    this.history = options.history ?? new History();
    this.#changes = signal(settings.changes ?? []);
    if (options.from !== undefined) this.#kept = { steps: this.history.last("steps") ?? 0, bytes: options.from };
    const missing = whyNotHere();
    if (missing !== undefined) this.#fail(missing);
    else if (!options.paused) this.resume();
  }

  /** With the changes made so far: what repeats it. */
  get settings(): RunSettings {
    return this.#settings;
  }

  get state(): ReadonlySignal<RunState> {
    return this.#state;
  }

  /** Counts up with every message of iterations. */
  get version(): ReadonlySignal<number> {
    return this.#version;
  }

  /** While it is watched: the policy acting. */
  get scene(): ReadonlySignal<Scene | undefined> {
    return this.#scene;
  }

  get warnings(): ReadonlySignal<readonly TrainingWarning[]> {
    return this.#warnings;
  }

  get error(): ReadonlySignal<string | undefined> {
    return this.#error;
  }

  /** SHA-256 of the policy's file, of a finished run. */
  get hash(): ReadonlySignal<string | undefined> {
    return this.#hash;
  }

  /** Known once its learner is made. */
  get facts(): ReadonlySignal<StartedFacts | undefined> {
    return this.#facts;
  }

  /** Of a language model: the completions last looked at. */
  get samples(): ReadonlySignal<{ steps: number; samples: readonly Sample[] } | undefined> {
    return this.#samples;
  }

  get changes(): ReadonlySignal<readonly SettingChange[]> {
    return this.#changes;
  }

  /** The last state that the page has, which a worker's end does not take away. */
  get kept(): Kept | undefined {
    return this.#kept;
  }

  resume(): void {
    const state = this.#state.peek();
    if (state === "paused") this.#queue("resume");
    else if (state === "running" || state === "starting") this.#line?.send({ kind: "resume" });
    this.#goesOn = true;
  }

  /** Goes on with a failed run: from the last state that there is, else from its beginning. */
  recover(): void {
    if (this.#state.peek() !== "failed" || whyNotHere() !== undefined) return;
    this.#clear();
    if (this.#kept === undefined) this.history.clear();
    else this.history.cutBehind(this.#kept.steps);
    this.#version.value++;
    this.#state.value = "paused";
    this.resume();
  }

  /** Behind the iteration under way. */
  pause(): void {
    this.#goesOn = false;
    const state = this.#state.peek();
    if (state === "waiting") {
      this.#leave();
      this.#state.value = "paused";
    } else if (state === "running" || state === "starting") {
      this.#line?.send({ kind: "pause" });
    }
  }

  /** One iteration, and then a pause. */
  step(): void {
    this.#goesOn = false;
    const state = this.#state.peek();
    if (state === "paused") this.#queue("step");
    else if (state === "running" || state === "starting") this.#line?.send({ kind: "step" });
    else if (state === "waiting") this.#steps++;
  }

  /** The same again from the beginning, with the changes made so far at their steps. */
  restart(): void {
    if (whyNotHere() !== undefined) return;
    this.#drop("The run was started again.");
    this.#kept = undefined;
    this.#policy = undefined;
    this.history.clear();
    this.#clear();
    this.#state.value = "paused";
    this.#version.value++;
    this.resume();
  }

  speed(speed: Speed): void {
    this.#speed = speed;
    this.#line?.send({ kind: "speed", speed });
  }

  /**
   * From the next iteration on, or from the first that begins at `atStep`.
   *
   * @returns all changes, the new one among them.
   */
  change(options: SettingChange["options"], atStep?: number): Promise<readonly SettingChange[]> {
    if (this.#state.peek() === "finished")
      return Promise.reject(new Error("The run has finished: start it again first."));
    const message = { kind: "change" as const, options, ...(atStep !== undefined && { atStep }) };
    return this.#ask<readonly SettingChange[]>((id) => ({ ...message, id }));
  }

  /** A copy of the policy acts while somebody looks; training's bits do not depend on it. */
  watch(on: boolean): void {
    if (this.#watched === on) return;
    this.#watched = on;
    this.#stopShown?.();
    this.#stopShown = on ? isShown.subscribe(() => this.#tellWatched()) : undefined;
    if (on && this.#state.peek() === "finished" && this.#line === undefined) this.#open();
    else this.#tellWatched();
    if (!on && this.#state.peek() === "finished") this.#close();
  }

  /** The policy's file as it is now; of a run that has ended, as it last was. */
  async policy(): Promise<Uint8Array> {
    return this.#policy ?? (await this.#bytes("policy")).bytes;
  }

  /** The whole state as it is now; of a run that failed, the last that there is. */
  async snapshot(): Promise<Uint8Array> {
    return (await this.save()).bytes;
  }

  /** As `snapshot`, with its step: figures of later ones may have come since. */
  async save(): Promise<Kept> {
    const isOver = ["failed", "ended", "finished"].includes(this.#state.peek());
    if (isOver && this.#kept !== undefined) return this.#kept;
    // One that waits for its turn has a state already, or begins from its settings.
    if (this.#line === undefined && this.#kept !== undefined) return this.#kept;
    this.#kept = await this.#bytes("snapshot");
    return this.#kept;
  }

  /** Pauses and waits for it. @returns the steps made. */
  hold(): Promise<number> {
    const state = this.#state.peek();
    if (state !== "running" && state !== "starting") {
      if (state === "waiting") this.pause();
      return Promise.resolve(this.history.last("steps") ?? 0);
    }
    return new Promise((resolve) => {
      this.#behindPause.push(resolve);
      this.pause();
    });
  }

  end(): void {
    this.watch(false);
    this.#drop("The run was ended.");
    this.#state.value = "ended";
  }

  #queue(wants: "resume" | "step"): void {
    this.#wants = wants;
    this.#state.value = "waiting";
    this.#turn = pool.take(() => queueMicrotask(() => this.#begin()));
  }

  /** Its turn has come. */
  #begin(): void {
    if (this.#state.peek() !== "waiting") return;
    const line = this.#line ?? this.#open();
    this.#state.value = this.#facts.peek() === undefined ? "starting" : "running";
    line.send({ kind: this.#wants });
  }

  #open(): WorkerLine {
    const settings = { ...this.#settings, changes: this.#changes.peek() };
    const line = openWorker(settings, {
      reply: (reply) => this.#take(line, reply),
      failed: (message) => {
        if (this.#line === line) this.#fail(message);
      },
    });
    this.#line = line;
    const { initialPolicy, keepEvery = 15_000 } = this.#options;
    const from = this.#kept?.bytes;
    line.send({
      kind: "start",
      version: PROTOCOL,
      settings,
      ...(from && { from }),
      ...(initialPolicy && { initialPolicy }),
      speed: this.#speed,
      keepEvery,
    });
    this.#tellWatched();
    return line;
  }

  #take(line: WorkerLine, reply: RunReply): void {
    if (this.#line !== line) return;
    switch (reply.kind) {
      case "started":
        this.#facts.value = reply.facts;
        if (this.#state.peek() === "starting") this.#state.value = "running";
        return;
      case "columns":
        this.#names = reply.names;
        return;
      case "iterations":
        this.history.append(this.#names, reply.rows, reply.values);
        this.#version.value++;
        return;
      case "paused":
        this.#paused(reply.steps);
        return;
      case "changed":
        this.#changes.value = reply.changes;
        this.#settings = { ...this.#settings, changes: reply.changes };
        this.#settle(reply.id)?.resolve(reply.changes);
        return;
      case "bytes":
        this.#settle(reply.id)?.resolve({ steps: reply.steps, bytes: reply.bytes });
        return;
      case "refused":
        this.#settle(reply.id)?.reject(new Error(reply.message));
        return;
      case "kept":
        this.#kept = { steps: reply.steps, bytes: reply.bytes };
        return;
      case "scene":
        this.#scene.value = reply.scene;
        return;
      case "samples":
        this.#samples.value = { steps: reply.steps, samples: reply.samples };
        return;
      case "warning":
        this.#warnings.value = [...this.#warnings.peek(), reply.warning];
        return;
      case "finished":
        this.#finished(reply);
        return;
      case "failed":
        this.#fail(reply.message);
        return;
      default:
    }
  }

  #paused(steps: number): void {
    const state = this.#state.peek();
    if ((state !== "running" && state !== "starting") || this.#goesOn) return;
    if (this.#steps > 0) {
      this.#steps--;
      this.#line?.send({ kind: "step" });
      return;
    }
    this.#leave();
    this.#state.value = "paused";
    for (const resolve of this.#behindPause.splice(0)) resolve(steps);
  }

  #finished({ steps, hash, policy, snapshot }: Extract<RunReply, { kind: "finished" }>): void {
    this.#leave();
    this.#kept = { steps, bytes: snapshot };
    this.#policy = policy;
    this.#hash.value = hash;
    this.#state.value = "finished";
    for (const resolve of this.#behindPause.splice(0)) resolve(steps);
    if (!this.#watched) this.#close();
  }

  #fail(message: string): void {
    this.#drop(message);
    this.#error.value = message;
    this.#state.value = "failed";
  }

  #clear(): void {
    this.#error.value = undefined;
    this.#hash.value = undefined;
    this.#facts.value = undefined;
    this.#warnings.value = [];
    this.#scene.value = undefined;
    this.#samples.value = undefined;
    this.#steps = 0;
  }

  #bytes(of: BytesKind): Promise<Kept> {
    return this.#ask<Kept>((id) => ({ kind: "bytes", id, of }));
  }

  #ask<Answer>(request: (id: number) => RunRequest): Promise<Answer> {
    const state = this.#state.peek();
    if (state === "failed" || state === "ended") {
      return Promise.reject(new Error(this.#error.peek() ?? "The run has ended: start it again first."));
    }
    const line = this.#line ?? this.#open();
    const id = ++this.#lastId;
    return new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
      line.send(request(id));
    });
  }

  #settle(id: number) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #tellWatched(): void {
    this.#line?.send({ kind: "watch", on: this.#watched && isShown.peek() });
  }

  #leave(): void {
    this.#turn?.release();
    this.#turn = undefined;
  }

  #close(): void {
    this.#line?.end();
    this.#line = undefined;
  }

  /** Ends the worker; whoever waits for an answer gets this one. */
  #drop(why: string): void {
    this.#leave();
    this.#close();
    for (const { reject } of this.#waiting.values()) reject(new Error(why));
    this.#waiting.clear();
    for (const resolve of this.#behindPause.splice(0)) resolve(this.history.last("steps") ?? 0);
  }
}
