import { describe, expect, test } from "vitest";
import { textTokenizer } from "../../../src/language/tokenizer/textTokenizer.ts";

const added = (id: number, content: string, special = true) => ({ id, content, special, normalized: false });

/** Words of one blank each; `<s>` 0, `</s>` 1, hello 2, "." 3. */
const words = {
  added_tokens: [added(0, "<s>"), added(1, "</s>")],
  normalizer: null,
  pre_tokenizer: { type: "Split", pattern: { String: " " }, behavior: "Removed", invert: false },
  post_processor: null,
  decoder: { type: "WordPiece", prefix: "##", cleanup: false },
  model: { type: "WordPiece", unk_token: "</s>", vocab: { "<s>": 0, "</s>": 1, hello: 2, ".": 3 } },
};
const bytePairs = {
  ...words,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: false },
  decoder: { type: "ByteLevel" },
  model: { type: "BPE", vocab: { "<s>": 0, "</s>": 1, a: 2, ".": 3, Ġ: 4 }, merges: [] },
};

describe("special tokens", () => {
  test("as texts or as objects, also as Transformers writes them", () => {
    const config = {
      bos_token: { __type: "AddedToken", content: "<s>", lstrip: false },
      eos_token: "</s>",
      pad_token: null,
    };
    const tokenizer = textTokenizer(words, config);
    expect([tokenizer.bosId, tokenizer.eosId]).toEqual([0, 1]);
    // Rows are filled with the end of sequence where there is no pad token, and masks tell them apart.
    expect(tokenizer.padId).toBe(1);
    expect(textTokenizer(words, {})).toMatchObject({ padId: 0 });
    expect(textTokenizer(words, {})).not.toHaveProperty("eosId");
  });

  test("that no token stands for are refused", () => {
    expect(() => textTokenizer(words, { pad_token: "<pad>" })).toThrow(
      'tokenizer_config.json: pad_token: got "<pad>", expected a token of tokenizer.json',
    );
    expect(() => textTokenizer(words, { eos_token: 7 })).toThrow("eos_token: got 7");
  });

  test("are those that tokenizer.json says are special, whatever else the config lists", () => {
    const files = { ...bytePairs, added_tokens: [added(0, "<s>"), added(5, "<x>", false)] };
    const tokenizer = textTokenizer(files, { additional_special_tokens: ["<x>"] });
    expect(tokenizer.decode([0, 5, 2], { skipSpecial: true })).toBe("<x>a");
  });

  test("ids behind the vocabulary's end count", () => {
    const far = { ...words, added_tokens: [...words.added_tokens, added(9, "<far>")] };
    expect(textTokenizer(far, {}).vocabularySize).toBe(10);
  });
});

test("blanks before full stops stay when decoding, unless the config asks for them to go; with BPE always", () => {
  expect(textTokenizer(words, {}).decode([2, 3])).toBe("hello .");
  expect(textTokenizer(words, { clean_up_tokenization_spaces: true }).decode([2, 3])).toBe("hello.");
  expect(textTokenizer(bytePairs, { clean_up_tokenization_spaces: true }).decode([2, 4, 3])).toBe("a .");
});

describe("chat templates", () => {
  const messages = [
    { role: "user", content: "a" },
    { role: "assistant", content: "a." },
  ];
  const template = "{{ bos_token }}{% for m in messages %}{{ m.content + eos_token }}{% endfor %}";
  const config = { bos_token: "<s>", eos_token: { content: "</s>" } };
  const rendered = { text: "<s>a</s>a.</s>", ids: [0, 2, 1, 2, 3, 1] };

  test.each([
    ["a text", template],
    [
      "named ones",
      [
        { name: "tool_use", template: "x" },
        { name: "default", template },
      ],
    ],
    ["an object of named ones", { default: template }],
  ])("%s", (_, chat_template) => {
    expect(textTokenizer(bytePairs, { ...config, chat_template }).chat(messages)).toEqual(rendered);
  });

  test("a file of its own goes before the config's, and is saved again", () => {
    const tokenizer = textTokenizer(bytePairs, { ...config, chat_template: "x" }, template);
    expect(tokenizer.chat(messages)).toEqual(rendered);
    expect(tokenizer.files()["chat_template.jinja"]).toBe(template);
  });

  test("what templates ask for is there: tools are none, the generation prompt is true or false", () => {
    const chat_template =
      "{% if tools is not none %}tools{% endif %}{% if add_generation_prompt is defined %}a{% endif %}{% if add_generation_prompt %}.{% endif %}";
    const tokenizer = textTokenizer(bytePairs, { chat_template });
    expect(tokenizer.chat(messages).text).toBe("a");
    expect(tokenizer.chat(messages, { generationPrompt: true }).text).toBe("a.");
  });

  test("templates that cannot be read, and named ones without a default", () => {
    expect(() => textTokenizer(bytePairs, { chat_template: "{% for %}" })).toThrow("The chat template cannot be read");
    expect(() => textTokenizer(bytePairs, { chat_template: [{ name: "rag", template }] })).toThrow(
      'one called "default"',
    );
  });

  test("messages that are none are named", () => {
    const tokenizer = textTokenizer(bytePairs, { chat_template: template });
    const wrong = [{ role: "user" }] as unknown as { role: string; content: string }[];
    expect(() => tokenizer.chat(wrong)).toThrow("chat: messages[0].content: got nothing, expected a text");
  });
});

describe("files that are no tokenizer's", () => {
  test.each([
    ["{", {}, "tokenizer.json is no JSON"],
    [[], {}, "tokenizer.json: got []"],
    [{}, {}, "tokenizer.json: model: got nothing"],
    [{ ...words, model: { type: "Quantum", vocab: {} } }, {}, 'model.type: got "Quantum", expected one of BPE'],
    [
      { ...words, pre_tokenizer: { type: "UnicodeScripts" } },
      {},
      "The tokenizer cannot be made from tokenizer.json: got Unknown PreTokenizer type: UnicodeScripts",
    ],
    [words, "[", "tokenizer_config.json is no JSON"],
  ])("%j", (tokenizer, config, message) => {
    expect(() => textTokenizer(tokenizer, config)).toThrow(message);
  });
});
