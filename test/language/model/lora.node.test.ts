/** LoRA: PEFT's adapters compute here what they compute there; off, it is the base; merged, it is the same. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeSafetensors } from "../../../src/files/safetensors.ts";
import { addAdapter, mergeAdapter } from "../../../src/language/model/adapter.ts";
import { loraFromConfig } from "../../../src/language/model/adapterFiles.ts";
import { copyLanguageModel } from "../../../src/language/model/languageModel.ts";
import { decodeLanguageModel, encodeLanguageModel } from "../../../src/language/model/modelFiles.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { identical } from "./identical.ts";
import { outputsOf, recordedFiles, recordedModel } from "./support.ts";

const engine = await createEngine();
const folder = new URL("../../golden/peft/", import.meta.url);
const bases = { gpt2: "gpt2-policy", "gpt2-score": "gpt2-reward", "llama-rank-stabilised": "llama-untied" } as const;
const names = Object.keys(bases) as (keyof typeof bases)[];

function filesOf(name: keyof typeof bases): Record<string, Uint8Array> {
  const own = new URL(`${name}/`, folder);
  const read = readdirSync(own).map((file) => [file, new Uint8Array(readFileSync(new URL(file, own)))]);
  return { ...recordedFiles(bases[name]), ...Object.fromEntries(read) };
}

function recorded(name: keyof typeof bases): { tokens: number[]; logits: number[]; base: number[] } {
  return JSON.parse(readFileSync(new URL(`${name}/logits.json`, folder), "utf8"));
}

const apart = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);

describe.each(names)("%s, as PEFT wrote it", (name) => {
  const model = decodeLanguageModel(engine, filesOf(name));
  const { tokens, logits, base } = recorded(name);
  // PEFT's score is the last token's alone.
  const shown = (outputs: Float32Array) => (name === "gpt2-score" ? outputs.slice(-1) : outputs);

  test("computes what it computed there; off, what the base does", () => {
    expect(apart(shown(outputsOf(model, tokens)), logits)).toBeLessThan(1e-4);
    expect(apart(logits, base)).toBeGreaterThan(0.01);
    expect(apart(shown(outputsOf(model, tokens, false)), base)).toBeLessThan(1e-4);
  });

  test("off, is the base bit for bit", () => {
    expect(identical(outputsOf(model, tokens, false), outputsOf(recordedModel(engine, bases[name]), tokens))).toBe(
      true,
    );
  });

  test("merged, is the same model without it", () => {
    const merged = mergeAdapter(model);
    expect(merged.adapterBlock).toBeUndefined();
    expect(merged.network.description).not.toHaveProperty("lora");
    expect(apart(outputsOf(merged, tokens), outputsOf(model, tokens))).toBeLessThan(2e-5);
  });

  test("is written as it was read", () => {
    const written = encodeLanguageModel(model, { base: "here" });
    const [ours, theirs] = [written, filesOf(name)].map(
      (files) => decodeSafetensors(files["adapter_model.safetensors"]).tensors,
    );
    expect(ours).toEqual(theirs);
    const config = JSON.parse(new TextDecoder().decode(written["adapter_config.json"]));
    expect(config).toMatchObject({ peft_type: "LORA", base_model_name_or_path: "here" });
    expect(loraFromConfig(config)).toEqual(model.network.description.lora);
  });

  test("goes along with a copy", () => {
    expect(identical(outputsOf(copyLanguageModel(model, { name: "copy" }), tokens), outputsOf(model, tokens))).toBe(
      true,
    );
  });
});

test("an adapter that is added starts as nothing", () => {
  const base = recordedModel(engine, "qwen2");
  const model = addAdapter(base, { rank: 4, alpha: 8, targets: ["q_proj", "gate_proj"] }, { seed: 1 });
  expect(model.network.adapter.length).toBe(2 * 2 * 2);
  expect(identical(outputsOf(model, [5, 6, 7]), outputsOf(base, [5, 6, 7]))).toBe(true);
  expect(() => mergeAdapter(base)).toThrow(/the model has no adapter/);
});

describe("an adapter that is not supported or does not fit is refused by name", () => {
  const config = JSON.parse(readFileSync(new URL("gpt2/adapter_config.json", folder), "utf8"));

  test.each<[string, Record<string, unknown>, RegExp]>([
    ["another kind", { peft_type: "IA3" }, /peft_type: got "IA3", expected LORA/],
    ["DoRA", { use_dora: true }, /use_dora: got true/],
    ["trained biases", { bias: "all" }, /bias: got "all", expected none/],
    ["ranks by layer", { rank_pattern: { c_attn: 4 } }, /rank_pattern: got \{ c_attn: 4 \}/],
    ["some layers only", { layers_to_transform: [0] }, /layers_to_transform: got \[0\]/],
    ["a start that changes the base", { init_lora_weights: "pissa" }, /init_lora_weights: got "pissa"/],
    ["a pattern of targets", { target_modules: ".*attn" }, /target_modules: got "\.\*attn", expected a list/],
    ["no rank", { r: 0 }, /r: got 0/],
  ])("%s", (_, changes, message) => {
    expect(() => loraFromConfig({ ...config, ...changes })).toThrow(message);
  });

  test("another rank than the file's, or tensors of other targets", () => {
    const files = filesOf("gpt2");
    const withConfig = (changes: object) => ({
      ...files,
      "adapter_config.json": new TextEncoder().encode(JSON.stringify({ ...config, ...changes })),
    });
    expect(() => decodeLanguageModel(engine, withConfig({ r: 3 }))).toThrow(
      /lora_A\.weight": got shape \[2, 32\], expected \[3, 32\]/,
    );
    expect(() => decodeLanguageModel(engine, withConfig({ target_modules: ["c_attn"] }))).toThrow(
      /no target has: got transformer\.h\.0\.attn\.c_proj/,
    );
    expect(() => decodeLanguageModel(engine, withConfig({ target_modules: ["c_attn", "c_proj", "c_fc"] }))).toThrow(
      /c_fc\.lora_A\.weight": got nothing/,
    );
    const { "adapter_model.safetensors": _, ...alone } = files;
    expect(() => decodeLanguageModel(engine, alone)).toThrow(/has no adapter_model\.safetensors/);
  });
});
