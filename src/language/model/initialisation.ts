/**
 * GPT-2's starting values, for every family: weights normal with deviation 0.02, those that write into the residual stream
 * smaller by √(2 · layers), biases 0, norms 1. LoRA's as in PEFT: A uniform by fan-in, B zero, so that an adapter starts as
 * nothing. Each array has a random stream of its own.
 */

import { uniformFanIn } from "../../nn/startingValues.ts";
import { RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import type { Tensor } from "../../tensor/graph.ts";
import type { ParameterBlock } from "../../tensor/parameters.ts";
import { besideAdapter, familyNames } from "./families.ts";
import type { LanguageNetwork } from "./network.ts";

const DEVIATION = 0.02;

/** Writes the base's starting values into `block`. */
export function initialiseBase(
  { description, parameters }: LanguageNetwork,
  block: ParameterBlock,
  seed: number,
): void {
  const { attentionOutput, down } = familyNames[description.family];
  const residual = [attentionOutput, down].map((module) => `.${module}.weight`);
  for (const [i, tensor] of parameters.entries()) {
    const name = nameOf(tensor);
    const values = block.values(name);
    if (name.endsWith(".bias")) values.fill(0);
    else if (tensor.shape.length === 1) values.fill(1);
    else {
      const isResidual = residual.some((end) => name.endsWith(end));
      const deviation = isResidual ? DEVIATION / Math.sqrt(2 * description.layers) : DEVIATION;
      const random = new RandomStream(seed, streams.parameters, i);
      for (let k = 0; k < values.length; k++) values[k] = deviation * random.normal();
    }
  }
}

/** Writes the adapter's starting values into `block`. @param base the base's numbers, of which a score head is a copy. */
export function initialiseAdapter(
  { description, prefix, parameters, adapter }: LanguageNetwork,
  block: ParameterBlock,
  base: ParameterBlock,
  seed: number,
): void {
  const { score } = familyNames[description.family];
  for (const [i, tensor] of adapter.entries()) {
    const name = nameOf(tensor);
    const values = block.values(name);
    if (name === `${prefix}${besideAdapter(score)}.weight`) values.set(base.values(`${prefix}${score}.weight`));
    else if (name.endsWith(".lora_B.weight")) values.fill(0);
    else uniformFanIn(values, tensor.shape[1], new RandomStream(seed, streams.parameters, parameters.length + i));
  }
}

function nameOf({ attributes: { name } }: Tensor): string {
  return name ?? "";
}
