/** Language models in folders: saved, loaded, replaced, and adapters that lie apart from their base. */

import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { mergeAdapter } from "../../src/language/model/adapter.ts";
import { loadLanguageModel, saveAdapter, saveLanguageModel } from "../../src/node/language/languageModels.ts";
import { identical } from "../language/model/identical.ts";
import { outputsOf } from "../language/model/support.ts";

const folder = fs.mkdtempSync(join(tmpdir(), "ascent-language-"));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
const golden = (path: string) => fileURLToPath(new URL(`../golden/${path}`, import.meta.url));
const tokens = [11, 23, 5, 99, 42, 7];

test("a saved model is the same when it is loaded; saving again over it leaves no file of the old one", async () => {
  const model = await loadLanguageModel(golden("preferences/models/qwen3"));
  const path = join(folder, "new/model");
  saveLanguageModel(model, path, { maxShardBytes: 30_000 });
  const again = await loadLanguageModel(path, { engine: model.engine, name: "again" });
  expect(identical(again.block.flat(), model.block.flat())).toBe(true);
  expect(fs.readdirSync(path).length).toBeGreaterThan(4);
  fs.writeFileSync(join(path, "README.md"), "mine");
  saveLanguageModel(model, path);
  expect(fs.readdirSync(path).sort()).toEqual(["README.md", "config.json", "model.safetensors"]);
  expect(identical((await loadLanguageModel(path, { engine: model.engine })).block.flat(), model.block.flat())).toBe(
    true,
  );
});

test("a folder with an adapter alone finds its base, by its config or as it is told", async () => {
  const model = await loadLanguageModel(golden("peft/gpt2"));
  const { logits } = JSON.parse(fs.readFileSync(golden("peft/gpt2/logits.json"), "utf8"));
  const outputs = outputsOf(model, tokens);
  outputs.forEach((value, i) => {
    expect(Math.abs(value - logits[i])).toBeLessThan(1e-4);
  });
  const apart = join(folder, "adapter");
  saveAdapter(model, apart, { base: golden("preferences/models/gpt2-policy") });
  expect(fs.readdirSync(apart).sort()).toEqual(["adapter_config.json", "adapter_model.safetensors"]);
  expect(identical(outputsOf(await loadLanguageModel(apart, { engine: model.engine }), tokens), outputs)).toBe(true);
  saveAdapter(model, apart, { base: "nowhere" });
  await expect(loadLanguageModel(apart)).rejects.toThrow(/its base model is not here: got "nowhere"/);
  const told = { engine: model.engine, base: golden("preferences/models/gpt2-policy") };
  expect(identical(outputsOf(await loadLanguageModel(apart, told), tokens), outputs)).toBe(true);
  expect(() => saveAdapter(mergeAdapter(model), apart, { base: "x" })).toThrow(/has no adapter/);
});

test("base and adapter are saved side by side, and merged without one", async () => {
  const model = await loadLanguageModel(golden("peft/gpt2"));
  const path = join(folder, "both");
  saveLanguageModel(model, path);
  const names = ["adapter_config.json", "adapter_model.safetensors", "config.json", "model.safetensors"];
  expect(fs.readdirSync(path).sort()).toEqual(names);
  expect(
    identical(outputsOf(await loadLanguageModel(path, { engine: model.engine }), tokens), outputsOf(model, tokens)),
  ).toBe(true);
  saveLanguageModel(mergeAdapter(model), path);
  expect(fs.readdirSync(path).sort()).toEqual(["config.json", "model.safetensors"]);
});

test("what is not there, or is no model, is named with its folder", async () => {
  await expect(loadLanguageModel(join(folder, "none"))).rejects.toThrow(
    /Could not read the model .*none: .*does not exist/,
  );
  await expect(loadLanguageModel(golden("preferences/README.md"))).rejects.toThrow(/README\.md: got a file/);
  await expect(loadLanguageModel(golden("preferences/losses"))).rejects.toThrow(
    /losses: The model's folder has no config\.json/,
  );
  await expect(loadLanguageModel(1 as never)).rejects.toThrow(/loadLanguageModel: folder: got 1/);
});

test("a folder that cannot be written leaves what was there", async () => {
  const model = await loadLanguageModel(golden("preferences/models/qwen2"));
  const path = join(folder, "kept");
  saveLanguageModel(model, path);
  const before = fs.readFileSync(join(path, "model.safetensors"));
  const file = join(path, "file");
  fs.writeFileSync(file, "");
  expect(() => saveLanguageModel(model, join(file, "below"))).toThrow(/Could not make the folder/);
  expect(fs.readFileSync(join(path, "model.safetensors")).equals(before)).toBe(true);
});
