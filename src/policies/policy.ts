/**
 * A policy ready to act: the network of a `PolicyDescription` compiled for some number of rows, and what it remembers of
 * the episodes that the rows are in. Needs no Node API, so the same file plays in a browser.
 */

import { emptyMaskRow } from "../envs/masks.ts";
import {
  describe,
  flatSize,
  maskSize,
  readFlat,
  type Space,
  type ValueLike,
  type ValueOf,
  whyNotIn,
  writeFlat,
} from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { streams, writeKey } from "../random/index.ts";
import { compile } from "../tensor/compile.ts";
import { createEngine, type Engine } from "../tensor/engine.ts";
import { input } from "../tensor/graph.ts";
import { randomKey } from "../tensor/ops/random.ts";
import { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { type ActorCritic, actorCritic } from "./actorCritic.ts";
import { clipToSpace } from "./clipToSpace.ts";
import { decodePolicy, fillBlock, type PolicyDescription } from "./description.ts";
import { ObservationScaler } from "./observationScaling.ts";
import { withoutBounds } from "./withoutBounds.ts";

/** A number for Discrete, an array of numbers (plain or typed) for Box and the Multi kinds, an object of them for Dict. */
export type ObservationValue = ValueLike<Space>;

export interface ActOptions {
  /** Take the most probable action (default true), or sample one. */
  deterministic?: boolean;
  /** For Discrete and MultiDiscrete actions: 1 = allowed. */
  mask?: ArrayLike<number>;
}

export interface ActBatchOptions extends ActOptions {
  /** 1 where a row's observation begins an episode [rows]: policies with a memory forget what was before. */
  starts?: ArrayLike<number>;
}

export interface PolicyOptions {
  engine?: Engine;
  /** Seed of sampled actions. Default 0. */
  seed?: number;
  /** Rows that `actBatch` takes. Default 1. */
  rows?: number;
}

/** What `act` takes and gives are values of the policy's spaces, as far as they are known when compiling. */
export class Policy<ObservationSpace extends Space = Space, ActionSpace extends Space = Space> {
  readonly description: PolicyDescription<ObservationSpace, ActionSpace>;
  readonly observationSpace: ObservationSpace;
  readonly actionSpace: ActionSpace;
  readonly rows: number;
  readonly #engine: Engine;
  readonly #network: ActorCritic;
  readonly #weights: ParameterBlock;
  readonly #program: Program;
  /** Made when the first mask comes. */
  #masked: Program | undefined;
  readonly #observation: Float64Array;
  readonly #action: Float32Array;
  /** Undefined where observations are seen as they are. */
  readonly #scaler: ObservationScaler | undefined;
  readonly #acceptedObservations: Space;
  /** [rows × stateSize]; empty without a memory. */
  readonly #state: Float32Array;
  readonly #seed: number;
  #step = 0;

  constructor(
    engine: Engine,
    description: PolicyDescription<ObservationSpace, ActionSpace>,
    { seed = 0, rows = 1 }: Omit<PolicyOptions, "engine"> = {},
  ) {
    this.description = description;
    this.observationSpace = description.observationSpace;
    this.actionSpace = description.actionSpace;
    this.rows = rows;
    this.#seed = seed;
    this.#acceptedObservations = withoutBounds(this.observationSpace);
    this.#observation = new Float64Array(rows * flatSize(this.observationSpace));
    const { scaling } = description;
    this.#scaler = scaling && new ObservationScaler(this.observationSpace, scaling);
    this.#action = new Float32Array(rows * flatSize(this.actionSpace));
    const network = actorCritic(this.observationSpace, this.actionSpace, description.network);
    this.#engine = engine;
    this.#network = network;
    this.#weights = new ParameterBlock(engine, network.policyParameters);
    fillBlock(this.#weights, description.weights);
    this.#state = new Float32Array(rows * (network.memory?.policyStateSize ?? 0));
    this.#program = this.#compile(0);
  }

  #compile(maskColumns: number): Program {
    const network = this.#network;
    const observation = input("observation", [this.rows, flatSize(this.observationSpace)]);
    const mask = maskColumns > 0 ? input("mask", [this.rows, maskColumns]) : undefined;
    const { memory: remembers } = network;
    const memory = remembers && { state: input("state", [this.rows, remembers.policyStateSize]) };
    const distribution = network.distribution(observation, { mask, memory });
    const program = compile(this.#engine, {
      name: "policy",
      parameters: [this.#weights],
      outputs: {
        mode: distribution.mode(),
        sample: distribution.sample(randomKey()),
        ...(memory && { state: remembers!.after(observation, memory) }),
      },
    });
    return program;
  }

  /** Begins new episodes in all rows: a policy with a memory forgets. Without one this does nothing. */
  reset(): void {
    this.#state.fill(0);
  }

  /**
   * The action for one observation, as the action space's value; for policies of one row. A policy with a memory takes it
   * for the next one of the same episode: call `reset` when another begins.
   *
   * @throws AscentError "space" when the observation is not of the observation space; any finite number will do in a Box,
   *   also one outside its bounds. "shape" when the policy was made for several rows.
   */
  act(observation: ValueLike<ObservationSpace>, options: ActOptions = {}): ValueOf<ActionSpace> {
    if (this.rows !== 1) {
      throw new AscentError("shape", {
        what: "Policy.act: this policy takes several observations at once",
        got: `one, for ${this.rows} rows`,
        expected: "a policy of one row",
        fix: "Call actBatch, or make the policy without the option rows.",
      });
    }
    const why = whyNotIn(this.#acceptedObservations, observation);
    if (why !== undefined) {
      throw new AscentError("space", {
        what: "Policy.act: not an observation of this policy's space",
        got: why,
        expected: describe(this.observationSpace),
        fix: "Give what the environment's reset and step return as observation.",
      });
    }
    writeFlat(this.observationSpace, observation, this.#observation, 0);
    this.actBatch(this.#observation, this.#action, options);
    return readFlat(this.actionSpace, this.#action, 0);
  }

  /**
   * Actions for `rows` observations; for a policy with a memory, the next ones of the rows' episodes.
   *
   * @param observations raw flat columns [rows × flatSize], with all the digits the environment gives: a policy that
   *   normalises does so in float64.
   * @param actions written: [rows × flatSize of the action space], Box actions clipped to their bounds.
   */
  actBatch(observations: Float32Array | Float64Array, actions: Float32Array, options: ActBatchOptions = {}): void {
    const { deterministic = true, mask, starts } = options;
    this.#requireLength("observation columns", observations.length, flatSize(this.observationSpace));
    this.#requireLength("action columns", actions.length, flatSize(this.actionSpace));
    if (starts !== undefined) this.#requireLength("starts", starts.length, 1);
    const program = mask === undefined ? this.#program : this.#programFor(mask);
    if (this.#scaler === undefined) program.input("observation").set(observations);
    else this.#scaler.apply(observations, program.input("observation"));
    writeKey(program.inputInts("randomKey"), this.#seed, streams.evaluation, this.#step++);
    if (this.#state.length > 0) {
      if (starts !== undefined) this.#forget(starts);
      program.input("state").set(this.#state);
    }
    program.run();
    if (this.#state.length > 0) this.#state.set(program.output("state"));
    clipToSpace(this.actionSpace, program.output(deterministic ? "mode" : "sample"), actions);
  }

  /** The program that heeds the mask, with the mask written into it; action spaces without choices have nothing to heed. */
  #programFor(mask: ArrayLike<number>): Program {
    const columns = maskSize(this.actionSpace) ?? 0;
    if (columns === 0) return this.#program;
    this.#requireMask(mask, columns);
    this.#masked ??= this.#compile(columns);
    this.#masked.input("mask").set(mask);
    return this.#masked;
  }

  #forget(starts: ArrayLike<number>): void {
    const columns = this.#state.length / this.rows;
    for (let i = 0; i < this.rows; i++) if (starts[i] !== 0) this.#state.fill(0, i * columns, (i + 1) * columns);
  }

  #requireMask(mask: ArrayLike<number>, columns: number): void {
    this.#requireLength("mask entries", mask.length, columns);
    const row = emptyMaskRow(this.actionSpace, mask);
    if (row < 0) return;
    throw new AscentError("environment", {
      what: `Policy.actBatch: ${this.description.environment}, row ${row}, allows no action at step ${this.#step}`,
      got: "an action mask of zeros",
      expected: "at least one allowed action in each choice",
      fix: "End the episode where nothing can be done, or allow an action that does nothing.",
    });
  }

  #requireLength(what: string, length: number, columns: number): void {
    if (length === this.rows * columns) return;
    throw new AscentError("shape", {
      what: `Policy.actBatch: wrong number of ${what}`,
      got: `${length}`,
      expected: `${this.rows} rows × ${columns}`,
      fix: `Give an array of ${this.rows * columns}, or make the policy for another number of rows.`,
    });
  }
}

/** A policy from a description. */
export async function createPolicy<ObservationSpace extends Space, ActionSpace extends Space>(
  description: PolicyDescription<ObservationSpace, ActionSpace>,
  options: PolicyOptions = {},
): Promise<Policy<ObservationSpace, ActionSpace>> {
  return new Policy(options.engine ?? (await createEngine()), description, options);
}

/**
 * A policy from the bytes of policy.safetensors: fetched, bundled or read from disk.
 *
 * @example const policy = await loadPolicyFromBytes<Box, Discrete>(bytes); // act() then gives a number
 */
export async function loadPolicyFromBytes<ObservationSpace extends Space = Space, ActionSpace extends Space = Space>(
  bytes: Uint8Array,
  options: PolicyOptions = {},
): Promise<Policy<ObservationSpace, ActionSpace>> {
  return createPolicy(decodePolicy<ObservationSpace, ActionSpace>(bytes), options);
}
