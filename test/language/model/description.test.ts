/** Descriptions that no model can have are refused with the field and what may stand there. */

import { expect, test } from "vitest";
import type { LanguageModelDescription } from "../../../src/language/model/description.ts";
import { languageNetwork } from "../../../src/language/model/network.ts";
import { input } from "../../../src/tensor/graph.ts";
import { smallDescriptions } from "./smallDescriptions.ts";

const { gpt2, llama } = smallDescriptions;

test.each<[string, LanguageModelDescription, RegExp]>([
  ["a norm that the family has not", { ...gpt2, norm: "rms" }, /norm of the family "gpt2": got "rms", expected layer/],
  [
    "rotary positions in GPT-2",
    { ...gpt2, positions: { rotaryBase: 100 } },
    /positions of the family "gpt2": got .*expected learned/,
  ],
  [
    "learned positions in Llama",
    { ...llama, positions: "learned" },
    /positions of the family "llama": got "learned", expected rotary/,
  ],
  [
    "heads that do not make the width",
    { ...gpt2, headSize: 3 },
    /heads of the family "gpt2": got heads 2.*headSize 3, width 8/,
  ],
  [
    "an odd head with rotary positions",
    { ...llama, headSize: 3 },
    /headSize with rotary positions: got 3, expected an even number/,
  ],
  ["shared keys in GPT-2", { ...gpt2, keyValueHeads: 1 }, /keyValueHeads = heads/],
  ["a field that is none", { ...gpt2, hidden: 3 } as never, /has no option "hidden"/],
  ["a field left out", { ...gpt2, width: undefined } as never, /description: width: got nothing/],
  [
    "a special token outside the vocabulary",
    { ...gpt2, specialTokens: { eos: [2, 11] } },
    /specialTokens: got 11, expected a whole number from 0 to 10/,
  ],
  [
    "LoRA on no layer",
    { ...llama, lora: { rank: 1, alpha: 1, targets: ["q_proj", "c_attn"] } },
    /targets: no linear layer.*got "c_attn", expected some of self_attn\.q_proj/,
  ],
  ["LoRA on half a name", { ...llama, lora: { rank: 1, alpha: 1, targets: ["proj"] } }, /no linear layer.*got "proj"/],
  ["LoRA of no rank", { ...llama, lora: { rank: 0, alpha: 1, targets: ["q_proj"] } }, /lora: rank: got 0/],
])("%s", (_, description, message) => {
  expect(() => languageNetwork(description)).toThrow(message);
});

test("rows longer than the context, and batches whose tensors do not fit", () => {
  const network = languageNetwork(llama);
  const tokens = (rows: number, length: number) => input("tokens", [rows, length], "i32");
  expect(() => network.hidden({ tokens: tokens(1, 9) })).toThrow(
    /longer than the model's context: got 9 tokens, expected at most 8/,
  );
  expect(() => network.hidden({ tokens: input("tokens", [2, 3]) })).toThrow(
    /tokens of the batch: got .*dtype f32, expected i32/,
  );
  const mask = input("mask", [2, 4]);
  expect(() => network.hidden({ tokens: tokens(2, 3), mask })).toThrow(/mask of the batch: got .*\[2, 4\].*here 2 × 3/);
  expect(() => network.tokenLogProbs({ tokens: tokens(2, 1) })).toThrow(/no token to predict/);
  expect(() => network.tokenLogProbs({ tokens: tokens(2, 3) }, { temperature: 0 })).toThrow(/temperature: got 0/);
  expect(() => network.scores(network.hidden({ tokens: tokens(2, 3) }))).toThrow(/another head: got head "language"/);
  const score = languageNetwork({ ...llama, head: "score" });
  expect(() => score.tokenLogProbs({ tokens: tokens(2, 3) })).toThrow(/another head: got head "score"/);
});
