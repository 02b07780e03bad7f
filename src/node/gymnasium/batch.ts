/**
 * Environments of Gymnasium in a Python process, as a batch: one exchange a step, whatever the number of environments. Bytes are
 * laid out as server.py says. Seeds of episodes are derived here, so that a batch is the same wherever it runs.
 */
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { BatchedEnvironment } from "../../envs/batched.ts";
import {
  checkActionsLength,
  checkCount,
  checkSavedLength,
  parseSaved,
  refuseAction,
  refuseBeforeReset,
} from "../../envs/checks.ts";
import { whyNotFlat } from "../../envs/spaces/values.ts";
import { flatSize, type Space } from "../../envs/spaces.ts";
import { AscentError } from "../../errors.ts";
import { checkSeed, deriveSeed } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import { linkProblem } from "./linkErrors.ts";
import { LinkError, PythonLink } from "./pythonLink.ts";
import { readyForm, spaceOf } from "./serverSpaces.ts";

export interface GymnasiumSettings {
  /** "gymnasium:CartPole-v1". */
  id: string;
  /** As Gymnasium has it. */
  name: string;
  arguments: Readonly<Record<string, unknown>>;
  resetOptions: Readonly<Record<string, unknown>> | undefined;
  python: string;
  timeoutMs: number;
}

const RESET = 2;
const STEP = 3;
/** Importing what environments need may take long, where a disk is cold. */
const LEAST_START_MS = 60_000;
/** Seeds that every environment takes. */
const SEEDS = 2 ** 31;

const savedForm = z.object({ id: z.string(), seed: z.int().min(0), episodes: z.array(z.int().min(0)) });

const align = (bytes: number) => Math.ceil(bytes / 8) * 8;

export class GymnasiumBatch implements BatchedEnvironment {
  readonly id: string;
  readonly count: number;
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
  /** Python's environments cannot be saved: a run that goes on begins new episodes. */
  readonly exactState = false;
  readonly #settings: GymnasiumSettings;
  readonly #link: PythonLink;
  readonly #seeds: Uint32Array;
  readonly #actions: Float32Array;
  readonly #came: { rewards: Float64Array; flags: Uint8Array; masks: Uint8Array; rows: Numbers; finals: Numbers };
  readonly #finalsAt: number;
  readonly #episodes: Float64Array;
  #seed: number | undefined;
  #steps = 0;

  constructor(settings: GymnasiumSettings, count: number) {
    checkCount(settings.id, count);
    this.id = settings.id;
    this.count = count;
    this.#settings = settings;
    this.#link = new PythonLink(settings.python, ["-u", fileURLToPath(new URL("./server.py", import.meta.url))]);
    try {
      const ready = this.#open();
      this.observationSpace = spaceOf(ready.observationSpace);
      this.actionSpace = spaceOf(ready.actionSpace);
      this.observationSize = flatSize(this.observationSpace);
      this.actionSize = flatSize(this.actionSpace);
      const columns = count * this.observationSize;
      const bytes = ({ uint8: 1, float32: 4, float64: 8 } as const)[ready.numbers];
      const rowsAt = align(10 * count + count * ready.maskSize);
      this.#finalsAt = align(rowsAt + columns * bytes);
      this.#link.share(4 * count * (1 + this.actionSize), this.#finalsAt + columns * bytes);
      const { buffer } = this.#link.answer;
      this.#came = {
        rewards: new Float64Array(buffer, 0, count),
        flags: new Uint8Array(buffer, 8 * count, 2 * count),
        masks: new Uint8Array(buffer, 10 * count, count * ready.maskSize),
        rows: numbersIn(buffer, bytes, rowsAt, columns),
        finals: numbersIn(buffer, bytes, this.#finalsAt, columns),
      };
      this.observations = new Float32Array(columns);
      this.finalObservations = new Float32Array(columns);
      if (ready.numbers === "float64") {
        this.exactObservations = new Float64Array(columns);
        this.exactFinalObservations = new Float64Array(columns);
      }
      if (ready.maskSize > 0) this.actionMasks = new Uint8Array(count * ready.maskSize);
    } catch (error) {
      this.#link.close();
      throw error;
    }
    this.rewards = new Float64Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    this.#seeds = new Uint32Array(this.#link.request.buffer, 0, count);
    this.#actions = new Float32Array(this.#link.request.buffer, 4 * count, count * this.actionSize);
    this.#episodes = new Float64Array(count);
  }

  reset(seed: number): void {
    checkSeed(seed);
    this.#begin(seed);
  }

  step(actions: Float32Array): void {
    if (this.#seed === undefined) refuseBeforeReset(this.id, "step");
    checkActionsLength(this.id, actions, this.count * this.actionSize);
    for (let i = 0; i < this.count; i++) {
      const reason = whyNotFlat(this.actionSpace, actions, i * this.actionSize);
      if (reason !== undefined) refuseAction(this, i, this.#steps, reason);
    }
    this.#actions.set(actions);
    const bytes = this.#ask(STEP, this.#link.request.length);
    this.#steps++;
    this.rewards.set(this.#came.rewards);
    this.terminated.set(this.#came.flags.subarray(0, this.count));
    this.truncated.set(this.#came.flags.subarray(this.count));
    this.#readRows();
    this.#readFinals(bytes);
  }

  saveState(): unknown {
    if (this.#seed === undefined) refuseBeforeReset(this.id, "saveState");
    return { id: this.id, seed: this.#seed, episodes: [...this.#episodes] };
  }

  /** Every environment starts the episode after the one it was in: see `exactState`. */
  loadState(state: unknown): void {
    const { seed, episodes } = parseSaved(this, savedForm, state);
    checkSavedLength(this, "episode numbers", episodes.length, this.count);
    this.#begin(
      seed,
      episodes.map((episode) => episode + 1),
    );
  }

  close(): void {
    this.#link.close();
  }

  #begin(seed: number, episodes?: readonly number[]): void {
    this.#seed = seed;
    this.#steps = 0;
    this.#episodes.fill(0);
    if (episodes !== undefined) this.#episodes.set(episodes);
    for (let i = 0; i < this.count; i++) this.#seeds[i] = this.#seedOf(i, this.#episodes[i]);
    this.#ask(RESET, 4 * this.count);
    for (let i = 0; i < this.count; i++) this.#seeds[i] = this.#seedOf(i, this.#episodes[i] + 1);
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.#readRows();
  }

  #seedOf(index: number, episode: number): number {
    return deriveSeed(this.#seed as number, streams.environmentSeeds, index, episode) % SEEDS;
  }

  #readRows(): void {
    const { rows, masks } = this.#came;
    this.#copy(rows, 0, rows.length, 0, this.observations, this.exactObservations);
    this.actionMasks?.set(masks);
    for (let i = 0; i < this.count; i++) {
      if (!Number.isFinite(this.rewards[i])) this.#refuse(i, "reward", this.rewards[i]);
    }
  }

  #readFinals(bytes: number): void {
    const { finals } = this.#came;
    const size = this.observationSize;
    let from = 0;
    for (let i = 0; i < this.count; i++) {
      if (this.terminated[i] === 0 && this.truncated[i] === 0) continue;
      this.#copy(finals, from, size, i * size, this.finalObservations, this.exactFinalObservations);
      from += size;
      this.#episodes[i]++;
      this.#seeds[i] = this.#seedOf(i, this.#episodes[i] + 1);
    }
    const expected = this.#finalsAt + from * finals.BYTES_PER_ELEMENT;
    if (bytes !== expected) throw this.#problem({ sort: "garbage", text: `${bytes} bytes in place of ${expected}` });
  }

  #copy(rows: Numbers, from: number, columns: number, to: number, out: Float32Array, exact?: Float64Array): void {
    for (let j = 0; j < columns; j++) {
      const x = rows[from + j];
      out[to + j] = x;
      if (exact !== undefined) exact[to + j] = x;
      if (!Number.isFinite(out[to + j])) {
        this.#refuse(Math.floor((to + j) / this.observationSize), `observation, column ${j % this.observationSize}`, x);
      }
    }
  }

  #refuse(index: number, what: string, got: number): never {
    throw new AscentError("non-finite", {
      what: `${this.id}: environment ${index} gave a bad ${what}, at step ${this.#steps} of the batch, seed ${this.#seed}`,
      got: String(got),
      expected: "a finite number",
      fix: "The fault is in the Python environment; gymnasium.utils.env_checker.check_env may show it.",
    });
  }

  #open() {
    const { name, arguments: given, resetOptions, timeoutMs } = this.#settings;
    const asked = { id: name, count: this.count, first: 0, arguments: given, resetOptions };
    const said = this.#translating(() => this.#link.open(asked, Math.max(timeoutMs, LEAST_START_MS)));
    const ready = readyForm.safeParse(said);
    if (ready.success) return ready.data;
    throw this.#problem({ sort: "garbage", text: JSON.stringify(said) });
  }

  #ask(kind: number, length: number): number {
    return this.#translating(() => this.#link.ask(kind, length, this.#settings.timeoutMs));
  }

  #translating<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw error instanceof LinkError ? this.#problem(error.failure) : error;
    }
  }

  #problem(failure: LinkError["failure"]): AscentError {
    const { id, python } = this.#settings;
    const run = this.#seed === undefined ? {} : { seed: this.#seed, steps: this.#steps };
    return linkProblem(failure, { id, python, ...run });
  }
}

type Numbers = Uint8Array | Float32Array | Float64Array;

function numbersIn(buffer: SharedArrayBuffer, bytes: 1 | 4 | 8, at: number, length: number): Numbers {
  if (bytes === 8) return new Float64Array(buffer, at, length);
  return bytes === 4 ? new Float32Array(buffer, at, length) : new Uint8Array(buffer, at, length);
}
