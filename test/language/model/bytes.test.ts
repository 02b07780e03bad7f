/** Models as bytes, where there is no disk: the same in browsers. Recorded files are files.node.test.ts. */

import { describe, expect, test } from "vitest";
import { blocksOf, makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { decodeLanguageModel, encodeLanguageModel } from "../../../src/language/model/modelFiles.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { identical } from "./identical.ts";
import { smallDescriptions } from "./smallDescriptions.ts";

const engine = await createEngine();

describe.each(Object.entries(smallDescriptions))("%s", (_, description) => {
  test.each([undefined, 700])("comes back from its files, parts of at most %s bytes", (maxShardBytes) => {
    const model = makeLanguageModel(engine, description, { seed: 3, name: "policy" });
    model.adapterBlock?.flat().fill(0.25);
    const again = decodeLanguageModel(engine, encodeLanguageModel(model, { maxShardBytes }), { name: "again" });
    expect(again.network.description).toEqual(description);
    const [ours, theirs] = [blocksOf(again), blocksOf(model)];
    expect(ours.length).toBe(theirs.length);
    for (const [i, block] of theirs.entries()) {
      for (const [k, name] of block.names.entries()) {
        expect(ours[i].names[k]).toBe(name.replace(/^policy/, "again"));
        expect(identical(ours[i].values(ours[i].names[k]), block.values(name)), name).toBe(true);
      }
    }
  });
});
