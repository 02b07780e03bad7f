/** config.json: what is read, what is written, and what is refused by name. */

import { describe, expect, test } from "vitest";
import { configFromDescription, descriptionFromConfig } from "../../../src/language/model/config.ts";
import { smallDescriptions } from "./smallDescriptions.ts";
import { recordedFiles, recordedModels } from "./support.ts";

const recorded = (name: string) => JSON.parse(new TextDecoder().decode(recordedFiles(name)["config.json"]));

describe.each(Object.entries(smallDescriptions))("%s", (_, { lora: __, ...description }) => {
  test("comes back from the config.json it is written as", () => {
    expect(descriptionFromConfig(JSON.parse(JSON.stringify(configFromDescription(description))))).toEqual(description);
  });
});

test.each(recordedModels)("%s is read as what it is", (name) => {
  const { specialTokens, vocabularySize, contextLength, width, head, tiedHead, positions } = descriptionFromConfig(
    recorded(name),
  );
  expect(specialTokens).toEqual({ bos: 1, eos: 2, pad: 0 });
  expect([vocabularySize, contextLength, width]).toEqual([120, 64, 32]);
  expect(head).toBe(name === "gpt2-reward" ? "score" : "language");
  expect(tiedHead).toBe(!["llama-untied", "qwen3"].includes(name));
  const base = name === "llama-untied" ? 500 : 10000;
  expect(positions).toEqual(name.startsWith("gpt2") ? "learned" : { rotaryBase: base });
});

test("fields that are left out have Transformers' defaults", () => {
  const gpt2 = { architectures: ["GPT2LMHeadModel"], vocab_size: 50, n_embd: 12, n_head: 3, n_layer: 1 };
  expect(descriptionFromConfig(gpt2)).toMatchObject({
    ...{ contextLength: 1024, hiddenSize: 48, normEpsilon: 1e-5, activation: "geluTanh", tiedHead: true },
  });
  const shape = { vocab_size: 50, hidden_size: 12, num_attention_heads: 3, num_hidden_layers: 1, intermediate_size: 9 };
  expect(descriptionFromConfig({ architectures: ["LlamaForCausalLM"], ...shape })).toMatchObject({
    ...{ contextLength: 2048, keyValueHeads: 3, headSize: 4, positions: { rotaryBase: 10000 }, tiedHead: false },
    ...{ attentionBias: "none", feedForwardBias: false, activation: "silu", normEpsilon: 1e-6 },
  });
});

describe("what is not supported is named", () => {
  test.each<[string, string, Record<string, unknown>, RegExp]>([
    [
      "an architecture",
      "gpt2-policy",
      { architectures: ["GPTNeoXForCausalLM"] },
      /architecture: got .*"GPTNeoXForCausalLM".*expected GPT2LMHeadModel/,
    ],
    ["no architecture", "gpt2-policy", { architectures: null }, /architecture: got architectures null/],
    [
      "an architecture with a typing error",
      "qwen2",
      { architectures: ["Qwen2ForCausalML"] },
      /Did you mean .*Qwen2ForCausalLM/,
    ],
    ["another model_type", "llama-tied", { model_type: "mistral" }, /model_type: got "mistral", expected "llama"/],
    [
      "rope scaling",
      "llama-tied",
      { rope_parameters: { rope_type: "llama3", rope_theta: 1e4, factor: 8 } },
      /rope scaling: got "llama3", expected "default"/,
    ],
    [
      "rope scaling as it was written before",
      "qwen2",
      { rope_scaling: { type: "yarn", factor: 4 } },
      /rope_scaling: rope scaling: got "yarn"/,
    ],
    [
      "rotary positions on part of a head",
      "llama-tied",
      { partial_rotary_factor: 0.5 },
      /partial_rotary_factor: got 0\.5/,
    ],
    [
      "a dtype",
      "llama-tied",
      { dtype: "float8_e4m3fn" },
      /dtype: got "float8_e4m3fn", expected float32, float16, bfloat16/,
    ],
    ["a dtype under its old name", "llama-tied", { dtype: undefined, torch_dtype: "int8" }, /dtype: got "int8"/],
    ["quantised weights", "llama-tied", { quantization_config: { bits: 4 } }, /quantization_config: got \{ bits: 4 \}/],
    [
      "an activation",
      "gpt2-policy",
      { activation_function: "relu" },
      /activation_function: got "relu", expected gelu, gelu_new/,
    ],
    ["another activation", "qwen3", { hidden_act: "relu2" }, /hidden_act: got "relu2"/],
    ["cross attention", "gpt2-policy", { add_cross_attention: true }, /add_cross_attention: got true/],
    [
      "scaling by the layer",
      "gpt2-policy",
      { scale_attn_by_inverse_layer_idx: true },
      /scale_attn_by_inverse_layer_idx: got true/,
    ],
    ["attention without scaling", "gpt2-policy", { scale_attn_weights: false }, /scale_attn_weights: got false/],
    ["a sliding window", "qwen2", { use_sliding_window: true }, /use_sliding_window.*got true/],
    [
      "a sliding window in a layer",
      "qwen3",
      { layer_types: ["full_attention", "sliding_attention"] },
      /layer_types: got "sliding_attention"/,
    ],
    ["more labels than one", "gpt2-reward", { id2label: { 0: "A", 1: "B" } }, /number of labels: got 2, expected 1/],
    ["heads that do not share evenly", "llama-tied", { num_key_value_heads: 3 }, /keyValueHeads: got 3 for 4 heads/],
    ["a size that is none", "llama-tied", { hidden_size: "32" }, /hidden_size: got "32", expected a number/],
    ["no size", "llama-tied", { num_hidden_layers: undefined }, /num_hidden_layers: got nothing/],
    ["a list", "", {}, /not an object: got \[\]/],
  ])("%s", (_, name, changes, message) => {
    expect(() => descriptionFromConfig(name === "" ? [] : { ...recorded(name), ...changes })).toThrow(message);
  });
});
