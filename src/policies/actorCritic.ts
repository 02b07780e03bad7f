/**
 * The network every algorithm trains: observation columns in, a distribution over actions and a state value out. Policy
 * and value have nets of their own, or share their hidden layers.
 */

import {
  type Distribution,
  type DistributionHead,
  type HeadContext,
  type HeadOptions,
  headForSpace,
} from "../distributions/index.ts";
import type { Space } from "../envs/spaces.ts";
import { type Module, mlp } from "../nn/mlp.ts";
import { RandomStream, streams } from "../random/index.ts";
import type { Tensor } from "../tensor/graph.ts";
import { reshape } from "../tensor/ops/layout.ts";
import type { ParameterValues } from "../tensor/parameters.ts";
import { type BodyOptions, observationBody } from "./observationBody.ts";

export interface NetworkOptions extends HeadOptions, BodyOptions {
  /** Hidden layer sizes of the policy, and of the value net unless `criticHidden` is given. Default [64, 64]. */
  hidden?: readonly number[];
  criticHidden?: readonly number[];
  /** One set of hidden layers, convolutions included, for both. Default false. */
  shared?: boolean;
  /** Orthogonal weights with gains √2, 0.01 (policy head) and 1 (value head), zero biases. Default true. */
  orthogonalInit?: boolean;
}

export interface ActorCritic {
  readonly head: DistributionHead;
  /** Policy parameters first, then those of the value. */
  readonly parameters: readonly Tensor[];
  readonly policyParameters: readonly Tensor[];
  /** Without those that the policy shares. */
  readonly valueParameters: readonly Tensor[];
  /** Observations are normalised flat columns [rows, flatSize]. */
  distribution(observation: Tensor, context?: HeadContext): Distribution;
  /** [rows] */
  value(observation: Tensor): Tensor;
  initialise(block: ParameterValues, seed: number): void;
}

export function actorCritic(observationSpace: Space, actionSpace: Space, options: NetworkOptions = {}): ActorCritic {
  const { hidden = [64, 64], criticHidden = hidden, shared = false, orthogonalInit = true } = options;
  const layer = { activation: options.activation ?? ("tanh" as const), orthogonalInit };

  const policyBody = observationBody("policy.body", observationSpace, hidden, options);
  const head = headForSpace(actionSpace, options, policyBody.outputs);
  const policyHead = mlp("policy.head", [policyBody.outputs, head.parameterSize], { ...layer, gain: 0.01 });
  const valueBody = shared ? policyBody : observationBody("value.body", observationSpace, criticHidden, options);
  const valueHead = mlp("value.head", [valueBody.outputs, 1], { ...layer, gain: 1 });

  const modules: readonly Module[] = shared
    ? [policyBody, policyHead, valueHead]
    : [policyBody, policyHead, valueBody, valueHead];
  const own = head.parameters.map(({ tensor }) => tensor);
  const policyParameters = [...policyBody.parameters, ...policyHead.parameters, ...own];
  // Shared layers are one graph for both readers of an observation, so that their gradients meet before going back through.
  const policyLatents = new WeakMap<Tensor, Tensor>();
  const policyLatent = (observation: Tensor): Tensor => {
    const known = policyLatents.get(observation);
    if (known !== undefined) return known;
    const latent = policyBody.apply(observation);
    policyLatents.set(observation, latent);
    return latent;
  };
  const valueLatent = shared ? policyLatent : valueBody.apply;
  const valueParameters = shared ? valueHead.parameters : [...valueBody.parameters, ...valueHead.parameters];
  return {
    head,
    policyParameters,
    valueParameters,
    parameters: [...policyParameters, ...valueParameters],
    distribution: (observation, context) => {
      const latent = policyLatent(observation);
      return head.at(policyHead.apply(latent), { ...context, latent });
    },
    value: (observation) => reshape(valueHead.apply(valueLatent(observation)), [observation.shape[0]]),
    initialise: (block, seed) => {
      modules.forEach((module, i) => {
        module.initialise(block, new RandomStream(seed, streams.parameters, i));
      });
      for (const { tensor, initial } of head.parameters) block.values(tensor.attributes.name!).fill(initial);
    },
  };
}
