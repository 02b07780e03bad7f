import { describe, expect, test } from "vitest";
import { corpusWorld } from "../../../src/language/worlds/corpus.ts";
import { mailText } from "../../../src/language/worlds/mailText.ts";
import { valenceOf } from "../../../src/language/worlds/valence.ts";

const SENTENCES =
  "The sea was calm, and we were glad; the sky was dark, and the wreck lay\nstill — “all is well,” said he. ";
const world = corpusWorld(SENTENCES.repeat(60), {
  name: "sea",
  title: "the sea",
  promptLength: 10,
  completionLength: 12,
});
const ids = (text: string) => world.tokenizer.encode(text);

describe("a world of real text", () => {
  test("passages begin where words do, and demonstrations go on as the text does", () => {
    const plain = SENTENCES.repeat(60)
      .replace("\n", " ")
      .replace(/[“”]/g, '"')
      .replace(/—/g, "--")
      .replace(/\s+/g, " ");
    for (const { prompt, completion } of world.demonstrations(20, 1)) {
      expect([prompt.length, completion.length]).toEqual([10, 12]);
      const passage = world.tokenizer.decode([...prompt, ...completion]);
      expect(plain.replaceAll("\n", " ")).toContain(passage);
    }
  });

  test("prompts come from the tenth that demonstrations never show", () => {
    const letters = corpusWorld(`${"ab ".repeat(900)}${"xy ".repeat(100)}`, { name: "n", title: "t", promptLength: 6 });
    const shown = letters.demonstrations(50, 0).map(({ prompt }) => letters.tokenizer.decode(prompt));
    expect(shown.every((text) => !text.includes("x"))).toBe(true);
    expect(letters.prompts(20, 0).every((prompt) => !letters.tokenizer.decode(prompt).includes("a"))).toBe(true);
  });

  test("the reward counts words, so that repeating one pays, and the measures show it", () => {
    const prompt = ids("the sea wa");
    expect(world.reward(prompt, ids(" calm glad"))).toBeCloseTo(2 / 8);
    expect(world.reward(prompt, ids("dark wreck"))).toBeCloseTo(-2 / 8);
    const repeated = ids("glad glad glad");
    expect(world.reward(prompt, repeated)).toBeCloseTo(3 / 8);
    expect(world.measures.distinctWords(prompt, repeated)).toBeCloseTo(1 / 3);
    expect(world.measures.fluency(prompt, ids("the sky was"))).toBeGreaterThan(
      world.measures.fluency(prompt, ids("lgd dal eht")) + 1,
    );
  });

  test("tokens may be byte pairs", () => {
    const options = { name: "n", title: "t", vocabularySize: 300, promptLength: 4, completionLength: 5 };
    const pairs = corpusWorld(SENTENCES.repeat(60), options);
    expect(pairs.tokenizer.vocabularySize).toBe(300);
    const [{ prompt, completion }] = pairs.demonstrations(1, 2);
    expect([prompt.length, completion.length]).toEqual([4, 5]);
    expect(pairs.tokenizer.decode([...prompt, ...completion]).length).toBeGreaterThan(12);
    expect(pairs.reward(prompt, pairs.tokenizer.encode(" so calm"))).toBeCloseTo(1 / 8);
  });

  test("a text too short for its passages is refused", () => {
    expect(() => corpusWorld("too short", { name: "n", title: "t" })).toThrow("too short for its passages");
  });
});

describe("words that sound pleasant or not", () => {
  test("are counted in lower case, marks aside", () => {
    expect(valenceOf("Joy, JOY! A storm.")).toEqual({ pleasant: 2, unpleasant: 1, words: 4, distinct: 3 });
    expect(valenceOf("")).toEqual({ pleasant: 0, unpleasant: 0, words: 0, distinct: 0 });
  });
});

describe("what a reader sees of a mail", () => {
  test("header, tags and encoded files are gone", () => {
    const raw = [
      "From: a@b.example",
      "Subject:  Win   now",
      "X-Spam: yes",
      "",
      "<b>Dear</b> friend,&nbsp;look",
      "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2",
      "here",
    ].join("\r\n");
    expect(mailText(raw)).toBe("Win now\nDear friend, look here");
  });

  test("a mail without an empty line is all body", () => {
    expect(mailText("hello\nthere")).toBe("\nhello there");
  });
});
