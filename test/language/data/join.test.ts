import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { turnsTokenizer } from "../../../src/language/data/join.ts";
import { characterTokenizer } from "../../../src/language/tokenizer/characterTokenizer.ts";
import { textTokenizer } from "../../../src/language/tokenizer/textTokenizer.ts";
import { mergingTokenizer } from "./support.ts";

describe("pitfalls of joining", () => {
  test("a token that merges across the boundary stays out of the prompt, and no letter is lost", () => {
    const { join } = turnsTokenizer(mergingTokenizer(), true);
    // "ab" is one token of the whole: slicing the whole at the prompt's length would give ["ab"] and [].
    expect(join("a", "b")).toEqual({ prompt: [3], completion: [4, 2], crossed: true });
    expect(join("a", "bc")).toEqual({ prompt: [3], completion: [8, 2], crossed: true });
    expect(join("a", " b")).toEqual({ prompt: [3], completion: [6, 4, 2], crossed: false });
    expect(join("c", "ab")).toEqual({ prompt: [5], completion: [7, 2], crossed: false });
  });

  test("no second BOS: one that the tokenizer adds, one that the text has, and none within a row", () => {
    const { join, prompt, whole } = turnsTokenizer(mergingTokenizer({ bos: true }), true);
    expect(join("c", "ab")).toEqual({ prompt: [1, 5], completion: [7, 2], crossed: false });
    expect(join("<bos>c", "ab").prompt).toEqual([1, 5]);
    expect(join("a", "b")).toEqual({ prompt: [1, 3], completion: [4, 2], crossed: true });
    expect(prompt("<bos>c")).toEqual([1, 5]);
    expect(whole("<bos>c")).toEqual([1, 5, 2]);
    expect(join("", "c")).toEqual({ prompt: [1], completion: [5, 2], crossed: false });
  });

  test("no second BOS before a conversation, whose template writes it", () => {
    const chatTemplate =
      "<bos>{% for m in messages %}{{ m.content }}{% endfor %}{% if add_generation_prompt %}:{% endif %}";
    const { whole, prompt } = turnsTokenizer(characterTokenizer("ab:", { addBos: true, chatTemplate }), true);
    expect(whole([{ role: "user", content: "ab" }])).toEqual([1, 4, 5]);
    expect(prompt([{ role: "user", content: "ab" }])).toEqual([1, 4, 5, 3]);
  });

  test("an EOS that the tokenizer adds does not end prompts, and comes once after completions", () => {
    const { join, prompt, whole } = turnsTokenizer(mergingTokenizer({ bos: true, eos: true }), true);
    expect(prompt("c")).toEqual([1, 5]);
    expect(join("c", "ab")).toEqual({ prompt: [1, 5], completion: [7, 2], crossed: false });
    expect(whole("c")).toEqual([1, 5, 2]);
  });

  test("an EOS that a completion has already comes once", () => {
    const { join, whole } = turnsTokenizer(mergingTokenizer(), true);
    expect(join("c", "ab<eos>").completion).toEqual([7, 2]);
    expect(whole("ab<eos>")).toEqual([7, 2]);
    expect(turnsTokenizer(mergingTokenizer(), false).join("c", "ab").completion).toEqual([7]);
  });

  test("a tokenizer that puts a blank before every text puts none into the midst of a row", () => {
    const tokenizer = mergingTokenizer({ prefixSpace: true });
    const { join } = turnsTokenizer(tokenizer, true);
    const { prompt, completion, crossed } = join("a", "b");
    expect(crossed).toBe(true);
    expect(tokenizer.decode([...prompt, ...completion])).toBe(" ab<eos>");
    expect([prompt, completion]).toEqual([[6], [7, 2]]);
  });

  test("a template that opens an answer otherwise than it writes one: the prompt is what both begin with", () => {
    const chatTemplate =
      "{% for m in messages %}{{ m.role[0] + m.content + '.' }}{% endfor %}{% if add_generation_prompt %}a?{% endif %}";
    const tokenizer = characterTokenizer("abu.?", { chatTemplate });
    const { join } = turnsTokenizer(tokenizer, true);
    const joined = join([{ role: "user", content: "b" }], [{ role: "assistant", content: "ab" }]);
    expect([tokenizer.decode(joined.prompt), tokenizer.decode(joined.completion)]).toEqual(["ub.a", "ab."]);
  });

  test("a prompt whose last message is the assistant's is gone on with", () => {
    const chatTemplate =
      "{% for m in messages %}{{ m.role[0] + m.content + '.' }}{% endfor %}{% if add_generation_prompt %}a{% endif %}";
    const tokenizer = characterTokenizer("abu.?", { chatTemplate });
    const { prompt } = turnsTokenizer(tokenizer, true);
    const turns = [
      { role: "user", content: "b" },
      { role: "assistant", content: "?b" },
    ];
    expect(tokenizer.decode(prompt(turns))).toBe("ub.a?b");
  });
});

test("a prompt's last message that ends in blanks which the template takes away is gone on with behind its words", () => {
  const chatTemplate =
    "{% for m in messages %}{{ m.role[0] + m.content | trim + '.' }}{% endfor %}{% if add_generation_prompt %}a{% endif %}";
  const tokenizer = characterTokenizer("abu. ", { chatTemplate });
  expect(tokenizer.decode(turnsTokenizer(tokenizer, true).prompt([{ role: "assistant", content: " b  " }]))).toBe("ab");
});

test("one token that is BOS and EOS: it comes before every text, and ends what is learnt", () => {
  const files = mergingTokenizer({ bos: true }).files();
  const config = { ...JSON.parse(files["tokenizer_config.json"]), eos_token: "<bos>" };
  const { prompt, whole } = turnsTokenizer(textTokenizer(files["tokenizer.json"], config), true);
  expect([prompt("c"), whole("c")]).toEqual([
    [1, 5],
    [1, 5, 1],
  ]);
});

test("whatever the texts: the prompt's ids are those it is generated from, the text is whole, the EOS is last", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", " "), { maxLength: 8 }).map((letters) => letters.join(""));
  let crossed = 0;
  fc.assert(
    fc.property(text, text, fc.boolean(), (prompt, completion, bos) => {
      const tokenizer = mergingTokenizer({ bos });
      const turns = turnsTokenizer(tokenizer, true);
      const joined = turns.join(prompt, completion);
      if (joined.crossed) crossed++;
      expect(joined.prompt).toEqual(turns.prompt(prompt));
      expect(joined.prompt).toEqual(tokenizer.encode(prompt));
      expect(tokenizer.decode([...joined.prompt, ...joined.completion], { skipSpecial: true })).toBe(
        prompt + completion,
      );
      expect(joined.completion.indexOf(2)).toBe(joined.completion.length - 1);
      // Where no token reaches across, it is the whole text's own ids: what TRL trains on.
      const whole = [...tokenizer.encode(prompt + completion), 2];
      if (!joined.crossed) expect([...joined.prompt, ...joined.completion]).toEqual(whole);
    }),
    { seed: 6 },
  );
  expect(crossed).toBeGreaterThan(5);
});
