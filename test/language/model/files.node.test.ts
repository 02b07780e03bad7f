/** Model files in and out as bytes: nothing changes on the way, and what does not fit is refused before anything is made. */

import { describe, expect, test } from "vitest";
import {
  decodeSafetensors,
  encodeSafetensors,
  type StoredTensor,
  type TensorToStore,
} from "../../../src/files/safetensors.ts";
import { blocksOf } from "../../../src/language/model/languageModel.ts";
import { decodeLanguageModel, encodeLanguageModel } from "../../../src/language/model/modelFiles.ts";
import { characterTokenizer } from "../../../src/language/tokenizer/characterTokenizer.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { identical } from "./identical.ts";
import { recordedFiles, recordedModel, recordedModels } from "./support.ts";

const engine = await createEngine();
const text = new TextEncoder();
type Files = Record<string, Uint8Array>;

const tensorsIn = (files: Files, file = "model.safetensors") => decodeSafetensors(files[file]).tensors;
const configIn = (files: Files) =>
  JSON.parse(new TextDecoder().decode(files["config.json"])) as Record<string, unknown>;

/** The files with some tensors replaced, added or (undefined) removed. */
function withTensors(files: Files, changes: Record<string, TensorToStore | undefined>): Files {
  const all = Object.entries({ ...tensorsIn(files), ...changes });
  const kept = all.filter((entry): entry is [string, TensorToStore] => entry[1] !== undefined);
  return { ...files, "model.safetensors": encodeSafetensors(Object.fromEntries(kept), { format: "pt" }) };
}

function expectSameTensors(ours: Record<string, StoredTensor>, theirs: Record<string, StoredTensor>): void {
  expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
  for (const [name, { dtype, shape, data, bits }] of Object.entries(theirs)) {
    expect({ dtype: ours[name].dtype, shape: ours[name].shape }, name).toEqual({ dtype, shape });
    expect(identical((ours[name].bits ?? ours[name].data) as Float32Array, (bits ?? data) as Float32Array), name).toBe(
      true,
    );
  }
}

function withConfig(files: Files, changes: Record<string, unknown>): Files {
  return { ...files, "config.json": text.encode(JSON.stringify({ ...configIn(files), ...changes })) };
}

/** Nothing of the engine may be used by a model that is refused. */
function refused(files: Files): string {
  const before = engine.bytesInUse;
  try {
    decodeLanguageModel(engine, files);
  } catch (error) {
    expect(engine.bytesInUse).toBe(before);
    return (error as Error).message;
  }
  return "loaded";
}

describe.each(recordedModels)("%s", (name) => {
  const half = { "gpt2-bf16": "bfloat16", "llama-f16": "float16" } as const;
  const dtype = half[name as keyof typeof half] ?? "float32";

  test("is written as it was read: the same tensors, bit for bit", () => {
    const files = recordedFiles(name);
    const written = encodeLanguageModel(recordedModel(engine, name), { dtype });
    expectSameTensors(tensorsIn(written), tensorsIn(files));
    const [ours, theirs] = [configIn(written), configIn(files)];
    for (const [key, value] of Object.entries(theirs)) if (key in ours) expect([key, ours[key]]).toEqual([key, value]);
  });

  test("in parts with an index is the same model", () => {
    const model = recordedModel(engine, name);
    const parts = encodeLanguageModel(model, { maxShardBytes: 20_000 });
    expect(Object.keys(parts).filter((file) => file.endsWith(".safetensors")).length).toBeGreaterThan(2);
    const again = decodeLanguageModel(engine, parts, { name: "again" });
    expect(identical(again.block.flat(), model.block.flat())).toBe(true);
    expect(again.network.description).toEqual(model.network.description);
  });
});

test("of a tensor that lies in two parts, the one that the index names is taken", () => {
  const model = recordedModel(engine, "gpt2-policy");
  const parts = encodeLanguageModel(model, { maxShardBytes: 20_000 });
  const index = JSON.parse(new TextDecoder().decode(parts["model.safetensors.index.json"]));
  const name = "transformer.h.0.ln_1.weight";
  for (const file of Object.keys(parts).filter(
    (one) => one.endsWith(".safetensors") && one !== index.weight_map[name],
  )) {
    const other = { dtype: "F32", shape: [32], data: new Float32Array(32) } as const;
    parts[file] = encodeSafetensors({ ...tensorsIn(parts, file), [name]: other });
  }
  expect(identical(decodeLanguageModel(engine, parts).block.flat(), model.block.flat())).toBe(true);
});

describe("old ways of writing a model", () => {
  const files = recordedFiles("gpt2-policy");
  const numbers = recordedModel(engine, "gpt2-policy").block.flat().slice();

  test("names without the family's prefix, and causal masks beside the weights", () => {
    const bare = Object.entries(tensorsIn(files)).map(([name, tensor]) => [name.replace("transformer.", ""), tensor]);
    const mask = { dtype: "BOOL", shape: [1, 1, 2, 2], data: Uint8Array.of(1, 0, 1, 1) } as const;
    const weights = encodeSafetensors({ ...Object.fromEntries(bare), "h.0.attn.bias": mask });
    expect(
      identical(decodeLanguageModel(engine, { ...files, "model.safetensors": weights }).block.flat(), numbers),
    ).toBe(true);
  });

  test("a tied head that is there a second time, so long as it is the embedding", () => {
    const head = tensorsIn(files)["transformer.wte.weight"];
    expect(
      identical(decodeLanguageModel(engine, withTensors(files, { "lm_head.weight": head })).block.flat(), numbers),
    ).toBe(true);
    const other = { ...head, data: (head.data as Float32Array).map((x) => x + 1) };
    expect(refused(withTensors(files, { "lm_head.weight": other }))).toMatch(/lm_head\.weight": got other numbers/);
  });

  test("rope_theta beside rope_scaling, torch_dtype in place of dtype", () => {
    const llama = recordedFiles("llama-untied");
    const { rope_parameters: _, dtype: __, ...config } = configIn(llama);
    const old = { ...config, rope_theta: 500, rope_scaling: null, torch_dtype: "float32" };
    const model = decodeLanguageModel(engine, { ...llama, "config.json": text.encode(JSON.stringify(old)) });
    expect(model.network.description.positions).toEqual({ rotaryBase: 500 });
  });
});

describe("what does not fit is refused, and nothing is made", () => {
  const files = recordedFiles("gpt2-policy");
  const name = "transformer.h.1.mlp.c_fc.weight";
  const tensor = tensorsIn(files)[name];

  test("a tensor that is missing, too many, or of another shape or dtype", () => {
    expect(refused(withTensors(files, { [name]: undefined }))).toMatch(/h\.1\.mlp\.c_fc\.weight": got nothing/);
    expect(refused(withTensors(files, { "transformer.h.2.ln_1.weight": tensor }))).toMatch(
      /does not have: got transformer\.h\.2/,
    );
    expect(refused(withTensors(files, { [name]: { ...tensor, shape: [128, 32] } }))).toMatch(
      /c_fc\.weight": got shape \[128, 32\], expected \[32, 128\]/,
    );
    const whole = { dtype: "I32", shape: [32, 128], data: new Int32Array(32 * 128) } as const;
    expect(refused(withTensors(files, { [name]: whole }))).toMatch(/got dtype I32, expected F32, F16 or BF16/);
  });

  test("weights that were cut short", () => {
    const cut = files["model.safetensors"].slice(0, 100_000);
    expect(refused({ ...files, "model.safetensors": cut })).toMatch(/model\.safetensors: .*cut short/);
  });

  test("a part that is missing, that lacks a tensor, or that lies elsewhere", () => {
    const parts = encodeLanguageModel(recordedModel(engine, "gpt2-policy"), { maxShardBytes: 20_000 });
    const file = Object.keys(parts).find((one) => one.startsWith("model-00002"))!;
    const { [file]: lost, ...rest } = parts;
    expect(refused(rest)).toContain(`A part of the weights is missing: ${file}`);
    expect(refused({ ...parts, [file]: parts[file.replace("00002", "00001")] })).toContain(`is not in ${file}`);
    expect(refused({ ...parts, [file]: lost.slice(0, 99) })).toContain(`${file}: Not a valid safetensors file`);
    const index = JSON.parse(new TextDecoder().decode(parts["model.safetensors.index.json"]));
    index.weight_map[name] = "../elsewhere.safetensors";
    const strange = { ...parts, "model.safetensors.index.json": text.encode(JSON.stringify(index)) };
    expect(refused({ ...strange, "../elsewhere.safetensors": lost })).toMatch(/missing: \.\.\/elsewhere/);
    expect(refused({ ...parts, "model.safetensors.index.json": text.encode("{}") })).toMatch(/weight_map: got none/);
  });

  test("no config.json, no weights, or another text", () => {
    const { "config.json": _, ...noConfig } = files;
    expect(refused(noConfig)).toMatch(/has no config\.json/);
    const { "model.safetensors": __, ...noWeights } = files;
    expect(refused(noWeights)).toMatch(/has no model\.safetensors\.index\.json.*expected model\.safetensors, or/);
    expect(refused({ ...files, "config.json": text.encode("{") })).toMatch(/config\.json is not JSON/);
  });

  test("a tokenizer with more tokens than the model", () => {
    const characters = Array.from({ length: 130 }, (_, i) => String.fromCharCode(0x100 + i)).join("");
    const tokenizer = characterTokenizer(characters).files();
    const own = Object.fromEntries(Object.entries(tokenizer).map(([file, content]) => [file, text.encode(content)]));
    expect(refused({ ...files, ...own })).toMatch(
      /not this model's: it has more tokens: got 1\d\d tokens .*120 in config\.json/,
    );
  });
});

test("the tokenizer of a model is saved with it and read again", () => {
  const model = recordedModel(engine, "llama-tied");
  model.tokenizer = characterTokenizer("abc ");
  const again = decodeLanguageModel(engine, encodeLanguageModel(model));
  expect(again.tokenizer?.encode("cab")).toEqual(model.tokenizer.encode("cab"));
  expect(again.tokenizer?.files()).toEqual(model.tokenizer.files());
});

test("half precision is rounded to nearest on saving and widened on loading", () => {
  const model = recordedModel(engine, "qwen3");
  const full = tensorsIn(encodeLanguageModel(model));
  for (const [dtype, code, error] of [
    ["float16", "F16", 2 ** -11],
    ["bfloat16", "BF16", 2 ** -8],
  ] as const) {
    const files = encodeLanguageModel(model, { dtype });
    expect(configIn(files)["dtype"]).toBe(dtype);
    for (const [name, { dtype: stored, data }] of Object.entries(tensorsIn(files))) {
      expect(stored).toBe(code);
      const numbers = full[name].data as Float32Array;
      const worst = (data as Float32Array).reduce(
        (most, x, i) => Math.max(most, Math.abs(x - numbers[i]) - 1e-7 - error * Math.abs(numbers[i])),
        0,
      );
      expect(worst, name).toBe(0);
    }
    expect(blocksOf(decodeLanguageModel(engine, files)).length).toBe(1);
  }
});

test("a config.json of another vocabulary than the weights", () => {
  expect(refused(withConfig(recordedFiles("qwen2"), { vocab_size: 121 }))).toMatch(
    /embed_tokens\.weight": got shape \[120, 32\], expected \[121, 32\]/,
  );
});
