/** Merges as Hugging Face's trainer learnt them of the recorded corpus. Node only: it is read from disk. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { learnMerges } from "../../../src/language/tokenizer/bytePairMerges.ts";
import { bytePairTokenizer } from "../../../src/language/tokenizer/bytePairTokenizer.ts";
import { textTokenizer } from "../../../src/language/tokenizer/textTokenizer.ts";
import { RandomStream } from "../../../src/random/stream.ts";

const read = (name: string) =>
  readFileSync(new URL(`../../golden/preferences/tokenizer/${name}`, import.meta.url), "utf8");
const corpus = read("corpus.txt");

interface TokenizerJson {
  model: { vocab: Record<string, number>; merges: [string, string][] };
}

test("the recorded tokenizer is learnt again from its corpus: every merge, every id", () => {
  const tokenizer = bytePairTokenizer(corpus, { vocabularySize: 400, special: ["<|user|>", "<|assistant|>"] });
  const learnt = JSON.parse(tokenizer.files()["tokenizer.json"]) as TokenizerJson;
  const recorded = JSON.parse(read("tokenizer.json")) as TokenizerJson;
  expect(learnt.model.merges).toEqual(recorded.model.merges);
  const own = (vocab: Record<string, number>) => Object.entries(vocab).filter(([, id]) => id > 4);
  expect(new Map(own(learnt.model.vocab))).toEqual(new Map(own(recorded.model.vocab)));
  const given = textTokenizer(recorded, JSON.parse(read("tokenizer_config.json")));
  const text = "The farmer counted 42 warm coats, né? 😀\n\n\tend ";
  expect(tokenizer.encode(text)).toEqual(given.encode(text));
});

describe("learnMerges", () => {
  const words = (texts: Record<string, number>) =>
    Object.entries(texts).map(([text, count]) => ({ ids: [...text].map((c) => c.charCodeAt(0) - 97), count }));

  test("the most frequent pair first, of equals the one of smaller ids", () => {
    // ab 5, bc 4; then (ab)c 4 and d(ab) 1.
    expect(learnMerges(words({ abc: 4, dab: 1 }), 26, 9, 2)).toEqual([
      { left: 0, right: 1 },
      { left: 26, right: 2 },
    ]);
    expect(learnMerges(words({ cd: 2, ab: 2 }), 26, 1, 1)).toEqual([{ left: 0, right: 1 }]);
  });

  test("a run of one letter is merged from the left, without overlaps", () => {
    expect(learnMerges(words({ aaaaa: 1 }), 26, 9, 1)).toEqual([
      { left: 0, right: 0 },
      { left: 26, right: 0 },
      { left: 26, right: 27 },
    ]);
  });

  test("counts kept up to date give what counting anew gives", () => {
    const naive = (given: { ids: readonly number[]; count: number }[], most: number) => {
      let spelled = given.map(({ ids }) => [...ids]);
      const merges = [];
      for (let made = 4; merges.length < most; made++) {
        const counts = new Map<string, number>();
        spelled.forEach((ids, word) => {
          for (let i = 1; i < ids.length; i++) {
            const pair = `${ids[i - 1]} ${ids[i]}`;
            counts.set(pair, (counts.get(pair) ?? 0) + given[word].count);
          }
        });
        const pairs = [...counts].map(([pair, count]) => ({ count, ids: pair.split(" ").map(Number) }));
        pairs.sort((a, b) => b.count - a.count || a.ids[0] - b.ids[0] || a.ids[1] - b.ids[1]);
        if (pairs.length === 0 || pairs[0].count < 2) break;
        const [left, right] = pairs[0].ids;
        merges.push({ left, right });
        spelled = spelled.map((ids) => {
          const after: number[] = [];
          for (let i = 0; i < ids.length; i++) {
            const isPair = ids[i] === left && ids[i + 1] === right;
            after.push(isPair ? made : ids[i]);
            if (isPair) i++;
          }
          return after;
        });
      }
      return merges;
    };
    const random = new RandomStream(3, 1024);
    for (let round = 0; round < 20; round++) {
      const some = Array.from({ length: 12 }, () => ({
        ids: Array.from({ length: 1 + random.integer(9) }, () => random.integer(4)),
        count: 1 + random.integer(3),
      }));
      expect(learnMerges(some, 4, 30, 2)).toEqual(naive(some, 30));
    }
  });
});

test("every text comes back, also of what the corpus has not", () => {
  const tokenizer = bytePairTokenizer(["banana band", "bandana"], {
    vocabularySize: 300,
    minFrequency: 1,
    addBos: true,
  });
  expect(tokenizer.vocabularySize).toBeLessThan(300);
  for (const text of ["banana", "", "Ünï 😀\u0000 \r\n", "a band<eos>"]) {
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(`<bos>${text}`);
  }
  expect(tokenizer.encode("banana").length).toBeLessThan(5);
});

test("a vocabulary without room for the bytes is refused", () => {
  expect(() => bytePairTokenizer("ab", { vocabularySize: 200 })).toThrow("got 200, expected at least 259");
});
