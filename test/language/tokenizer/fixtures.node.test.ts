/** Token ids, tokens, decoded texts and rendered conversations, recorded from Transformers. Node only: the recording is read from disk. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { textTokenizer } from "../../../src/language/tokenizer/textTokenizer.ts";

interface Fixtures {
  total_vocab: number;
  special_ids: Record<string, number>;
  strings: { text: string; ids: number[]; tokens: string[]; decoded: string; decoded_skip_special: string }[];
  conversations: {
    messages: { role: string; content: string }[];
    add_generation_prompt: boolean;
    rendered: string;
    ids: number[];
  }[];
}

const read = (name: string) =>
  readFileSync(new URL(`../../golden/preferences/tokenizer/${name}`, import.meta.url), "utf8");
const fixtures = JSON.parse(read("fixtures.json")) as Fixtures;
const tokenizer = textTokenizer(read("tokenizer.json"), read("tokenizer_config.json"));

test("sizes and special tokens", () => {
  expect(tokenizer.vocabularySize).toBe(fixtures.total_vocab);
  expect([tokenizer.padId, tokenizer.bosId, tokenizer.eosId]).toEqual([0, 1, 2]);
  for (const [token, id] of Object.entries(fixtures.special_ids)) expect(tokenizer.idOf(token)).toBe(id);
});

describe("texts", () => {
  test("all thirty are there", () => expect(fixtures.strings.length).toBe(30));

  test.each(fixtures.strings)("$text", ({ text, ids, tokens, decoded, decoded_skip_special }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.tokens(ids)).toEqual(tokens);
    expect(tokenizer.decode(ids)).toBe(decoded);
    expect(tokenizer.decode(Int32Array.from(ids), { skipSpecial: true })).toBe(decoded_skip_special);
  });
});

describe("conversations", () => {
  test("all six are there", () => expect(fixtures.conversations.length).toBe(6));

  test.each(fixtures.conversations)("$rendered", ({ messages, add_generation_prompt, rendered, ids }) => {
    expect(tokenizer.chat(messages, { generationPrompt: add_generation_prompt })).toEqual({ text: rendered, ids });
  });
});

test("saved files make the same tokenizer", () => {
  const files = tokenizer.files();
  const again = textTokenizer(files["tokenizer.json"], files["tokenizer_config.json"]);
  expect(again.files()).toEqual(files);
  for (const { text, ids } of fixtures.strings) expect(again.encode(text)).toEqual(ids);
  const [{ messages, ids }] = fixtures.conversations;
  expect(again.chat(messages, { generationPrompt: true }).ids).toEqual(ids);
});
