/**
 * A program in two halves: `prepare` computes once what does not depend on the varying inputs, `program` the rest, as often
 * as those inputs change. For Fisher-vector products: the forward pass stays, the vector changes.
 */

import { checkArgument, checkOptions, engine as engineCheck } from "../arguments/checks.ts";
import { due, finish, type Work } from "../pauses.ts";
import { type CompileOptions, compileOptions, compiling } from "./compile.ts";
import type { Engine, Region } from "./engine.ts";
import { input, requireTensors, type Tensor, topologicalOrder } from "./graph.ts";
import type { Program } from "./program.ts";
import { sizeOf } from "./shape.ts";
import { simplifying } from "./simplify.ts";
import { substituteAll } from "./substitute.ts";

export interface HoistedPrograms {
  /** Run it whenever anything but the varying inputs has changed. */
  readonly prepare: Program;
  /** Run it whenever a varying input has changed. */
  readonly program: Program;
}

/** Not worth a place in memory of their own: they cost next to nothing. What is behind them may be. */
const cheap = new Set(["reshape", "broadcastTo"]);

/**
 * @param options as for `compile`, with single tensors or lists as outputs. An input that both halves read is one place in
 *   memory, whichever half it is written through.
 * @param varying inputs of the graph that change between runs of `program`.
 */
export function compileHoisted(engine: Engine, options: CompileOptions, varying: readonly Tensor[]): HoistedPrograms {
  checkArgument("compileHoisted: engine", engineCheck, engine);
  checkOptions("compileHoisted", compileOptions, options);
  requireTensors("compileHoisted: varying", varying);
  return finish(compilingHoisted(engine, options, varying));
}

/** As `compileHoisted`, as work that stops now and then. */
export function* compilingHoisted(
  engine: Engine,
  options: CompileOptions,
  varying: readonly Tensor[],
): Work<HoistedPrograms> {
  const { name = "program", parameters, bindings = new Map<Tensor, Region>() } = options;
  const entries = Object.entries(options.outputs);
  const simplified = yield* simplifying(entries.flatMap(([, value]) => value));
  const depends = new Set(varying.map((tensor) => tensor.id));
  const frontier = new Map<number, Tensor>();
  const keep = (tensor: Tensor): void => {
    if (depends.has(tensor.id)) return;
    if (cheap.has(tensor.op)) tensor.inputs.forEach(keep);
    else if (tensor.inputs.length > 0) frontier.set(tensor.id, tensor);
  };
  const order = topologicalOrder(simplified);
  for (const tensor of order) {
    if (!tensor.inputs.some((x) => depends.has(x.id))) continue;
    depends.add(tensor.id);
    tensor.inputs.forEach(keep);
  }
  simplified.forEach(keep);
  if (due()) yield;
  const shared = new Map<Tensor, Region>(bindings);
  for (const tensor of order) {
    if (tensor.op !== "input" || depends.has(tensor.id) || shared.has(tensor)) continue;
    shared.set(tensor, engine.allocate(sizeOf(tensor.shape), tensor.dtype));
  }
  const kept = [...frontier.values()];
  const stands = kept.map((tensor, i) => input(`hoisted.${i}`, tensor.shape, tensor.dtype));
  const prepare = yield* compiling(engine, {
    name: `${name}, prepared`,
    parameters,
    bindings: shared,
    outputs: Object.fromEntries(kept.map((tensor, i) => [`hoisted.${i}`, tensor])),
  });
  const replacements = new Map(kept.map((tensor, i) => [tensor, stands[i]]));
  const joined = new Map<Tensor, Region>(shared);
  stands.forEach((stand, i) => {
    joined.set(stand, prepare.outputRegion(`hoisted.${i}`));
  });
  let next = 0;
  const replaced = substituteAll(simplified, replacements);
  if (due()) yield;
  const rest = () => replaced[next++];
  const outputs = Object.fromEntries(
    entries.map(([key, value]) => [key, Array.isArray(value) ? value.map(rest) : rest()]),
  );
  return { prepare, program: yield* compiling(engine, { name, parameters, bindings: joined, outputs }) };
}
