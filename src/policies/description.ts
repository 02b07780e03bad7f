/**
 * A trained policy as data: everything that acting needs (spaces, network, observation scaling, weights) and nothing that
 * training needs. As bytes it is one safetensors file whose metadata carries the JSON part.
 */

import { bytes as bytesCheck, type Check, checkArgument, having } from "../arguments/checks.ts";
import { flatSize, type Space, spaceFromJson, spaceToJson } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { contentDigest } from "../files/contentDigest.ts";
import { decodeSafetensors, encodeSafetensors, type TensorToStore } from "../files/safetensors.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";
import { formatShape, sameShape } from "../tensor/shape.ts";
import { isValueParameter, type NetworkOptions } from "./actorCritic.ts";
import { momentsFrom, momentTensors } from "./moments.ts";
import type { ObservationScaling } from "./observationScaling.ts";

export interface PolicyDescription<ObservationSpace extends Space = Space, ActionSpace extends Space = Space> {
  algorithm: string;
  /** Id of the environment it was trained in. */
  environment: string;
  observationSpace: ObservationSpace;
  actionSpace: ActionSpace;
  network: NetworkOptions;
  /** Present when observations are normalised. */
  scaling?: ObservationScaling;
  /** The policy's parameters, and the critic's where one was trained beside it. */
  weights: Record<string, { shape: readonly number[]; data: Float32Array }>;
}

/** A description, by its parts; what is in them is checked where they are used. */
export const descriptionCheck: Check = {
  ...having("a policy's description", "observationSpace", "actionSpace", "network", "weights"),
  fix: "Give policy.description, learner.policy(), or what readPolicy or decodePolicy gives.",
};

const FORMAT = "ascent-policy/2";
/** As FORMAT, from before `normalizeActions`: such a policy acts without. */
const FORMAT_WITHOUT_NORMALIZED_ACTIONS = "ascent-policy/1";

/** Copies of a block's parameters, by name. */
export function weightsOf(block: ParameterBlock): PolicyDescription["weights"] {
  return Object.fromEntries(
    block.tensors.map((tensor) => {
      const name = tensor.attributes.name!;
      return [name, { shape: tensor.shape, data: block.values(name).slice() }];
    }),
  );
}

/**
 * Writes stored weights into a block.
 *
 * @param critic false: the critic's are left as they are.
 * @throws AscentError "file" where one is missing or of another shape.
 */
export function fillBlock(block: ParameterBlock, weights: PolicyDescription["weights"], critic = true): void {
  for (const { attributes, shape } of block.tensors) {
    const name = attributes.name!;
    if (!critic && isValueParameter(name)) continue;
    const stored = weights[name];
    if (stored === undefined || !sameShape(stored.shape, shape)) {
      throw new AscentError("file", {
        what: `The policy's weights do not fit its network: "${name}"`,
        got: stored === undefined ? "nothing" : formatShape(stored.shape),
        expected: formatShape(shape),
        fix: "Load a policy file as it was saved.",
      });
    }
    block.values(name).set(stored.data);
  }
}

/** The bytes of policy.safetensors. */
export function encodePolicy(policy: PolicyDescription): Uint8Array {
  checkArgument("encodePolicy: policy", descriptionCheck, policy);
  const { weights, scaling, observationSpace, actionSpace, ...rest } = policy;
  const tensors: Record<string, TensorToStore> = Object.fromEntries(
    Object.entries(weights).map(([name, { shape, data }]) => [name, { dtype: "F32", shape, data }]),
  );
  if (scaling !== undefined) {
    const shape = [scaling.mean.length];
    tensors["observation.mean"] = { dtype: "F64", shape, data: scaling.mean };
    tensors["observation.scale"] = { dtype: "F64", shape, data: scaling.scale };
    Object.assign(tensors, momentTensors(scaling.moments));
  }
  const json = {
    ...rest,
    observationSpace: spaceToJson(observationSpace),
    actionSpace: spaceToJson(actionSpace),
    clipObservations: scaling?.clip ?? null,
  };
  const text = JSON.stringify(json);
  return encodeSafetensors(tensors, { format: FORMAT, policy: text, sha256: contentDigest(text, tensors) });
}

/**
 * The type arguments, where given, are taken at their word: the file says what the spaces are.
 *
 * @throws AscentError "file" when the bytes are damaged or not a policy of this format.
 */
export function decodePolicy<ObservationSpace extends Space = Space, ActionSpace extends Space = Space>(
  bytes: Uint8Array,
): PolicyDescription<ObservationSpace, ActionSpace> {
  checkArgument("decodePolicy: bytes", bytesCheck, bytes);
  const { tensors, metadata } = decodeSafetensors(bytes);
  const isEarlier = metadata.format === FORMAT_WITHOUT_NORMALIZED_ACTIONS;
  if (metadata.format !== FORMAT && !isEarlier) {
    throw new AscentError("file", {
      what: "Not a policy this version can read",
      got: metadata.format === undefined ? "a file without a format mark" : `format "${metadata.format}"`,
      expected: `"${FORMAT}"`,
      fix: "Load a policy.safetensors that this version of the library saved, or an earlier one.",
    });
  }
  if (metadata.sha256 !== undefined && metadata.sha256 !== contentDigest(metadata.policy, tensors)) {
    throw new AscentError("file", {
      what: "The policy's SHA-256 does not match its content",
      got: "a file damaged or altered since it was saved",
      fix: "Use another copy; who alters weights on purpose removes the metadata entry sha256.",
    });
  }
  let json: ReturnType<typeof JSON.parse>;
  try {
    json = JSON.parse(metadata.policy);
  } catch (cause) {
    throw new AscentError(
      "file",
      { what: "The policy's description is not JSON", fix: "Use another copy." },
      { cause },
    );
  }
  const data = (name: string) => {
    const tensor = tensors[name];
    if (tensor === undefined || !(tensor.data instanceof Float32Array)) {
      throw new AscentError("file", {
        what: "The policy file is incomplete",
        got: `no tensor "${name}"`,
        expected: "one of dtype F32",
        fix: "Load a policy file as it was saved.",
      });
    }
    return tensor.data;
  };
  /** float64; files of earlier versions have float32. */
  const numbers = (name: string) => {
    const stored = tensors[name]?.data;
    return stored instanceof Float64Array ? stored : Float64Array.from(data(name));
  };
  const weights = Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => !name.startsWith("observation."))
      .map(([name, { shape }]) => [name, { shape, data: data(name) }]),
  );
  const { observationSpace: observations, actionSpace: actions, clipObservations, ...rest } = json;
  const observationSpace = spaceFromJson(observations);
  const network = isEarlier ? { ...json.network, normalizeActions: false } : json.network;
  const policy = { ...rest, network, observationSpace, actionSpace: spaceFromJson(actions), weights };
  if (clipObservations === null) return policy;
  const [mean, scale] = [numbers("observation.mean"), numbers("observation.scale")];
  const columns = flatSize(observationSpace);
  if (mean.length !== columns || scale.length !== columns) {
    throw new AscentError("file", {
      what: "The policy's observation scaling does not fit its observation space",
      got: `${mean.length} means and ${scale.length} scales`,
      expected: `${columns} each`,
      fix: "Load a policy file as it was saved.",
    });
  }
  const moments = momentsFrom(tensors, columns);
  return { ...policy, scaling: { mean, scale, clip: clipObservations, ...(moments && { moments }) } };
}
