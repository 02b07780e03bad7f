/**
 * The network every algorithm trains: observation columns in, a distribution over actions and a state value out. Policy
 * and value have nets of their own, or share their hidden layers. With a memory, rows are steps of sequences and the state
 * that sequences begin with is one more input.
 */

import type { Distribution, DistributionHead, HeadContext } from "../distributions/distribution.ts";
import { type HeadOptions, headForSpace } from "../distributions/forSpace.ts";
import type { Space } from "../envs/spaces.ts";
import { type Module, mlp } from "../nn/mlp.ts";
import type { MemoryInput } from "../nn/recurrent.ts";
import type { StartingValues } from "../nn/startingValues.ts";
import { finish, type Work } from "../pauses.ts";
import type { Tensor } from "../tensor/graph.ts";
import { concat, reshape } from "../tensor/ops/layout.ts";
import type { ParameterValues } from "../tensor/parameters.ts";
import { type Trunk, type TrunkOptions, trunk } from "./trunk.ts";

export interface NetworkOptions extends HeadOptions, TrunkOptions {
  /** Hidden layer sizes of the policy, and of the value net unless `criticHidden` is given. Default [64, 64]. */
  hidden?: readonly number[];
  criticHidden?: readonly number[];
  /** One set of hidden layers, convolutions included, for both. Default false. */
  shared?: boolean;
  /** Orthogonal weights with gains √2, 0.01 (policy head) and 1 (value head), zero biases. Default true. */
  orthogonalInit?: boolean;
}

export interface NetworkContext extends HeadContext {
  /** Where the rows' sequences begin: for networks with a memory. */
  memory?: MemoryInput;
}

/** What a network remembers from step to step. */
export interface NetworkMemory {
  /** Columns of a state: the policy's, then the value's own. */
  readonly stateSize: number;
  readonly policyStateSize: number;
  /** The state behind every row [rows, stateSize]; of states of the policy's columns alone, [rows, policyStateSize]. */
  after(observation: Tensor, memory: MemoryInput): Tensor;
}

export interface ActorCritic {
  readonly head: DistributionHead;
  /** Policy parameters first, then those of the value. */
  readonly parameters: readonly Tensor[];
  readonly policyParameters: readonly Tensor[];
  /** Without those that the policy shares. */
  readonly valueParameters: readonly Tensor[];
  /** Undefined for networks that see only the present. */
  readonly memory: NetworkMemory | undefined;
  /** Observations are normalised flat columns [rows, flatSize]. */
  distribution(observation: Tensor, context?: NetworkContext): Distribution;
  /** [rows] */
  value(observation: Tensor, memory?: MemoryInput): Tensor;
  /** Writes starting values; each part from those of its number (`parameterStreams`). */
  initialise(block: ParameterValues, starts: (part: number) => StartingValues): void;
  /** As `initialise`, as work that stops now and then. */
  initialising(block: ParameterValues, starts: (part: number) => StartingValues): Work<void>;
}

export function actorCritic(observationSpace: Space, actionSpace: Space, options: NetworkOptions = {}): ActorCritic {
  const { hidden = [64, 64], criticHidden = hidden, shared = false, orthogonalInit = true } = options;
  const layer = { activation: options.activation ?? ("tanh" as const), orthogonalInit };

  const policyBody = trunk("policy.body", observationSpace, hidden, options);
  const head = headForSpace(actionSpace, options, policyBody.outputs);
  const policyHead = mlp("policy.head", [policyBody.outputs, head.parameterSize], { ...layer, gain: 0.01 });
  const valueBody = shared
    ? policyBody
    : trunk("value.body", observationSpace, criticHidden, options, policyBody.stateSize);
  const valueHead = mlp("value.head", [valueBody.outputs, 1], { ...layer, gain: 1 });

  const modules: readonly Pick<Module, "initialising">[] = shared
    ? [policyBody, policyHead, valueHead]
    : [policyBody, policyHead, valueBody, valueHead];
  const own = head.parameters.map(({ tensor }) => tensor);
  const policyParameters = [...policyBody.parameters, ...policyHead.parameters, ...own];
  const valueParameters = shared ? valueHead.parameters : [...valueBody.parameters, ...valueHead.parameters];
  function* initialising(block: ParameterValues, starts: (part: number) => StartingValues): Work<void> {
    for (const [i, module] of modules.entries()) yield* module.initialising(block, starts(i));
    for (const { tensor, initial } of head.parameters) block.values(tensor.attributes.name!).fill(initial);
  }

  return {
    head,
    policyParameters,
    valueParameters,
    parameters: [...policyParameters, ...valueParameters],
    memory: policyBody.stateSize === 0 ? undefined : memoryOf(policyBody, shared ? undefined : valueBody),
    distribution: (observation, { mask, memory } = {}) => {
      const latent = policyBody.apply(observation, memory).output;
      return head.at(policyHead.apply(latent), { mask, latent });
    },
    value: (observation, memory) =>
      reshape(valueHead.apply(valueBody.apply(observation, memory).output), [observation.shape[0]]),
    initialise: (block, starts) => finish(initialising(block, starts)),
    initialising,
  };
}

/** Whether a parameter of this name is the critic's alone. */
export function isValueParameter(name: string): boolean {
  return name.startsWith("value.");
}

function memoryOf(policy: Trunk, value: Trunk | undefined): NetworkMemory {
  return {
    stateSize: policy.stateSize + (value?.stateSize ?? 0),
    policyStateSize: policy.stateSize,
    after: (observation, memory) => {
      const onlyPolicy = value === undefined || memory.state.shape[1] === policy.stateSize;
      const readers = onlyPolicy ? [policy] : [policy, value];
      return concat(
        readers.map((reader) => reader.apply(observation, memory).states!),
        1,
      );
    },
  };
}
