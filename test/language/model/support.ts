/** The recorded models, for tests in Node. */

import { readdirSync, readFileSync } from "node:fs";
import type { LanguageModel } from "../../../src/language/model/languageModel.ts";
import { decodeLanguageModel } from "../../../src/language/model/modelFiles.ts";
import type { Engine } from "../../../src/tensor/engine.ts";

const models = new URL("../../golden/preferences/models/", import.meta.url);

export const recordedModels = readdirSync(models).sort();

/** The files of a recorded model, by name. */
export function recordedFiles(name: string): Record<string, Uint8Array> {
  const folder = new URL(`${name}/`, models);
  return Object.fromEntries(
    readdirSync(folder).map((file) => [file, new Uint8Array(readFileSync(new URL(file, folder)))]),
  );
}

export function recordedModel(engine: Engine, name: string): LanguageModel {
  return decodeLanguageModel(engine, recordedFiles(name));
}
