/**
 * A network's numbers to and from tensors as Transformers names and lays them out. All is checked before anything is taken;
 * the layout is the parameters' own, so that loading is a copy.
 */

import { AscentError } from "../../errors.ts";
import type { StoredTensor } from "../../files/safetensors.ts";
import type { Tensor } from "../../tensor/graph.ts";
import type { ParameterBlock } from "../../tensor/parameters.ts";
import { formatShape, sameShape } from "../../tensor/shape.ts";
import { familyNames } from "./families.ts";
import type { LanguageNetwork } from "./network.ts";

/** Masks and frequencies that old files hold beside the weights. */
const BUFFER = /\.(attn\.bias|attn\.masked_bias|rotary_emb\.inv_freq)$/;

/** The names in files of a network's parameters: without the network's own. */
export function fileNames({ prefix }: LanguageNetwork, parameters: readonly Tensor[]): string[] {
  return parameters.map(({ attributes: { name = "" } }) => name.slice(prefix.length));
}

/**
 * The tensors for a network's parameters, in their order.
 *
 * @param tensors by Transformers' names; those of a bare model, without the family's prefix, too.
 * @throws AscentError "file" for one that is missing, of another shape or dtype, or not of this model.
 */
export function orderedWeights(network: LanguageNetwork, tensors: ReadonlyMap<string, StoredTensor>): Float32Array[] {
  const { description } = network;
  const names = fileNames(network, network.parameters);
  const { prefix, embedding, head } = familyNames[description.family];
  const isBare = ![...tensors.keys()].some((name) => name.startsWith(prefix));
  const found = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    if (BUFFER.test(name)) continue;
    found.set(isBare && !name.startsWith(`${head}.`) ? `${prefix}${name}` : name, tensor);
  }
  const weights = names.map((name, i) => {
    const tensor = found.get(name);
    if (tensor === undefined)
      throw wrong(`tensor "${name}"`, "nothing", `one of shape ${formatShape(network.parameters[i].shape)}`);
    return checkedFloats(name, tensor, network.parameters[i].shape);
  });
  const extra = [...found.keys()].filter((name) => !names.includes(name));
  // Old files of tied models hold the head a second time.
  const again = `${head}.weight`;
  if (description.head === "language" && description.tiedHead && extra.includes(again)) {
    const at = names.indexOf(`${embedding}.weight`);
    const copy = checkedFloats(again, found.get(again)!, network.parameters[at].shape);
    if (copy.some((value, i) => !Object.is(value, weights[at][i]))) {
      throw wrong(`tensor "${again}"`, "other numbers than the embedding's", "the same, as tie_word_embeddings says");
    }
    extra.splice(extra.indexOf(again), 1);
  }
  if (extra.length > 0) {
    const shown = extra.slice(0, 5).join(", ");
    throw wrong(
      "tensors that the model does not have",
      extra.length > 5 ? `${shown}, … (${extra.length})` : shown,
      "none",
    );
  }
  return weights;
}

/** Copies numbers into a block, in the order of its tensors. */
export function fillBlock(block: ParameterBlock, weights: readonly Float32Array[]): void {
  for (const [i, name] of block.names.entries()) block.values(name).set(weights[i]);
}

/** @throws AscentError "file" unless it holds floats of this shape. */
export function checkedFloats(
  name: string,
  { dtype, shape, data }: StoredTensor,
  expected: readonly number[],
): Float32Array {
  if (!(data instanceof Float32Array)) throw wrong(`tensor "${name}"`, `dtype ${dtype}`, "F32, F16 or BF16");
  if (!sameShape(shape, expected)) {
    throw wrong(`tensor "${name}"`, `shape ${formatShape(shape)}`, formatShape(expected));
  }
  return data;
}

function wrong(what: string, got: string, expected: string): AscentError {
  return new AscentError("file", {
    what: `The weights do not fit config.json: ${what}`,
    got,
    expected,
    fix: "Use the weights and the config.json that were saved together.",
  });
}
