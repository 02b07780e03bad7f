/**
 * A program in two halves: `prepare` computes once what does not depend on the varying inputs, `program` the rest, as often
 * as those inputs change. For Fisher-vector products: the forward pass stays, the vector changes.
 */

import { type CompileOptions, compile } from "./compile.ts";
import type { Engine, Region } from "./engine.ts";
import { input, type Tensor, topologicalOrder } from "./graph.ts";
import type { Program } from "./program.ts";
import { simplify } from "./simplify.ts";
import { substitute } from "./substitute.ts";

export interface HoistedPrograms {
  /** Run it whenever anything but the varying inputs has changed. */
  readonly prepare: Program;
  /** Run it whenever a varying input has changed. */
  readonly program: Program;
}

/** Not worth a place in memory: they cost nothing, or next to it. */
const cheap = new Set(["input", "parameter", "constant", "reshape", "broadcastTo"]);

/**
 * @param options as for `compile`, with single tensors or lists as outputs.
 * @param varying inputs of the graph that change between runs of `program`.
 */
export function compileHoisted(engine: Engine, options: CompileOptions, varying: readonly Tensor[]): HoistedPrograms {
  const { name = "program", parameters, bindings = new Map<Tensor, Region>() } = options;
  const entries = Object.entries(options.outputs);
  const simplified = simplify(entries.flatMap(([, value]) => value));
  const depends = new Set(varying.map((tensor) => tensor.id));
  const frontier = new Map<number, Tensor>();
  for (const tensor of topologicalOrder(simplified)) {
    if (!tensor.inputs.some((x) => depends.has(x.id))) continue;
    depends.add(tensor.id);
    for (const x of tensor.inputs) if (!depends.has(x.id) && !cheap.has(x.op)) frontier.set(x.id, x);
  }
  const kept = [...frontier.values()];
  const stands = kept.map((tensor, i) => input(`hoisted.${i}`, tensor.shape, tensor.dtype));
  const prepare = compile(engine, {
    name: `${name}, prepared`,
    parameters,
    bindings,
    outputs: Object.fromEntries(kept.map((tensor, i) => [`hoisted.${i}`, tensor])),
  });
  const replacements = new Map(kept.map((tensor, i) => [tensor, stands[i]]));
  const joined = new Map<Tensor, Region>(bindings);
  stands.forEach((stand, i) => {
    joined.set(stand, prepare.outputRegion(`hoisted.${i}`));
  });
  let next = 0;
  const rest = () => substitute(simplified[next++], replacements);
  const outputs = Object.fromEntries(
    entries.map(([key, value]) => [key, Array.isArray(value) ? value.map(rest) : rest()]),
  );
  return { prepare, program: compile(engine, { name, parameters, bindings: joined, outputs }) };
}
