/**
 * Where trainable numbers live: one flat, contiguous block of memory for a list of parameter tensors. Each parameter
 * starts on a cache line; the gaps hold zeros and stay zero, so the block is also the flat vector θ that optimisers and
 * conjugate gradients work on.
 */

import { checkArgument, engine as engineCheck } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { type Engine, floatsOf, GRANULE, type Region } from "./engine.ts";
import { describeTensor, requireTensors, type Tensor } from "./graph.ts";
import { sizeOf } from "./shape.ts";

/** Offsets, in floats, of tensors laid one behind the other as a block lays out its parameters; and the total length. */
export function flatLayout(tensors: readonly Tensor[]): { offsets: number[]; length: number } {
  requireTensors("flatLayout", tensors);
  const offsets: number[] = [];
  let length = 0;
  for (const tensor of tensors) {
    offsets.push(length);
    length += Math.ceil(sizeOf(tensor.shape) / GRANULE) * GRANULE;
  }
  return { offsets, length };
}

/** Something that knows parameters' numbers by name: a block, or several taken together. */
export interface ParameterValues {
  /** Live, row-major. @throws AscentError "option" for an unknown name. */
  values(name: string): Float32Array;
}

/** Several blocks as one look-up. */
export function joinedValues(...blocks: readonly ParameterBlock[]): ParameterValues {
  const [first] = blocks;
  return { values: (name) => (blocks.find((block) => block.names.includes(name)) ?? first).values(name) };
}

export class ParameterBlock implements ParameterValues {
  readonly tensors: readonly Tensor[];
  readonly region: Region;
  /** Trainable numbers, without the gaps. */
  readonly count: number;
  readonly #offsets: readonly number[];

  /**
   * @param tensors parameters, in the order of the flat vector; names must differ.
   * @throws AscentError "option" when two share a name.
   */
  constructor(engine: Engine, tensors: readonly Tensor[]) {
    checkArgument("ParameterBlock: engine", engineCheck, engine);
    requireTensors("ParameterBlock", tensors);
    const names = new Set<string>();
    for (const tensor of tensors) {
      const name = tensor.attributes.name ?? "";
      if (tensor.op !== "parameter" || names.has(name)) {
        throw new AscentError("option", {
          what: "ParameterBlock: not a list of distinct parameters",
          got: describeTensor(tensor),
          expected: "parameter tensors with names of their own",
          fix: "Make each with parameter(name, shape) and list it once.",
        });
      }
      names.add(name);
    }
    const { offsets, length } = flatLayout(tensors);
    this.tensors = tensors;
    this.#offsets = offsets;
    this.region = engine.allocate(length);
    this.count = tensors.reduce((n, tensor) => n + sizeOf(tensor.shape), 0);
  }

  get names(): string[] {
    return this.tensors.map((tensor) => tensor.attributes.name!);
  }

  /** The whole flat vector, live. */
  flat(): Float32Array<ArrayBuffer> {
    return floatsOf(this.region);
  }

  /** The numbers of one parameter, live, row-major. */
  values(name: string): Float32Array<ArrayBuffer> {
    const index = this.names.indexOf(name);
    if (index < 0) {
      throw new AscentError("option", {
        what: "There is no such parameter",
        got: describeValue(name),
        expected: `one of ${this.names.join(", ")}`,
        fix: "Use a name the parameter was made with.",
      });
    }
    return floatsOf(this.regionOf(index));
  }

  /** The stretch of memory of the parameter at `index`. */
  regionOf(index: number): Region {
    const pointer = this.region.pointer + this.#offsets[index] * 4;
    return { pointer, length: sizeOf(this.tensors[index].shape), dtype: "f32", engine: this.region.engine };
  }
}
