/**
 * One transformer layer in two halves, before and behind attention: what stands between is whole sequences in training and a
 * cache of keys and values in generation.
 */

import type { Tensor } from "../../tensor/graph.ts";
import { add, mul } from "../../tensor/ops/elementwise.ts";
import { concat, reshape, sliceAxis } from "../../tensor/ops/layout.ts";
import { activations } from "./activations.ts";
import type { LanguageModelDescription } from "./description.ts";
import { familyNames } from "./families.ts";
import type { Linear, Modules } from "./modules.ts";
import { type Rotation, rotate } from "./positions.ts";

export interface TransformerLayer {
  /**
   * @param x [rows · length, width]
   * @param turn of rotary positions; none for learned ones.
   * @returns queries, keys and values side by side, positions applied: [rows, length, (heads + 2 · keyValueHeads) · headSize].
   */
  sideBySide(x: Tensor, size: BatchSize, turn: Rotation | undefined, adapter: boolean): Tensor;
  /** x [rows · length, width] and what its queries found, heads side by side [rows · length, heads · headSize] → as x. */
  rest(x: Tensor, attended: Tensor, adapter: boolean): Tensor;
}

export interface BatchSize {
  rows: number;
  length: number;
}

export function transformerLayer(
  modules: Modules,
  description: LanguageModelDescription,
  index: number,
): TransformerLayer {
  const { family, width, heads, keyValueHeads, headSize, hiddenSize, attentionBias, feedForwardBias, gated } =
    description;
  const names = familyNames[family];
  const at = (module: string) => `${names.layers}.${index}.${module}`;
  const attentionNorm = modules.norm(at(names.attentionNorm), width);
  const sizes = [heads, keyValueHeads, keyValueHeads].map((n) => n * headSize);
  const attentionLayers = names.queryKeyValue.map((name, i, all) => {
    const outputs = all.length === 1 ? sizes[0] + sizes[1] + sizes[2] : sizes[i];
    return modules.linear(at(name), width, outputs, attentionBias !== "none");
  });
  const project = projections(attentionLayers, sizes);
  const isFused = attentionLayers.length === 1 && description.positions === "learned" && !description.queryKeyNorm;
  const fused = isFused ? attentionLayers[0] : undefined;
  const [queryNorm, keyNorm] = [names.queryNorm, names.keyNorm].map((name) =>
    description.queryKeyNorm ? modules.rmsNorm(at(name), headSize) : (x: Tensor) => x,
  );
  const output = modules.linear(at(names.attentionOutput), heads * headSize, width, attentionBias === "all");
  const feedForwardNorm = modules.norm(at(names.feedForwardNorm), width);
  const gate = gated ? modules.linear(at(names.gate), width, hiddenSize, feedForwardBias) : undefined;
  const up = modules.linear(at(names.up), width, hiddenSize, feedForwardBias);
  const down = modules.linear(at(names.down), hiddenSize, width, feedForwardBias);
  const activate = activations[description.activation];
  const parts = (x: Tensor, { rows, length }: BatchSize, turn: Rotation | undefined, adapter: boolean): Tensor[] => {
    const turned = (heads: Tensor) => (turn === undefined ? heads : rotate(heads, turn));
    const all = project(attentionNorm(x), adapter).map((part) => reshape(part, [rows, length, -1, headSize]));
    return [turned(queryNorm(all[0])), turned(keyNorm(all[1])), all[2]];
  };
  return {
    sideBySide(x, { rows, length }, turn, adapter) {
      // One layer gives all three side by side already, and learned positions change nothing about them.
      if (fused !== undefined) return reshape(fused(attentionNorm(x), adapter), [rows, length, -1]);
      return concat(
        parts(x, { rows, length }, turn, adapter).map((part) => reshape(part, [rows, length, -1])),
        2,
      );
    },
    rest(x, attended, adapter) {
      const between = add(x, output(attended, adapter));
      const inner = feedForwardNorm(between);
      const raised = up(inner, adapter);
      const hidden = gate === undefined ? activate(raised) : mul(activate(gate(inner, adapter)), raised);
      return add(between, down(hidden, adapter));
    },
  };
}

/** Query, key and value from one linear layer, cut in three, or from three. */
function projections(layers: readonly Linear[], sizes: readonly number[]): (x: Tensor, adapter: boolean) => Tensor[] {
  if (layers.length > 1) return (x, adapter) => layers.map((layer) => layer(x, adapter));
  return (x, adapter) => {
    const all = layers[0](x, adapter);
    let start = 0;
    return sizes.map((size) => {
      const part = sliceAxis(all, 1, start, size);
      start += size;
      return part;
    });
  };
}
