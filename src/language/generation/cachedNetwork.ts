/**
 * A language model's network as two graphs for generating: one over whole prompts, which gives their keys and values, and one
 * for a single new token a row, which finds them in a cache. Both are put together from the network's own parts.
 */

import { input, type Tensor } from "../../tensor/graph.ts";
import { causalAttention } from "../../tensor/ops/attention.ts";
import { cachedAttention } from "../../tensor/ops/cachedAttention.ts";
import { gatherRows } from "../../tensor/ops/gather.ts";
import { reshape, sliceAxis, transpose } from "../../tensor/ops/layout.ts";
import type { LanguageNetwork } from "../model/network.ts";

/** Of one layer, or of one layer's cache. */
export interface KeysAndValues {
  keys: Tensor;
  values: Tensor;
}

export interface PromptGraph {
  /** Of each layer, [rows, keyValueHeads, length, headSize]. Those of padding mean nothing. */
  layers: KeysAndValues[];
  /** Of what follows each prompt: [rows, vocabularySize]. */
  logits: Tensor;
}

/**
 * Prompts from their first token on, padded on the right. Inputs: "tokens" i32 [rows, length], and "last" i32 [rows]: where each
 * prompt's last token is among the rows · length.
 */
export function promptGraph(network: LanguageNetwork, rows: number, length: number, adapter: boolean): PromptGraph {
  const { heads, keyValueHeads, headSize } = network.description;
  const tokens = input("tokens", [rows, length], "i32");
  const last = input("last", [rows], "i32");
  let { x, turn } = network.embed(tokens, { limit: length });
  const layers: KeysAndValues[] = [];
  for (const [i, layer] of network.layers.entries()) {
    const sides = layer.sideBySide(x, { rows, length }, turn, adapter);
    const byHead = (firstHead: number) => {
      const part = sliceAxis(sides, 2, firstHead * headSize, keyValueHeads * headSize);
      return transpose(reshape(part, [rows, length, keyValueHeads, headSize]), [0, 2, 1, 3]);
    };
    layers.push({ keys: byHead(heads), values: byHead(heads + keyValueHeads) });
    let attended = reshape(causalAttention(sides, { heads, keyValueHeads }), [rows * length, heads * headSize]);
    if (i === network.layers.length - 1) {
      // Nobody looks at the other tokens any more.
      attended = gatherRows(attended, last);
      x = gatherRows(x, last);
    }
    x = layer.rest(x, attended, adapter);
  }
  return { layers, logits: network.logits(network.finalNorm(x)) };
}

export interface TokenGraph {
  /** Inputs, of each layer [rows, keyValueHeads, capacity, headSize]: to be bound to the cache. */
  caches: KeysAndValues[];
  /** [rows, vocabularySize] */
  logits: Tensor;
}

/** One token a row: inputs "tokens" i32 [rows], and "positions" i32 [rows], how many tokens of the row came before. */
export function tokenGraph(network: LanguageNetwork, rows: number, capacity: number, adapter: boolean): TokenGraph {
  const { heads, keyValueHeads, headSize } = network.description;
  const tokens = reshape(input("tokens", [rows], "i32"), [rows, 1]);
  const positions = input("positions", [rows], "i32");
  let { x, turn } = network.embed(tokens, { tensor: reshape(positions, [rows, 1]), limit: capacity });
  const caches = network.layers.map((layer, i) => {
    const cache = [rows, keyValueHeads, capacity, headSize];
    const keys = input(`keys.${i}`, cache);
    const values = input(`values.${i}`, cache);
    const sides = reshape(layer.sideBySide(x, { rows, length: 1 }, turn, adapter), [rows, -1]);
    x = layer.rest(x, cachedAttention({ x: sides, positions, keys, values, heads }), adapter);
    return { keys, values };
  });
  return { caches, logits: network.logits(network.finalNorm(x)) };
}
