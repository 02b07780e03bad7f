/**
 * Graph → program: simplify, schedule, plan the memory, write the instructions. After this nothing about a run is decided
 * any more: every shape, address and order is fixed.
 */

import {
  checkArgument,
  checkOptions,
  engine as engineCheck,
  having,
  listOf,
  named,
  type OptionChecks,
  optional,
  text,
} from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { due, dueAfter, finish, type Work } from "../pauses.ts";
import { emitStep, type Layout, needsScratch } from "./emit.ts";
import { type Engine, floatsOf, intsOf, type Region } from "./engine.ts";
import { describeTensor, node, type Tensor } from "./graph.ts";
import { INSTRUCTION_WORDS } from "./opcodes.ts";
import { flatLayout, type ParameterBlock } from "./parameters.ts";
import { planMemory } from "./plan.ts";
import { type Placed, Program } from "./program.ts";
import { type Alias, makeSchedule, type Schedule } from "./schedule.ts";
import { sizeOf } from "./shape.ts";
import { simplifying } from "./simplify.ts";

export interface CompileOptions {
  /** For errors and diagnostics. */
  name?: string;
  /**
   * What to compute. A list of tensors becomes one flat output, laid out as a `ParameterBlock` of the same list: a gradient
   * that optimisers read in place.
   */
  outputs: Readonly<Record<string, Tensor | readonly Tensor[]>>;
  /** The blocks that hold the parameters the graph uses. */
  parameters?: readonly ParameterBlock[];
  /** Memory for inputs that should not get their own: another program's, or a rollout's. */
  bindings?: ReadonlyMap<Tensor, Region>;
}

export const compileOptions: OptionChecks<CompileOptions> = {
  name: optional(text),
  outputs: { ...named("an object of tensors"), fix: "Name what to compute: outputs: { loss }." },
  parameters: optional(listOf(having("ParameterBlock", "tensors", "region"), "a list of ParameterBlocks")),
  bindings: optional(having("a Map of tensors to regions", "get", "has")),
};

/**
 * Compiles a graph for an engine.
 *
 * @throws AscentError "option" when a parameter has no block, two inputs share a name, a binding has the wrong size, memory
 *   belongs to another engine, or a list output is empty or of mixed dtypes.
 */
export function compile(engine: Engine, options: CompileOptions): Program {
  checkArgument("compile: engine", engineCheck, engine);
  checkOptions("compile", compileOptions, options);
  return finish(compiling(engine, options));
}

/** As `compile`, as work that stops now and then: a network unrolled over many steps takes its time. */
export function* compiling(engine: Engine, options: CompileOptions): Work<Program> {
  const { name = "program", parameters = [], bindings = new Map<Tensor, Region>() } = options;
  const entries = Object.entries(options.outputs).map(([key, value]) => ({ key, tensors: asList(value) }));
  const isList = (key: string) => Array.isArray(options.outputs[key]);
  for (const { key, tensors } of entries) checkList(key, tensors);
  const simplified = yield* simplifying(entries.flatMap(({ tensors }) => tensors));

  // Every output is computed straight into its own place, or copied there when it already has one.
  const places = new Map<number, Region>();
  const outputs = new Map<string, Region>();
  const finals: Tensor[] = [];
  let next = 0;
  for (const { key, tensors } of entries) {
    const { offsets, length } = flatLayout(tensors);
    const size = isList(key) ? length : sizeOf(tensors[0].shape);
    const region = engine.allocate(size, tensors[0].dtype);
    outputs.set(key, region);
    tensors.forEach((tensor, i) => {
      const equal = simplified[next++];
      const final = needsCopy(equal, places) ? node("identity", [equal], tensor.shape, tensor.dtype) : equal;
      const pointer = region.pointer + (isList(key) ? offsets[i] * 4 : 0);
      places.set(final.id, { pointer, length: sizeOf(tensor.shape), dtype: tensor.dtype, engine });
      finals.push(final);
    });
  }

  const schedule = yield* makeSchedule(finals);
  if (due()) yield;
  for (const [id, alias] of schedule.aliases) {
    if (places.has(id)) throw new Error(`compile: output ${id} is an alias of ${describeTensor(alias.root)}`);
  }
  const leaves = placeLeaves(engine, schedule, parameters, bindings);
  const plan = yield* planMemory(schedule.steps, schedule.aliases, new Set(places.keys()));
  const arena = engine.allocate(Math.max(plan.length, 1));
  const addressOf = (tensor: Tensor): number => {
    const alias: Alias | undefined = schedule.aliases.get(tensor.id);
    if (alias !== undefined) return addressOf(alias.root) + alias.offset * 4;
    const region = places.get(tensor.id) ?? leaves.regions.get(tensor.id);
    if (region !== undefined) return region.pointer;
    const offset = plan.offsets.get(tensor.id);
    if (offset === undefined) throw new Error(`compile: ${describeTensor(tensor)} has no place`);
    return arena.pointer + offset * 4;
  };

  const { code, steps, instructionCount } = yield* writeCode(engine, schedule, addressOf);
  if (due()) yield;
  return new Program({
    name,
    code,
    instructionCount,
    steps,
    outputs,
    inputs: leaves.inputs,
    leaves: leaves.checked,
    arenaBytes: plan.length * 4,
  });
}

function asList(value: Tensor | readonly Tensor[]): readonly Tensor[] {
  return Array.isArray(value) ? value : [value as Tensor];
}

function checkList(key: string, tensors: readonly Tensor[]): void {
  if (tensors.length > 0 && tensors.every(({ dtype }) => dtype === tensors[0].dtype)) return;
  throw new AscentError("option", {
    what: `compile: the list output "${key}" cannot be laid out flat`,
    got: tensors.length === 0 ? "an empty list" : tensors.map(({ dtype }) => dtype).join(", "),
    expected: "at least one tensor, all of one dtype",
    fix: "Name each tensor as an output of its own, or bring them to one dtype with toFloat or toInt.",
  });
}

function checkEngine(tensor: Tensor, region: Region, engine: Engine): void {
  if (region.engine === engine) return;
  throw new AscentError("option", {
    what: `compile: the memory of ${describeTensor(tensor)} belongs to another engine`,
    got: "a region of that engine",
    expected: "a region of the engine that compiles",
    fix: "Make the ParameterBlock or the bound program with the same engine.",
  });
}

/** Leaves, aliases and tensors that are another output too cannot be computed into an output's place. */
function needsCopy(tensor: Tensor, places: ReadonlyMap<number, Region>): boolean {
  const hasMemory = ["input", "parameter", "constant", "reshape", "slice"].includes(tensor.op);
  return hasMemory || places.has(tensor.id);
}

interface Leaves {
  regions: Map<number, Region>;
  inputs: Map<string, Region>;
  checked: { tensor: Tensor; region: Region }[];
}

function placeLeaves(
  engine: Engine,
  schedule: Schedule,
  blocks: readonly ParameterBlock[],
  bindings: ReadonlyMap<Tensor, Region>,
): Leaves {
  const owned = new Map<number, Region>();
  for (const block of blocks) {
    block.tensors.forEach((tensor, i) => {
      owned.set(tensor.id, block.regionOf(i));
    });
  }
  const leaves: Leaves = { regions: new Map(), inputs: new Map(), checked: [] };
  for (const tensor of schedule.leaves) {
    const size = sizeOf(tensor.shape);
    let region: Region;
    if (tensor.op === "constant") {
      region = engine.allocate(size, tensor.dtype);
      const view = tensor.dtype === "f32" ? floatsOf(region) : intsOf(region);
      view.set(tensor.attributes.values!);
    } else if (tensor.op === "parameter") {
      region = owned.get(tensor.id) ?? missingParameter(tensor);
      checkEngine(tensor, region, engine);
      leaves.checked.push({ tensor, region });
    } else {
      region = bindings.get(tensor) ?? engine.allocate(size, tensor.dtype);
      checkEngine(tensor, region, engine);
      checkInput(tensor, region, leaves.inputs);
      leaves.inputs.set(tensor.attributes.name!, region);
      leaves.checked.push({ tensor, region });
    }
    leaves.regions.set(tensor.id, region);
  }
  return leaves;
}

function missingParameter(tensor: Tensor): never {
  throw new AscentError("option", {
    what: "compile: a parameter has no memory",
    got: describeTensor(tensor),
    expected: "a parameter of one of the blocks given as `parameters`",
    fix: "Make a ParameterBlock that contains it and pass it to compile.",
  });
}

function checkInput(tensor: Tensor, region: Region, inputs: ReadonlyMap<string, Region>): void {
  if (inputs.has(tensor.attributes.name!)) {
    throw new AscentError("option", {
      what: "compile: two inputs have the same name",
      got: `"${tensor.attributes.name}" twice`,
      expected: "different names",
      fix: "Use one input tensor in both places, or rename one.",
    });
  }
  if (region.length < sizeOf(tensor.shape) || region.dtype !== tensor.dtype) {
    throw new AscentError("option", {
      what: `compile: the memory bound to ${describeTensor(tensor)} does not fit`,
      got: `${region.length} ${region.dtype}`,
      expected: `at least ${sizeOf(tensor.shape)} ${tensor.dtype}`,
      fix: "Allocate it with engine.allocate(length, dtype) for this tensor's shape.",
    });
  }
}

function* writeCode(
  engine: Engine,
  schedule: Schedule,
  addressOf: (tensor: Tensor) => number,
): Work<{ code: Region; steps: Placed[]; instructionCount: number }> {
  const { kernels } = engine;
  // Two passes: the first learns how large the shared scratch must be, the second knows where it is.
  let scratchBytes = 0;
  const measuring: Layout = {
    addressOf,
    table: () => 0,
    scratch: (bytes) => {
      scratchBytes = Math.max(scratchBytes, bytes);
      return 0;
    },
    gemmScratchBytes: (n, k) => kernels.gemmScratchBytes(n, k),
    softmaxScratchBytes: (n) => kernels.softmaxScratchBytes(n),
  };
  for (const step of schedule.steps) if (needsScratch(step)) emitStep(step, measuring);
  const scratch = engine.allocate(Math.max(Math.ceil(scratchBytes / 4), 1));
  const writing: Layout = {
    ...measuring,
    table: (words) => {
      const region = engine.allocate(words.length, "i32");
      intsOf(region).set(words);
      return region.pointer;
    },
    scratch: () => scratch.pointer,
  };
  const words: number[] = [];
  const steps: Placed[] = [];
  for (let i = 0; i < schedule.steps.length; i++) {
    const step = schedule.steps[i];
    const firstInstruction = words.length / INSTRUCTION_WORDS;
    for (const word of emitStep(step, writing)) words.push(word);
    const instructions = words.length / INSTRUCTION_WORDS - firstInstruction;
    steps.push({ target: step.target, pointer: addressOf(step.target), firstInstruction, instructions });
    if (dueAfter(i)) yield;
  }
  const code = engine.allocate(Math.max(words.length, 1), "i32");
  intsOf(code).set(words);
  return { code, steps, instructionCount: words.length / INSTRUCTION_WORDS };
}
