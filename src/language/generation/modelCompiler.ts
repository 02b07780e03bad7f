/** Compiles graphs of a model's network that only run forwards. */

import type { Work } from "../../pauses.ts";
import { type CompileOptions, compiling } from "../../tensor/compile.ts";
import type { Program } from "../../tensor/program.ts";
import type { LanguageModel } from "../model/languageModel.ts";

export class ModelCompiler {
  readonly model: LanguageModel;

  constructor(model: LanguageModel) {
    this.model = model;
  }

  compiling(options: Omit<CompileOptions, "parameters">): Work<Program> {
    const { engine, block, adapterBlock } = this.model;
    return compiling(engine, { ...options, parameters: adapterBlock === undefined ? [block] : [block, adapterBlock] });
  }
}
