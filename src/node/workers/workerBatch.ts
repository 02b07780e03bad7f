/**
 * A batch whose environments live in worker threads: the same numbers as in one thread, bit for bit, for any number of workers.
 * All that a step says lies in shared memory, where this batch's arrays are views; `step` returns when every worker is through.
 */
import type { BatchedEnvironment } from "../../envs/batched.ts";
import { checkActionsLength, checkIndex, refuseBeforeReset } from "../../envs/checks.ts";
import type { Info } from "../../envs/environment.ts";
import { type Space, spaceFromJson } from "../../envs/spaces.ts";
import { AscentError } from "../../errors.ts";
import { checkSeed } from "../../random/stream.ts";
import type { Scene } from "../../scenes/scene.ts";
import { stepBytes, stepNumbers } from "./controlBlock.ts";
import { Crew } from "./crew.ts";
import type { Slice, SliceFacts, SliceInfos } from "./messages.ts";
import { cutState, joinStates, slicesOf } from "./slices.ts";

export interface WorkerBatchOptions {
  workers: number;
  /** URLs of modules that every worker imports first. */
  imports: readonly string[];
  startSeconds: number;
  deadlineSeconds: number;
}

/** Threads of batches that nobody closed end when those are collected. */
const unclosed = new FinalizationRegistry<{ terminate(): Promise<number> }>((thread) => void thread.terminate());

export class WorkerBatch implements BatchedEnvironment {
  readonly id: string;
  readonly count: number;
  readonly firstIndex: number;
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  readonly observationSize: number;
  readonly actionSize: number;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly exactObservations?: Float64Array;
  readonly exactFinalObservations?: Float64Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly actionMasks?: Uint8Array;
  readonly exactState: boolean;
  readonly scene?: (index: number) => Scene;
  readonly finalScene?: (index: number) => Scene;
  readonly #crew: Crew;
  readonly #slices: readonly Slice[];
  readonly #actions: Float32Array;
  readonly #whereabouts: Whereabouts;
  #infos: { infos: (Info | undefined)[]; finalInfos: (Info | undefined)[] } | undefined;
  readonly #hasInfos: boolean;
  /** "ready": to step; "broken": a call went wrong in some of the slices. */
  #phase: "new" | "ready" | "broken" = "new";

  /** @throws AscentError "environment" when a worker cannot make its environments, or they are not all of one kind. */
  constructor(id: string, count: number, firstIndex: number, { workers, imports, ...deadlines }: WorkerBatchOptions) {
    const slices = slicesOf(count, workers).map((slice) => ({ ...slice, first: firstIndex + slice.first }));
    const whereabouts = { step: 0, since: "before reset" };
    const where = () => whereaboutsText(whereabouts);
    const crew = new Crew({ id, imports, slices, where, ...deadlines });
    try {
      const facts = crew.answers("make") as SliceFacts[];
      requireAlike(facts, slices);
      const [first] = facts;
      const sizes = { ...first, count };
      const buffer = new SharedArrayBuffer(stepBytes(sizes));
      crew.all("attach", () => ({ block: { buffer, sizes, firstIndex } }));
      const { actions, ...numbers } = stepNumbers(buffer, sizes);
      this.id = first.id;
      this.observationSpace = spaceFromJson(first.observationSpace);
      this.actionSpace = spaceFromJson(first.actionSpace);
      this.observationSize = first.observationSize;
      this.actionSize = first.actionSize;
      this.observations = numbers.observations;
      this.finalObservations = numbers.finalObservations;
      if (first.exact) {
        this.exactObservations = numbers.exactObservations;
        this.exactFinalObservations = numbers.exactFinalObservations;
      }
      this.rewards = numbers.rewards;
      this.terminated = numbers.terminated;
      this.truncated = numbers.truncated;
      if (first.maskSize > 0) this.actionMasks = numbers.actionMasks;
      this.exactState = facts.every(({ exactState }) => exactState);
      if (first.scenes) this.scene = (index) => this.#scene("scene", index);
      if (first.finalScenes) this.finalScene = (index) => this.#scene("finalScene", index);
      this.#hasInfos = first.infos;
      this.#actions = actions;
    } catch (error) {
      crew.abandon();
      throw error;
    }
    this.count = count;
    this.firstIndex = firstIndex;
    this.#crew = crew;
    this.#slices = slices;
    this.#whereabouts = whereabouts;
    unclosed.register(this, crew.thread, this);
  }

  /** Fetched when they are read: a step does not carry them. */
  get infos(): readonly (Info | undefined)[] | undefined {
    return this.#fetchInfos()?.infos;
  }

  get finalInfos(): readonly (Info | undefined)[] | undefined {
    return this.#fetchInfos()?.finalInfos;
  }

  reset(seed: number): void {
    checkSeed(seed);
    this.#whereabouts.step = 0;
    this.#whereabouts.since = `since the reset with seed ${seed}`;
    this.#start(() => this.#crew.all("reset", () => ({ seed })));
  }

  step(actions: Float32Array): void {
    if (this.#phase !== "ready") this.#requireReady("step");
    checkActionsLength(this.id, actions, this.count * this.actionSize);
    this.#actions.set(actions);
    this.#infos = undefined;
    this.#phase = "broken";
    this.#crew.step();
    this.#phase = "ready";
    this.#whereabouts.step++;
  }

  saveState(): unknown {
    this.#requireReady("saveState");
    return joinStates(this.id, this.#crew.all("saveState"));
  }

  /** A state that is refused (AscentError "file") by some of the workers wants another one, or a reset, before the next step. */
  loadState(state: unknown): void {
    const parts = cutState(this.id, state, this.#slices, this.firstIndex, this.count);
    this.#whereabouts.step = 0;
    this.#whereabouts.since = `since the state that was loaded, of seed ${seedOf(state)}`;
    this.#start(() => this.#crew.all("loadState", (worker) => ({ state: parts[worker] })));
  }

  /** Closes the environments and ends the threads; a second call does nothing. */
  close(): void {
    unclosed.unregister(this);
    this.#crew.close();
  }

  #start(call: () => void): void {
    this.#infos = undefined;
    this.#phase = "broken";
    call();
    this.#phase = "ready";
  }

  #requireReady(call: string): void {
    if (this.#phase === "new") refuseBeforeReset(this.id, call);
    if (this.#phase === "ready") return;
    throw new AscentError("state", {
      what: `${this.id}: ${call} was called after one that went wrong in some of the environments, and not in others`,
      fix: "Call reset or loadState first.",
    });
  }

  #fetchInfos(): { infos: (Info | undefined)[]; finalInfos: (Info | undefined)[] } | undefined {
    if (!this.#hasInfos || this.#infos !== undefined) return this.#infos;
    const parts = this.#crew.all("infos") as SliceInfos[];
    const none = ({ count }: Slice) => new Array<undefined>(count).fill(undefined);
    this.#infos = {
      infos: parts.flatMap(({ infos }, k) => infos ?? none(this.#slices[k])),
      finalInfos: parts.flatMap(({ finalInfos }, k) => finalInfos ?? none(this.#slices[k])),
    };
    return this.#infos;
  }

  #scene(call: "scene" | "finalScene", index: number): Scene {
    checkIndex(this, index);
    const at = this.firstIndex + index;
    const worker = this.#slices.findLastIndex(({ first }) => first <= at);
    return this.#crew.one(worker, call, { index: at - this.#slices[worker].first }) as Scene;
  }
}

interface Whereabouts {
  step: number;
  since: string;
}

function whereaboutsText({ step, since }: Whereabouts): string {
  return since === "before reset" ? since : `at step ${step} ${since}`;
}

function seedOf(state: unknown): string {
  const seed = typeof state === "object" && state !== null && "seed" in state ? state.seed : undefined;
  return typeof seed === "number" ? String(seed) : "unknown";
}

/** What must be the same in all of them, and that each has heeded where it begins. */
function requireAlike(facts: readonly SliceFacts[], slices: readonly Slice[]): void {
  const [head] = facts;
  const kind = ({ firstIndex, exactState, ...rest }: SliceFacts) => JSON.stringify(rest);
  const odd = facts.findIndex((one) => kind(one) !== kind(head));
  if (odd >= 0) {
    throw new AscentError("environment", {
      what: `${head.id}: worker threads made environments of different kinds`,
      got: `${kind(facts[odd])} in thread ${odd}`,
      expected: `${kind(head)}, as in thread 0`,
      fix: "Let every thread make the same: nothing of a thread's number or of time may go into the spaces.",
    });
  }
  const unheeded = facts.findIndex(({ firstIndex = 0 }, k) => firstIndex !== slices[k].first);
  if (unheeded < 0) return;
  throw new AscentError("environment", {
    what: `${head.id} cannot be cut in slices for worker threads: all of them would run the same episodes`,
    got: "a spec whose make does not heed its second argument",
    expected: "batches whose firstIndex is that argument",
    fix: "Hand it on: make: (count, firstIndex) => batchFromFactory(factory, count, { id }, firstIndex).",
  });
}
