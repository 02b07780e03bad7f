/**
 * A policy ready to act: the network of a `PolicyDescription` compiled for some number of rows, and what it remembers of
 * the episodes that the rows are in. Needs no Node API, so the same file plays in a browser.
 */

import { emptyMaskRow } from "../envs/masks.ts";
import {
  box,
  describe,
  dict,
  flatSize,
  maskSize,
  readFlat,
  type Space,
  type ValueOf,
  whyNotIn,
  writeFlat,
} from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { streams } from "../random/index.ts";
import { compile } from "../tensor/compile.ts";
import { createEngine, type Engine } from "../tensor/engine.ts";
import { input } from "../tensor/graph.ts";
import { randomKey } from "../tensor/ops/random.ts";
import { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { type ActorCritic, actorCritic } from "./actorCritic.ts";
import { clipToSpace } from "./clipToSpace.ts";
import { decodePolicy, type PolicyDescription } from "./description.ts";
import { observationInput } from "./observationInput.ts";

/** A number for Discrete, an array of numbers (plain or typed) for Box and the Multi kinds, an object of them for Dict. */
export type ObservationValue = number | ArrayLike<number> | { readonly [field: string]: ObservationValue };

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

const LARGEST_FLOAT = 3.4028234663852886e38;

export class Policy {
  readonly description: PolicyDescription;
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  readonly rows: number;
  readonly #program: Program;
  readonly #masked: Program | undefined;
  readonly #observation: Float32Array;
  readonly #action: Float32Array;
  readonly #acceptedObservations: Space;
  /** [rows × stateSize]; empty without a memory. */
  readonly #state: Float32Array;
  readonly #seed: number;
  #step = 0;

  constructor(
    engine: Engine,
    description: PolicyDescription,
    { seed = 0, rows = 1 }: Omit<PolicyOptions, "engine"> = {},
  ) {
    this.description = description;
    this.observationSpace = description.observationSpace;
    this.actionSpace = description.actionSpace;
    this.rows = rows;
    this.#seed = seed;
    this.#acceptedObservations = withoutBounds(this.observationSpace);
    this.#observation = new Float32Array(rows * flatSize(this.observationSpace));
    this.#action = new Float32Array(rows * flatSize(this.actionSpace));
    const network = actorCritic(this.observationSpace, this.actionSpace, description.network);
    this.#state = new Float32Array(rows * (network.memory?.policyStateSize ?? 0));
    this.#program = this.#compile(engine, network, 0);
    const masks = maskSize(this.actionSpace) ?? 0;
    this.#masked = masks > 0 ? this.#compile(engine, network, masks) : undefined;
  }

  #compile(engine: Engine, network: ActorCritic, maskColumns: number): Program {
    const { observationSpace, scaling } = this.description;
    const block = new ParameterBlock(engine, network.policyParameters);
    for (const tensor of network.policyParameters) {
      const name = tensor.attributes.name!;
      const stored = this.description.weights[name];
      if (stored === undefined || !sameShape(stored.shape, tensor.shape)) {
        throw new AscentError("file", {
          what: `The policy's weights do not fit its network: "${name}"`,
          got: stored === undefined ? "nothing" : formatShape(stored.shape),
          expected: formatShape(tensor.shape),
          fix: "Load a policy file as it was saved.",
        });
      }
      block.values(name).set(stored.data);
    }
    const observation = observationInput(observationSpace, this.rows, scaling?.clip);
    const mask = maskColumns > 0 ? input("mask", [this.rows, maskColumns]) : undefined;
    const { memory: remembers } = network;
    const memory = remembers && { state: input("state", [this.rows, remembers.policyStateSize]) };
    const distribution = network.distribution(observation.normalised, { mask, memory });
    const program = compile(engine, {
      name: "policy",
      parameters: [block],
      outputs: {
        mode: distribution.mode(),
        sample: distribution.sample(randomKey()),
        ...(memory && { state: remembers!.after(observation.normalised, memory) }),
      },
    });
    if (scaling !== undefined) {
      program.input("observationMean").set(scaling.mean);
      program.input("observationScale").set(scaling.scale);
    }
    return program;
  }

  /** Begins new episodes in all rows: a policy with a memory forgets. Without one this does nothing. */
  reset(): void {
    this.#state.fill(0);
  }

  /**
   * The action for one observation, as the action space's value. A policy with a memory takes it for the next one of the
   * same episode: call `reset` when another begins.
   *
   * @throws AscentError "space" when the observation is not of the observation space; any finite number will do in a Box,
   *   also one outside its bounds.
   */
  act(observation: ObservationValue, options: ActOptions = {}): ValueOf<Space> {
    const why = whyNotIn(this.#acceptedObservations, observation);
    if (why !== undefined) {
      throw new AscentError("space", {
        what: "Policy.act: not an observation of this policy's space",
        got: why,
        expected: describe(this.observationSpace),
      });
    }
    writeFlat(this.observationSpace, observation, this.#observation, 0);
    this.actBatch(this.#observation, this.#action, options);
    return readFlat(this.actionSpace, this.#action, 0) as ValueOf<Space>;
  }

  /**
   * Actions for `rows` observations; for a policy with a memory, the next ones of the rows' episodes.
   *
   * @param observations raw flat columns [rows × flatSize].
   * @param actions written: [rows × flatSize of the action space], Box actions clipped to their bounds.
   */
  actBatch(observations: Float32Array, actions: Float32Array, options: ActBatchOptions = {}): void {
    const { deterministic = true, mask, starts } = options;
    this.#requireLength("observation columns", observations.length, flatSize(this.observationSpace));
    this.#requireLength("action columns", actions.length, flatSize(this.actionSpace));
    const program = mask !== undefined && this.#masked !== undefined ? this.#masked : this.#program;
    if (program === this.#masked) this.#requireMask(mask!);
    if (starts !== undefined) this.#requireLength("starts", starts.length, 1);
    program.input("observation").set(observations);
    if (program === this.#masked) program.input("mask").set(mask!);
    const key = program.inputInts("randomKey");
    key[0] = this.#seed | 0;
    key[1] = Math.floor(this.#seed / 2 ** 32);
    key[2] = streams.evaluation;
    key[3] = this.#step++ | 0;
    if (this.#state.length > 0) {
      if (starts !== undefined) this.#forget(starts);
      program.input("state").set(this.#state);
    }
    program.run();
    if (this.#state.length > 0) this.#state.set(program.output("state"));
    clipToSpace(this.actionSpace, program.output(deterministic ? "mode" : "sample"), actions);
  }

  #forget(starts: ArrayLike<number>): void {
    const columns = this.#state.length / this.rows;
    for (let i = 0; i < this.rows; i++) if (starts[i] !== 0) this.#state.fill(0, i * columns, (i + 1) * columns);
  }

  #requireMask(mask: ArrayLike<number>): void {
    this.#requireLength("mask entries", mask.length, maskSize(this.actionSpace)!);
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
    });
  }
}

/** The space with every Box as wide as float32: a sensor past its stated range is no reason to stop acting. */
function withoutBounds(space: Space): Space {
  if (space.kind === "dict") {
    return dict(Object.fromEntries(Object.entries(space.fields).map(([name, field]) => [name, withoutBounds(field)])));
  }
  return space.kind === "box" ? box({ shape: space.shape, low: -LARGEST_FLOAT, high: LARGEST_FLOAT }) : space;
}

/** A policy from a description. */
export async function createPolicy(description: PolicyDescription, options: PolicyOptions = {}): Promise<Policy> {
  return new Policy(options.engine ?? (await createEngine()), description, options);
}

/** A policy from the bytes of policy.safetensors: fetched, bundled or read from disk. */
export async function loadPolicyFromBytes(bytes: Uint8Array, options: PolicyOptions = {}): Promise<Policy> {
  return createPolicy(decodePolicy(bytes), options);
}
