/**
 * A compiled program: instructions in an engine's memory, with named inputs and outputs that are live views of it.
 * Running it allocates nothing. Programs are made by `compile` (compile.ts).
 */

import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { floatsOf, intsOf, type Region } from "./engine.ts";
import { type DType, describeTensor, type Tensor } from "./graph.ts";
import { INSTRUCTION_BYTES, INSTRUCTION_WORDS } from "./opcodes.ts";
import { ProgramSlices, sliceEnds } from "./programSlices.ts";
import { shapeError, sizeOf } from "./shape.ts";

/** Where the instructions of one step lie, and what they compute. */
export interface Placed {
  readonly target: Tensor;
  readonly pointer: number;
  readonly firstInstruction: number;
  readonly instructions: number;
}

export interface ProgramParts {
  name: string;
  code: Region;
  instructionCount: number;
  inputs: ReadonlyMap<string, Region>;
  outputs: ReadonlyMap<string, Region>;
  /** Parameters and inputs, for diagnostics. */
  leaves: readonly { tensor: Tensor; region: Region }[];
  steps: readonly Placed[];
  arenaBytes: number;
}

interface NamedView {
  region: Region;
  view: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

export class Program {
  readonly name: string;
  /** Instructions of one run. */
  readonly instructionCount: number;
  /** Bytes of intermediate results, after reuse. */
  readonly arenaBytes: number;
  readonly #parts: ProgramParts;
  readonly #run: (program: number, count: number) => number;
  readonly #inputs = new Map<string, NamedView>();
  readonly #outputs = new Map<string, NamedView>();
  readonly #floatOutputs: { name: string; region: Region }[] = [];
  readonly #slices: ProgramSlices;

  constructor(parts: ProgramParts) {
    this.name = parts.name;
    this.instructionCount = parts.instructionCount;
    this.arenaBytes = parts.arenaBytes;
    this.#parts = parts;
    this.#run = parts.code.engine.kernels.run;
    this.#slices = new ProgramSlices(sliceEnds(parts.code, parts.instructionCount), (first, count) =>
      this.#runPart(first, count),
    );
    for (const [name, region] of parts.inputs) this.#inputs.set(name, { region, view: viewOf(region) });
    for (const [name, region] of parts.outputs) {
      this.#outputs.set(name, { region, view: viewOf(region) });
      if (region.dtype === "f32") this.#floatOutputs.push({ name, region });
    }
  }

  /**
   * Computes every output from what the inputs and parameters hold now.
   *
   * @throws AscentError "shape" when an index (gatherRows, takeLast, oneHot …) lies outside its tensor.
   */
  run(): void {
    this.#runPart(0, this.instructionCount);
  }

  /**
   * The same as `run`, as work to be done with `yield*`: it stops where it is due, in its midst if it is long, and behind it.
   * Views of outputs that were taken before a stop may be dead behind it: ask for them again.
   */
  running(): Iterable<void, void> {
    return this.#slices;
  }

  #runPart(first: number, count: number): void {
    const failed = this.#run(this.#parts.code.pointer + first * INSTRUCTION_BYTES, count);
    if (failed >= 0) throw this.#indexError(first + failed);
  }

  /** The numbers of an f32 input, to be written before a run. */
  input(name: string): Float32Array<ArrayBuffer> {
    return this.#view(this.#inputs, "input", name, "f32") as Float32Array<ArrayBuffer>;
  }

  /** The numbers of an i32 input. */
  inputInts(name: string): Int32Array<ArrayBuffer> {
    return this.#view(this.#inputs, "input", name, "i32") as Int32Array<ArrayBuffer>;
  }

  /** The numbers of an f32 output, valid until the next run. */
  output(name: string): Float32Array<ArrayBuffer> {
    return this.#view(this.#outputs, "output", name, "f32") as Float32Array<ArrayBuffer>;
  }

  outputInts(name: string): Int32Array<ArrayBuffer> {
    return this.#view(this.#outputs, "output", name, "i32") as Int32Array<ArrayBuffer>;
  }

  /** The first number of an f32 output: a scalar's value. */
  scalar(name: string): number {
    return this.output(name)[0];
  }

  /** Where an input lies, so that another program can be bound to the same memory. */
  inputRegion(name: string): Region {
    return this.#find(this.#inputs, "input", name).region;
  }

  outputRegion(name: string): Region {
    return this.#find(this.#outputs, "output", name).region;
  }

  /**
   * Where the first number that is not finite comes from: an input, a parameter, or the operation that bore it.
   * Undefined when all are finite. Runs the program once, step by step.
   */
  explainNonFinite(): string | undefined {
    const { kernels } = this.#parts.code.engine;
    for (const { tensor, region } of this.#parts.leaves) {
      if (region.dtype !== "f32") continue;
      // A bound region may be longer than the tensor; what lies behind it is nobody's business.
      const found = kernels.firstNonFinite(region.pointer, sizeOf(tensor.shape));
      if (found > 0) return `${describeTensor(tensor)} holds ${floatsOf(region)[found - 1]} at position ${found - 1}`;
    }
    for (const step of this.#parts.steps) {
      const at = this.#parts.code.pointer + step.firstInstruction * INSTRUCTION_BYTES;
      if (kernels.run(at, step.instructions) >= 0) throw this.#indexError(step.firstInstruction);
      if (step.target.dtype !== "f32") continue;
      const { engine } = this.#parts.code;
      const length = sizeOf(step.target.shape);
      const found = kernels.firstNonFinite(step.pointer, length);
      if (found === 0) continue;
      const value = floatsOf({ pointer: step.pointer, length, dtype: "f32", engine })[found - 1];
      const from = step.target.inputs.map(describeTensor).join(", ");
      return `${describeTensor(step.target)} of (${from}) gave ${value} at position ${found - 1}`;
    }
    return undefined;
  }

  /** The first f32 output of the last run that holds a number which is not finite. Allocates nothing. */
  nonFiniteOutput(): string | undefined {
    // Counted, not iterated: iterating a Map makes garbage on every call.
    for (let i = 0; i < this.#floatOutputs.length; i++) {
      const { name, region } = this.#floatOutputs[i];
      if (region.engine.kernels.firstNonFinite(region.pointer, region.length) > 0) return name;
    }
    return undefined;
  }

  /** @throws AscentError "non-finite", naming the operation, if any number of the last run's outputs is not finite. */
  requireFinite(stage: string): void {
    const name = this.nonFiniteOutput();
    if (name === undefined) return;
    throw new AscentError("non-finite", {
      what: `${stage} stopped: program "${this.name}" gave a non-finite "${name}"`,
      got: this.explainNonFinite() ?? "a number that is finite when computed again",
      expected: "finite numbers",
      fix: "Lower the learning rate, clip or normalise observations and rewards, or look at the operation named.",
    });
  }

  /** Where the time of a run goes: mean microseconds of each step over `repeats` runs, in order. */
  profile(repeats = 100): { step: string; microseconds: number }[] {
    const { code, steps } = this.#parts;
    const { run } = code.engine.kernels;
    const totals = new Float64Array(steps.length);
    for (let pass = 0; pass < repeats; pass++) {
      steps.forEach((step, i) => {
        const begin = performance.now();
        run(code.pointer + step.firstInstruction * INSTRUCTION_BYTES, step.instructions);
        totals[i] += performance.now() - begin;
      });
    }
    return steps.map((step, i) => ({
      step: `${describeTensor(step.target)} of (${step.target.inputs.map(describeTensor).join(", ")})`,
      microseconds: (totals[i] / repeats) * 1000,
    }));
  }

  #find(views: ReadonlyMap<string, NamedView>, kind: string, name: string): NamedView {
    const found = views.get(name);
    if (found !== undefined) return found;
    const names = [...views.keys()].join(", ") || "none";
    throw new AscentError("option", {
      what: `Program "${this.name}" has no ${kind} of that name`,
      got: describeValue(name),
      expected: `one of: ${names}`,
      fix: `Use one of these, or add it to the graph that is compiled.`,
    });
  }

  #view(views: ReadonlyMap<string, NamedView>, kind: string, name: string, dtype: DType): NamedView["view"] {
    const found = this.#find(views, kind, name);
    if (found.region.dtype !== dtype) {
      const cure = `${kind}${found.region.dtype === "i32" ? "Ints" : ""}("${name}")`;
      throw new AscentError("option", {
        what: `${kind} "${name}" of program "${this.name}" has another dtype`,
        got: dtype,
        expected: found.region.dtype,
        fix: `Call ${cure}.`,
      });
    }
    // Growing the memory makes another buffer.
    if (found.view.buffer !== found.region.engine.buffer) found.view = viewOf(found.region);
    return found.view;
  }

  #indexError(instruction: number): AscentError {
    const { code, steps } = this.#parts;
    const { target } = [...steps].reverse().find((step) => step.firstInstruction <= instruction)!;
    const { op, inputs, shape } = target;
    const [x, indices] = inputs;
    // What the indices point into: rows or the last axis, of the operand when picking, of the result when putting back.
    const width = x.shape[x.shape.length - 1];
    const rows = { gatherRows: x.shape[0], takeLast: width, crossEntropy: width, scatterRows: shape[0] }[op as string];
    const capacity = op === "cachedAttention" ? inputs[2].shape[2] : undefined;
    const extent = rows ?? capacity ?? shape[shape.length - 1];
    // All these kernels take the address of the indices as their third operand.
    const pointer = intsOf(code)[instruction * INSTRUCTION_WORDS + 3];
    const values = intsOf({ pointer, length: sizeOf(indices.shape), dtype: "i32", engine: code.engine });
    const at = values.findIndex((index) => index < 0 || index >= extent);
    return shapeError({
      what: `Program "${this.name}", ${describeTensor(target)}: an index lies outside`,
      got: `${values[at]} at position ${at} of ${describeTensor(indices)}`,
      expected: `whole numbers from 0 to ${extent - 1}`,
      fix: "Check what writes the indices, or the size of what they point into.",
    });
  }
}

function viewOf(region: Region): NamedView["view"] {
  return region.dtype === "f32" ? floatsOf(region) : intsOf(region);
}
