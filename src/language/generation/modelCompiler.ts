/** Compiles graphs of a model's network that only run forwards, many times between changes of its numbers. */

import type { Work } from "../../pauses.ts";
import { compiling } from "../../tensor/compile.ts";
import type { Region } from "../../tensor/engine.ts";
import type { Tensor } from "../../tensor/graph.ts";
import { PanelledParameters } from "../../tensor/panels.ts";
import type { ParameterBlock } from "../../tensor/parameters.ts";
import type { Program } from "../../tensor/program.ts";
import type { LanguageModel } from "../model/languageModel.ts";

/** Bytes of an engine up to which weights may lie in it twice: half of what it has. */
const ROOM = 2 ** 30;

export interface ForwardGraph {
  name: string;
  outputs: Record<string, Tensor>;
  bindings?: ReadonlyMap<Tensor, Region>;
}

export class ModelCompiler {
  readonly model: LanguageModel;
  readonly #blocks: readonly ParameterBlock[];
  /** Undefined where there is no room for it, and where products are plain JavaScript, which lays nothing out. */
  readonly #panelled: PanelledParameters | undefined;

  constructor(model: LanguageModel) {
    const { engine, block, adapterBlock } = model;
    this.model = model;
    this.#blocks = adapterBlock === undefined ? [block] : [block, adapterBlock];
    const bytes = this.#blocks.reduce((sum, { region }) => sum + 4 * region.length, 0);
    const isAfforded = engine.build !== "javascript" && engine.bytesInUse + bytes <= ROOM;
    this.#panelled = isAfforded ? new PanelledParameters(engine, this.#blocks) : undefined;
  }

  /** Programs run with the numbers that the model had at the last `update`, or when they were compiled. */
  update(): void {
    this.#panelled?.update();
  }

  compiling(graph: ForwardGraph): Work<Program> {
    if (this.#panelled !== undefined) return this.#panelled.compiling(graph);
    return compiling(this.model.engine, { ...graph, parameters: this.#blocks });
  }
}
