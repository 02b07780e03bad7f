/** The recorded models, for tests in Node. */

import { readdirSync, readFileSync } from "node:fs";
import { blocksOf, type LanguageModel } from "../../../src/language/model/languageModel.ts";
import { decodeLanguageModel } from "../../../src/language/model/modelFiles.ts";
import { compile } from "../../../src/tensor/compile.ts";
import type { Engine } from "../../../src/tensor/engine.ts";
import { input } from "../../../src/tensor/graph.ts";

const models = new URL("../../golden/preferences/models/", import.meta.url);

export const recordedModels = readdirSync(models).sort();

/** The files of a recorded model, by name. */
export function recordedFiles(name: string): Record<string, Uint8Array> {
  const folder = new URL(`${name}/`, models);
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file, new Uint8Array(readFileSync(new URL(file, folder)))]),
  );
}

/** A model's outputs on one row of tokens: logits, or of a score model the scores. */
export function outputsOf(model: LanguageModel, row: readonly number[], adapter = true): Float32Array {
  const tokens = input("tokens", [1, row.length], "i32");
  const hidden = model.network.hidden({ tokens }, { adapter });
  const isLanguage = model.network.description.head === "language";
  const outputs = { y: isLanguage ? model.network.logits(hidden) : model.network.scores(hidden, { adapter }) };
  const program = compile(model.engine, { outputs, parameters: blocksOf(model) });
  program.inputInts("tokens").set(row);
  program.run();
  return program.output("y").slice();
}

export function recordedModel(engine: Engine, name: string): LanguageModel {
  return decodeLanguageModel(engine, recordedFiles(name));
}
