import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { characterTokenizer } from "../../../src/language/tokenizer/characterTokenizer.ts";
import { textTokenizer } from "../../../src/language/tokenizer/textTokenizer.ts";

describe("characterTokenizer", () => {
  test("pad, bos and eos are 0, 1, 2; characters follow by code point, each once", () => {
    const tokenizer = characterTokenizer("banana b\n");
    expect([tokenizer.padId, tokenizer.bosId, tokenizer.eosId]).toEqual([0, 1, 2]);
    expect(tokenizer.vocabularySize).toBe(8);
    expect(tokenizer.encode("\n abn")).toEqual([3, 4, 5, 6, 7]);
    expect(tokenizer.decode([1, 5, 7, 2])).toBe("<bos>an<eos>");
    expect(tokenizer.decode([1, 5, 7, 2], { skipSpecial: true })).toBe("an");
  });

  test("more special tokens come between, and are found in text", () => {
    const tokenizer = characterTokenizer("ab", { special: ["<sep>", "<ask>"] });
    expect(tokenizer.encode("a<sep>b<eos><ask>")).toEqual([5, 3, 6, 2, 4]);
    expect(tokenizer.vocabularySize).toBe(7);
  });

  test("addBos puts one before a text unless told not to", () => {
    const tokenizer = characterTokenizer("ab", { addBos: true });
    expect(tokenizer.encode("ab")).toEqual([1, 3, 4]);
    expect(tokenizer.encode("ab", { addSpecial: false })).toEqual([3, 4]);
    expect(tokenizer.encode("")).toEqual([1]);
  });

  test("conversations by a template of its own", () => {
    const chatTemplate =
      "{% for m in messages %}{{ bos_token + m.content + eos_token }}{% endfor %}{% if add_generation_prompt %}<bos>{% endif %}";
    const tokenizer = characterTokenizer("ab", { chatTemplate });
    const messages = [{ role: "user", content: "ab" }];
    expect(tokenizer.chat(messages)).toEqual({ text: "<bos>ab<eos>", ids: [1, 3, 4, 2] });
    expect(tokenizer.chat(messages, { generationPrompt: true }).ids).toEqual([1, 3, 4, 2, 1]);
  });

  test("every text over the alphabet comes back, emoji, digits, blanks and line breaks too", () => {
    const alphabet = "ab7 .\n\t\r😀é'\"\\{}中̈";
    const tokenizer = characterTokenizer(alphabet);
    const letter = fc.constantFrom(...alphabet);
    fc.assert(
      fc.property(fc.array(letter), (letters) => {
        const text = letters.join("");
        const ids = tokenizer.encode(text);
        expect(ids.length).toBe(letters.length);
        expect(tokenizer.decode(ids)).toBe(text);
        expect(tokenizer.tokens(ids)).toEqual(letters);
      }),
      { seed: 1 },
    );
  });

  test("its files make the same tokenizer", () => {
    const files = characterTokenizer("abc", { special: ["<sep>"], addBos: true }).files();
    const again = textTokenizer(files["tokenizer.json"], JSON.parse(files["tokenizer_config.json"]));
    expect(again.encode("a<sep>c")).toEqual([1, 4, 3, 6]);
    expect(again.files()).toEqual(files);
  });

  test("a character that is not in it is named", () => {
    expect(() => characterTokenizer("ab").encode("abcd")).toThrow('got "c"');
  });

  test("ids that are no tokens are named", () => {
    const tokenizer = characterTokenizer("ab");
    expect(() => tokenizer.decode([3, 5])).toThrow("number 1 cannot be decoded: got 5");
    expect(() => tokenizer.decode([3.5])).toThrow("got 3.5");
    expect(() => tokenizer.decode([-1])).toThrow("got -1");
    expect(tokenizer.decode([])).toBe("");
  });

  test("what cannot be an alphabet is refused", () => {
    expect(() => characterTokenizer("")).toThrow("at least one character");
    expect(() => characterTokenizer("ab", { special: ["<eos>"] })).toThrow('got "<eos>"');
    expect(() => characterTokenizer("ab", { special: ["a"] })).toThrow('got "a"');
  });
});
