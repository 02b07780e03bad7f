/**
 * A policy ready to act: the network of a `PolicyDescription` compiled for some number of rows, and what it remembers of
 * the episodes that the rows are in. Needs no Node API, so the same file plays in a browser.
 */

import {
  anything,
  checkArgument,
  checkOptions,
  engine as engineCheck,
  floats,
  isNumbers,
  type OptionChecks,
  optional,
  seed as seedCheck,
  typed,
  wholeNumber,
} from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { unusableMask, unusableMaskRow } from "../envs/masks.ts";
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
import { didYouMean } from "../nearest.ts";
import { writeKey } from "../random/keys.ts";
import { streams } from "../random/streams.ts";
import { compile } from "../tensor/compile.ts";
import { actingEngineFor, type Engine, type EngineOptions } from "../tensor/engine.ts";
import { input, type Tensor } from "../tensor/graph.ts";
import { randomKey } from "../tensor/ops/random.ts";
import { ParameterBlock } from "../tensor/parameters.ts";
import type { Program } from "../tensor/program.ts";
import { type ActorCritic, actorCritic } from "./actorCritic.ts";
import { clipToSpace } from "./clipToSpace.ts";
import { decodePolicy, descriptionCheck, fillBlock, type PolicyDescription } from "./description.ts";
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

export interface PolicyOptions extends EngineOptions {
  /** Seed of sampled actions. Default 0. */
  seed?: number;
  /** Rows that `actBatch` takes. Default 1. */
  rows?: number;
}

export const policyOptions: OptionChecks<PolicyOptions> = {
  engine: optional(engineCheck),
  kernels: optional(anything),
  seed: optional(seedCheck),
  rows: optional(wholeNumber(1)),
};

const float32 = typed("a Float32Array", "Float32Array");

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
  #last: Program | undefined;
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
  #statistics: string[] = [];

  constructor(
    engine: Engine,
    description: PolicyDescription<ObservationSpace, ActionSpace>,
    options: Omit<PolicyOptions, keyof EngineOptions> = {},
  ) {
    checkArgument("Policy: engine", engineCheck, engine);
    checkArgument("Policy: description", descriptionCheck, description);
    checkOptions("Policy", policyOptions, options);
    const { seed = 0, rows = 1 } = options;
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
    this.#statistics = Object.keys(distribution.statistics);
    const program = compile(this.#engine, {
      name: "policy",
      parameters: [this.#weights],
      outputs: {
        mode: distribution.mode(),
        sample: distribution.sample(randomKey()),
        // Looked at only to see that the network computed: an argmax of NaN is an action like any other.
        ...prefixed("policy.", distribution.statistics),
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
    refuseUnknownOption(options);
    if (!(observations instanceof Float32Array)) checkArgument("Policy.actBatch: observations", floats, observations);
    if (!(actions instanceof Float32Array)) checkArgument("Policy.actBatch: actions", float32, actions);
    this.#requireLength("observation columns", observations.length, flatSize(this.observationSpace));
    this.#requireLength("action columns", actions.length, flatSize(this.actionSpace));
    if (starts !== undefined) this.#requireLength("starts", starts.length, 1);
    this.#requireFiniteObservations(observations);
    const program = mask === undefined ? this.#program : this.#programFor(mask);
    if (this.#scaler === undefined) program.input("observation").set(observations);
    else this.#scaler.apply(observations, program.input("observation"));
    writeKey(program.inputInts("randomKey"), this.#seed, streams.evaluation, this.#step++);
    if (this.#state.length > 0) {
      if (starts !== undefined) this.#forget(starts);
      program.input("state").set(this.#state);
    }
    program.run();
    this.#last = program;
    this.#requireFiniteDecision(program);
    if (this.#state.length > 0) this.#state.set(program.output("state"));
    clipToSpace(this.actionSpace, program.output(deterministic ? "mode" : "sample"), actions);
  }

  /**
   * What the distribution of the last actions is made of, in the network's units: `logits`, or `mean` and `logStd`, or `alpha`
   * and `beta`, each [rows × columns]; of a Dict by field, "gripper.logits". `decisionOf` tells it in the environment's units.
   *
   * @throws AscentError "state" before the first action.
   */
  statistics(): Record<string, Float32Array> {
    const last = this.#last;
    if (last === undefined) {
      throw new AscentError("state", { what: "Policy.statistics: no action has been taken", fix: "Call act first." });
    }
    return Object.fromEntries(this.#statistics.map((name) => [name, last.output(`policy.${name}`).slice()]));
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
    if (!isNumbers(mask)) {
      throw new AscentError("environment", {
        what: "Policy.actBatch: the action mask is none",
        got: describeValue(mask),
        expected: "an array of 0 and 1",
        fix: "Give a Uint8Array, such as the environment's actionMasks.",
      });
    }
    this.#requireLength("mask entries", mask.length, columns);
    const row = unusableMaskRow(this.actionSpace, mask);
    if (row < 0) return;
    const who = `Policy.actBatch: ${this.description.environment}, row ${row}`;
    throw unusableMask(who, `at step ${this.#step}`, this.actionSpace, mask, row);
  }

  #requireFiniteObservations(observations: Float32Array | Float64Array): void {
    let zero = 0;
    for (let i = 0; i < observations.length; i++) zero += observations[i] * 0;
    if (zero === 0) return;
    const found = observations.findIndex((x) => !Number.isFinite(x));
    const size = flatSize(this.observationSpace);
    throw new AscentError("non-finite", {
      what: `Policy.actBatch: the observation of row ${Math.floor(found / size)} is not finite`,
      got: `${observations[found]} in column ${found % size}`,
      expected: "finite numbers",
      fix: "Look for where the environment makes it: checkEnvironment finds such observations.",
    });
  }

  /** Before anything is handed out or remembered. */
  #requireFiniteDecision(program: Program): void {
    if (program.nonFiniteOutput() === undefined) return;
    throw new AscentError("non-finite", {
      what: "Policy.actBatch: the network did not come to a decision",
      got: program.explainNonFinite() ?? "a number that is not finite",
      expected: "finite numbers",
      fix: "Give observations of the size it was trained on, or load a policy whose weights are whole.",
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

const ACT_OPTIONS: readonly string[] = ["deterministic", "mask", "starts"];

/** Looked at in every call, and so without making anything: `determinstic: false` must not act deterministically. */
function refuseUnknownOption(options: object): void {
  for (const key in options) {
    if (ACT_OPTIONS.includes(key)) continue;
    throw new AscentError("option", {
      what: `Policy.act has no option "${key}"`,
      expected: `any of ${ACT_OPTIONS.join(", ")}`,
      fix: `${didYouMean(key, ACT_OPTIONS)}Correct its name, or leave it out.`,
    });
  }
}

function prefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
}

/** A policy from a description. */
export async function createPolicy<ObservationSpace extends Space, ActionSpace extends Space>(
  description: PolicyDescription<ObservationSpace, ActionSpace>,
  options: PolicyOptions = {},
): Promise<Policy<ObservationSpace, ActionSpace>> {
  checkOptions("createPolicy", policyOptions, options);
  return new Policy(await actingEngineFor(options), description, options);
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
