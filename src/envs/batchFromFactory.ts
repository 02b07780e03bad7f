/**
 * A batch from a user's own class: calls its reset and step one environment after the other, restarts ended episodes,
 * and checks all that goes in and comes out, so that a broken environment is named at the step where it breaks.
 */
import { z } from "zod";
import { type Check, checkOptions, type OptionChecks, optional, text, wholeNumber } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { copyExact } from "../files/exactJson.ts";
import { checkSeed, deriveSeed } from "../random/stream.ts";
import { streams } from "../random/streams.ts";
import type { Scene } from "../scenes/scene.ts";
import type { BatchedEnvironment } from "./batched.ts";
import {
  checkActionsLength,
  checkCount,
  checkFirstIndex,
  checkIndex,
  checkSavedLength,
  parseSaved,
  refuseAction,
  refuseBeforeReset,
} from "./checks.ts";
import { makeEnvironment, requireFactory, whyNotResult } from "./contract.ts";
import type { Environment, EnvironmentFactory, Info, ResetResult, StepResult } from "./environment.ts";
import { exactNumber } from "./exactNumberForm.ts";
import { fromExact, toExact } from "./exactNumbers.ts";
import { whyNotMask } from "./masks.ts";
import {
  type ChoiceColumn,
  choiceColumns,
  describe,
  flatSize,
  maskSize,
  readFlat,
  type Space,
  spaceToJson,
  whyNotFlat,
  whyNotIn,
  writeFlat,
} from "./spaces.ts";

export interface BatchOptions {
  /** What errors and saved states call the environment; default "custom". */
  id?: string;
  /** Truncates episodes at this many steps; default no limit but the environment's own. */
  maxEpisodeSteps?: number;
}

const limit: Check = { ...wholeNumber(1), fix: "Leave it out for no limit." };
const batchOptions: OptionChecks<BatchOptions> = { id: optional(text), maxEpisodeSteps: optional(limit) };
export const batchOptionNames: readonly string[] = Object.keys(batchOptions);

/** @throws AscentError "option" for keys or values that are none. */
export function checkBatchOptions(options: BatchOptions): void {
  checkOptions("environmentOptions", batchOptions, options);
}

const savedForm = z.object({
  id: z.string(),
  seed: z.int().min(0),
  episodes: z.array(z.int().min(0)),
  steps: z.array(z.int().min(0)),
  observations: z.array(exactNumber),
  states: z.array(z.unknown()).optional(),
});

/**
 * `count` environments from `factory`, batched. Episode k of environment i is started by reset({ seed }) with a seed
 * derived from (seed of reset, i, k). Every action, observation, reward and flag is checked: AscentError "space" or
 * "environment" names the environment and the step. Box actions outside their bounds are errors too: clip them before
 * (`clipAction` in wrappers.ts does).
 *
 * @param firstIndex the number of the first: of a slice of a larger batch (EnvironmentSpec.make).
 */
export function batchFromFactory(
  factory: EnvironmentFactory,
  count: number,
  options: BatchOptions = {},
  firstIndex = 0,
): BatchedEnvironment {
  return new FactoryBatch(factory, count, options, firstIndex);
}

class FactoryBatch implements BatchedEnvironment {
  readonly id: string;
  readonly count: number;
  readonly firstIndex: number;
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  readonly observationSize: number;
  readonly actionSize: number;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly exactObservations: Float64Array;
  readonly exactFinalObservations: Float64Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly actionMasks?: Uint8Array;
  readonly infos: (Info | undefined)[];
  readonly finalInfos: (Info | undefined)[];
  readonly exactState: boolean;
  readonly scene?: (index: number) => Scene;
  readonly finalScene?: (index: number) => Scene;
  readonly #environments: Environment[];
  readonly #limit: number;
  /** Kept once somebody looks: a picture at every end would cost training. */
  #finalScenes: (Scene | undefined)[] | undefined;
  readonly #maskSize: number;
  readonly #choices: readonly ChoiceColumn[];
  readonly #steps: Float64Array;
  readonly #episodes: Float64Array;
  #seed: number | undefined;

  constructor(factory: EnvironmentFactory, count: number, options: BatchOptions, firstIndex: number) {
    checkBatchOptions(options);
    this.id = options.id ?? "custom";
    requireFactory(this.id === "custom" ? "batchFromFactory" : this.id, factory);
    checkCount(this.id, count);
    checkFirstIndex(this.id, firstIndex);
    this.firstIndex = firstIndex;
    this.#limit = options.maxEpisodeSteps ?? Infinity;
    const environments = Array.from({ length: count }, () => makeEnvironment(this.id, factory));
    const [first] = environments;
    checkSameSpaces(this.id, environments);
    this.count = count;
    this.observationSpace = first.observationSpace;
    this.actionSpace = first.actionSpace;
    this.observationSize = flatSize(first.observationSpace);
    this.actionSize = flatSize(first.actionSpace);
    this.observations = new Float32Array(count * this.observationSize);
    this.finalObservations = new Float32Array(count * this.observationSize);
    this.exactObservations = new Float64Array(count * this.observationSize);
    this.exactFinalObservations = new Float64Array(count * this.observationSize);
    this.rewards = new Float64Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    this.infos = new Array<undefined>(count).fill(undefined);
    this.finalInfos = new Array<undefined>(count).fill(undefined);
    this.exactState = environments.every((one) => one.saveState !== undefined && one.loadState !== undefined);
    if (environments.every((one) => one.scene !== undefined)) {
      this.scene = (index) => this.#scene(index);
      this.finalScene = (index) => this.#finalScenes?.[index] ?? this.#scene(index);
    }
    this.#environments = environments;
    this.#maskSize = first.actionMask === undefined ? 0 : (maskSize(first.actionSpace) ?? 0);
    this.#choices = choiceColumns(first.actionSpace);
    if (this.#maskSize > 0) this.actionMasks = new Uint8Array(count * this.#maskSize);
    this.#steps = new Float64Array(count);
    this.#episodes = new Float64Array(count);
  }

  reset(seed: number): void {
    checkSeed(seed);
    this.#seed = seed;
    this.#episodes.fill(0);
    this.#clear();
    for (let i = 0; i < this.count; i++) this.#start(i);
  }

  step(actions: Float32Array): void {
    if (this.#seed === undefined) refuseBeforeReset(this.id, "step");
    checkActionsLength(this.id, actions, this.count * this.actionSize);
    for (let i = 0; i < this.count; i++) {
      const reason = whyNotFlat(this.actionSpace, actions, i * this.actionSize) ?? this.#whyMasked(actions, i);
      if (reason !== undefined) refuseAction(this, i, this.#steps[i], reason);
    }
    for (let i = 0; i < this.count; i++) this.#stepOne(i, actions);
  }

  saveState(): unknown {
    if (this.#seed === undefined) refuseBeforeReset(this.id, "saveState");
    return {
      id: this.id,
      seed: this.#seed,
      episodes: [...this.#episodes],
      steps: [...this.#steps],
      observations: toExact(this.exactObservations),
      states: this.exactState
        ? this.#environments.map((environment) => copyExact(environment.saveState?.()))
        : undefined,
    };
  }

  /**
   * Exact when `exactState`; otherwise every environment starts its next episode. A state that is refused (AscentError "file")
   * changes nothing, unless it was an environment's own loadState that refused it.
   */
  loadState(state: unknown): void {
    const saved = parseSaved(this, savedForm, state);
    const { states } = saved;
    checkSavedLength(this, "episode numbers", saved.episodes.length, this.count);
    checkSavedLength(this, "step counts", saved.steps.length, this.count);
    checkSavedLength(this, "observation columns", saved.observations.length, this.observations.length);
    if (states !== undefined) checkSavedLength(this, "states", states.length, this.count);
    this.#seed = saved.seed;
    this.#episodes.set(saved.episodes);
    this.#clear();
    for (let i = 0; i < this.count; i++) {
      if (states === undefined || !this.exactState) {
        this.#episodes[i]++;
        this.#start(i);
      } else {
        // A copy: an environment may keep the object it was given, and go on in it.
        this.#environments[i].loadState?.(copyExact(states[i]));
        this.#readMask(i);
      }
    }
    if (states !== undefined && this.exactState) {
      this.#steps.set(saved.steps);
      this.exactObservations.set(fromExact(saved.observations));
      this.observations.set(this.exactObservations);
    }
  }

  close(): void {
    for (const environment of this.#environments) environment.close?.();
  }

  #scene(index: number): Scene {
    checkIndex(this, index);
    if (this.#seed === undefined) refuseBeforeReset(this.id, "scene");
    this.#finalScenes ??= new Array<undefined>(this.count).fill(undefined);
    return (this.#environments[index].scene as () => Scene)();
  }

  #clear(): void {
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.infos.fill(undefined);
    this.finalInfos.fill(undefined);
  }

  #stepOne(i: number, actions: Float32Array): void {
    const environment = this.#environments[i];
    const action = readFlat(this.actionSpace, actions, i * this.actionSize);
    let result: StepResult<unknown>;
    try {
      result = environment.step(action);
    } catch (cause) {
      this.#threw(i, "step", cause);
    }
    if (result?.observation === undefined) this.#refuseResult(i, "step", result);
    const { observation, reward, terminated, truncated, info } = result;
    this.#steps[i]++;
    if (typeof reward !== "number" || !Number.isFinite(reward)) {
      this.#refuse(i, "gave a bad reward", describeValue(reward), "a finite number");
    }
    if (typeof terminated !== "boolean" || typeof truncated !== "boolean") {
      const got = `terminated ${describeValue(terminated)}, truncated ${describeValue(truncated)}`;
      this.#refuse(i, "gave flags that are not booleans", got, "true or false");
    }
    this.#writeObservation(i, observation);
    const cut = truncated || this.#steps[i] >= this.#limit;
    this.rewards[i] = reward;
    this.terminated[i] = terminated ? 1 : 0;
    this.truncated[i] = cut ? 1 : 0;
    if (terminated || cut) {
      const from = i * this.observationSize;
      const end = from + this.observationSize;
      this.finalObservations.set(this.observations.subarray(from, end), from);
      this.exactFinalObservations.set(this.exactObservations.subarray(from, end), from);
      this.finalInfos[i] = info;
      if (this.#finalScenes !== undefined) this.#finalScenes[i] = environment.scene?.();
      this.#episodes[i]++;
      this.#start(i);
    } else {
      this.infos[i] = info;
      this.#readMask(i);
    }
  }

  #start(i: number): void {
    this.#steps[i] = 0;
    const seed = deriveSeed(this.#seed as number, streams.environmentSeeds, this.firstIndex + i, this.#episodes[i]);
    let result: ResetResult<unknown>;
    try {
      result = this.#environments[i].reset({ seed });
    } catch (cause) {
      this.#threw(i, "reset", cause);
    }
    if (result?.observation === undefined) this.#refuseResult(i, "reset", result);
    const { observation, info } = result;
    this.#writeObservation(i, observation);
    this.infos[i] = info;
    this.#readMask(i);
  }

  #writeObservation(i: number, observation: unknown): void {
    const reason = whyNotIn(this.observationSpace, observation);
    if (reason !== undefined) {
      this.#refuse(i, "gave a bad observation", reason, `one of ${describe(this.observationSpace)}`);
    }
    const from = i * this.observationSize;
    writeFlat(this.observationSpace, observation, this.exactObservations, from);
    for (let j = 0; j < this.observationSize; j++) {
      this.observations[from + j] = this.exactObservations[from + j];
      // An unbounded Box contains the infinities; a network does not.
      const x = this.observations[from + j];
      if (!Number.isFinite(x))
        this.#refuse(i, "gave a non-finite observation", `${x} in column ${j}`, "finite numbers");
    }
  }

  #readMask(i: number): void {
    const masks = this.actionMasks;
    if (masks === undefined) return;
    const mask = this.#environments[i].actionMask?.();
    const reason = whyNotMask(this.actionSpace, mask);
    if (reason !== undefined) this.#refuse(i, "gave a bad action mask", reason, `${this.#maskSize} numbers 0 or 1`);
    masks.set(mask as Uint8Array, i * this.#maskSize);
  }

  #whyMasked(actions: Float32Array, i: number): string | undefined {
    const masks = this.actionMasks;
    if (masks === undefined) return undefined;
    let from = i * this.#maskSize;
    for (const { column, start, size } of this.#choices) {
      const action = actions[i * this.actionSize + column];
      if (masks[from + action - start] === 0) return `${action}, which the action mask forbids now`;
      from += size;
    }
    return undefined;
  }

  /** What is said on purpose is said already; a fault gets its place. */
  #threw(i: number, call: "reset" | "step", cause: unknown): never {
    if (cause instanceof AscentError) throw cause;
    throw new AscentError(
      "environment",
      {
        what: `${this.id}: environment ${this.firstIndex + i} threw in ${call}, ${this.#place(i)}`,
        got: cause instanceof Error ? `${cause.name}: ${cause.message}` : describeValue(cause),
        fix: "Mend the environment; the error's cause says in which line.",
      },
      { cause },
    );
  }

  #place(i: number): string {
    return `at step ${this.#steps[i]} of its episode ${this.#episodes[i]}, seed ${this.#seed}`;
  }

  #refuseResult(i: number, call: "reset" | "step", result: unknown): never {
    const { got, expected, fix } = whyNotResult(call, result);
    this.#refuse(i, `gave no result of ${call}`, got, expected, fix);
  }

  #refuse(
    i: number,
    what: string,
    got: string,
    expected: string,
    fix = "checkEnvironment(factory) says more about what the environment must keep to.",
  ): never {
    throw new AscentError(what.includes("finite") || got === "NaN" ? "non-finite" : "environment", {
      what: `${this.id}: environment ${this.firstIndex + i} ${what} ${this.#place(i)}`,
      got,
      expected,
      fix,
    });
  }
}

function checkSameSpaces(id: string, environments: readonly Environment[]): void {
  const spaces = environments.map((one) => JSON.stringify([one.observationSpace, one.actionSpace].map(spaceToJson)));
  const odd = spaces.findIndex((json) => json !== spaces[0]);
  if (odd < 0) return;
  throw new AscentError("environment", {
    what: `${id}: the factory made environments with different spaces`,
    got: `environment ${odd} with ${describe(environments[odd].observationSpace)}, ${describe(environments[odd].actionSpace)}`,
    expected: `${describe(environments[0].observationSpace)}, ${describe(environments[0].actionSpace)} as environment 0`,
    fix: "All environments of a batch must share their spaces.",
  });
}
