import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completionTokens, makeSequenceBatch, writeRows } from "../../../src/language/data/batches.ts";
import { describeReport } from "../../../src/language/data/dataReport.ts";
import { readTextData } from "../../../src/language/data/textData.ts";
import { characterTokenizer } from "../../../src/language/tokenizer/characterTokenizer.ts";
import { mergingTokenizer, readAll, recordsOf, rowsOf } from "./support.ts";

const chatTemplate =
  "<bos>{% for m in messages %}{{ m.role[0] + m.content }}{% if m.role == 'assistant' %}<eos>{% endif %}{% endfor %}{% if add_generation_prompt %}a{% endif %}";
// a 3, b 4, c 5, u 6.
const tokenizer = characterTokenizer("abcu", { chatTemplate });
const user = (content: string) => ({ role: "user", content });
const assistant = (content: string) => ({ role: "assistant", content });

describe("TRL's formats", () => {
  test("language modelling: text, messages, conversations in both spellings", async () => {
    const data = await readAll([{ text: "ab" }, { text: "c<eos>" }], tokenizer);
    expect(data.kind).toBe("language-modelling");
    expect(rowsOf(data)).toEqual([
      { prompt: [], completion: [3, 4, 2] },
      { prompt: [], completion: [5, 2] },
    ]);
    const conversation = { prompt: [], completion: [1, 6, 3, 3, 4, 2] };
    for (const example of [
      { messages: [user("a"), assistant("b")] },
      { conversations: [user("a"), assistant("b")] },
      {
        conversations: [
          { from: "user", value: "a" },
          { from: "assistant", value: "b" },
        ],
      },
      {
        messages: [
          { role: "user", value: "a" },
          { from: "assistant", content: "b" },
        ],
      },
    ])
      expect(rowsOf(await readAll([example], tokenizer))).toEqual([conversation]);
  });

  test("prompt-only: text, and conversations with what opens the answer", async () => {
    const data = await readAll([{ prompt: "ab" }, { prompt: [user("b")] }, { prompt: "" }], tokenizer);
    expect(data.kind).toBe("prompt-only");
    expect(rowsOf(data)).toEqual([[3, 4], [1, 6, 4, 3], [1]]);
  });

  test("prompt-completion: texts get an EOS, conversations end as the template does", async () => {
    const data = await readAll(
      [
        { prompt: "ab", completion: "c" },
        { prompt: [user("b")], completion: [assistant("c")] },
      ],
      tokenizer,
    );
    expect(data.kind).toBe("prompt-completion");
    expect(rowsOf(data)).toEqual([
      { prompt: [3, 4], completion: [5, 2] },
      { prompt: [1, 6, 4, 3], completion: [5, 2] },
    ]);
  });

  test("unpaired: the label is true or false, or 1 or 0", async () => {
    const examples = [true, false, 1, 0].map((label) => ({ prompt: "a", completion: "b", label }));
    const data = await readAll(examples, tokenizer);
    expect(data.kind).toBe("unpaired");
    expect(rowsOf(data)).toEqual(
      [true, false, true, false].map((label) => ({ prompt: [3], completion: [4, 2], label })),
    );
  });

  test("preference: with a prompt, margins kept", async () => {
    const data = await readAll(
      [
        { prompt: "a", chosen: "b", rejected: "c", margin: 0.5 },
        { prompt: [user("a")], chosen: [assistant("b")], rejected: [assistant("")], margin: null },
      ],
      tokenizer,
    );
    expect(data.kind).toBe("preference");
    expect(rowsOf(data)).toEqual([
      { prompt: [3], chosen: [4, 2], rejected: [5, 2], margin: 0.5 },
      { prompt: [1, 6, 3, 3], chosen: [4, 2], rejected: [2] },
    ]);
  });

  test("preference without a prompt: the messages both begin with; in texts the tokens", async () => {
    const data = await readAll(
      [
        { chosen: [user("a"), assistant("bc")], rejected: [user("a"), assistant("bb")] },
        { chosen: "abc", rejected: "abb" },
        { chosen: "ab", rejected: "abc" },
      ],
      tokenizer,
    );
    expect(rowsOf(data)).toEqual([
      { prompt: [1, 6, 3, 3], chosen: [4, 5, 2], rejected: [4, 4, 2] },
      { prompt: [3, 4], chosen: [5, 2], rejected: [4, 2] },
      { prompt: [3, 4], chosen: [2], rejected: [5, 2] },
    ]);
  });

  test("conversations of which one begins the other, or that are equal, keep a last message as their answer", async () => {
    const [one, two] = [
      [user("a"), assistant("b")],
      [user("a"), assistant("b"), user("c"), assistant("b")],
    ];
    const examples = [
      { chosen: one, rejected: two },
      { chosen: one, rejected: one },
    ];
    const data = await readAll(examples, tokenizer);
    expect(rowsOf(data)).toEqual([{ prompt: [1, 6, 3, 3], chosen: [4, 2], rejected: [4, 2, 6, 5, 3, 4, 2] }]);
    expect(data.report.dropped).toEqual({ noCompletion: 0, tooLong: 0, identical: 1 });
  });

  test("an implicit prompt never ends within a token", async () => {
    // "cab" and "ca": the letters they share are "ca", but "ab" is one token.
    const data = await readAll([{ chosen: "cab", rejected: "cac" }], mergingTokenizer());
    expect(rowsOf(data)).toEqual([{ prompt: [5], chosen: [7, 2], rejected: [3, 5, 2] }]);
  });

  test("a prompt as text beside conversations that begin with it is passed over", async () => {
    const example = { prompt: "a", chosen: [user("a"), assistant("b")], rejected: [user("a"), assistant("c")] };
    const data = await readAll([example], tokenizer);
    expect(rowsOf(data)).toEqual([{ prompt: [1, 6, 3, 3], chosen: [4, 2], rejected: [5, 2] }]);
  });

  test("other fields are passed over", async () => {
    const data = await readAll(
      [{ prompt: "a", chosen: "b", rejected: "c", messages: 7, source: "x", id: 3n }],
      tokenizer,
    );
    expect(data.kind).toBe("preference");
  });
});

describe("a kind that stands in for another", () => {
  const pair = [{ prompt: "a", chosen: "b", rejected: "c" }];

  test("preferences as labelled answers, as answers to imitate, as prompts", async () => {
    expect(rowsOf(await readAll(pair, tokenizer, { kinds: ["unpaired"] }))).toEqual([
      { prompt: [3], completion: [4, 2], label: true },
      { prompt: [3], completion: [5, 2], label: false },
    ]);
    const imitated = await readAll(pair, tokenizer, { kinds: ["language-modelling", "prompt-completion"] });
    expect([imitated.kind, rowsOf(imitated)]).toEqual(["prompt-completion", [{ prompt: [3], completion: [4, 2] }]]);
    expect(rowsOf(await readAll(pair, tokenizer, { kinds: ["prompt-only"] }))).toEqual([[3]]);
  });

  test("prompts with answers, labelled or not, as prompts", async () => {
    for (const label of [{}, { label: false }])
      expect(
        rowsOf(await readAll([{ prompt: "a", completion: "b", ...label }], tokenizer, { kinds: ["prompt-only"] })),
      ).toEqual([[3]]);
    const texts = [{ text: "ab" }];
    await expect(readAll(texts, tokenizer, { kinds: ["preference", "prompt-only"] })).rejects.toThrow(
      "got language-modelling, expected preference or prompt-only",
    );
  });

  test("an answer that is not wanted is never one to imitate", async () => {
    const unpaired = [{ prompt: "a", completion: "b", label: false }];
    await expect(readAll(unpaired, tokenizer, { kinds: ["prompt-completion"] })).rejects.toThrow(
      "train.jsonl, line 1: examples of another kind: got unpaired, expected prompt-completion",
    );
  });
});

describe("truncation", () => {
  const pair = { prompt: "abc", chosen: "aab", rejected: "b" };

  test("keep_start cuts completions, keep_end prompts, drop leaves out", async () => {
    const start = await readAll([pair], tokenizer, { maxLength: 5 });
    expect(rowsOf(start)).toEqual([{ prompt: [3, 4, 5], chosen: [3, 3], rejected: [4, 2] }]);
    // Both sides keep one prompt.
    const end = await readAll([pair], tokenizer, { maxLength: 5, truncation: "keep_end" });
    expect(rowsOf(end)).toEqual([{ prompt: [5], chosen: [3, 3, 4, 2], rejected: [4, 2] }]);
    expect([start.report.truncated, end.report.truncated]).toEqual([1, 1]);
    const dropped = await readAll([pair, { ...pair, chosen: "c" }], tokenizer, { maxLength: 5, truncation: "drop" });
    expect(dropped.report).toMatchObject({ read: 2, rows: 1, truncated: 0, dropped: { tooLong: 1 } });
  });

  test("keep_end keeps the end of a completion that is longer than all", async () => {
    const data = await readAll([pair], tokenizer, { maxLength: 3, truncation: "keep_end" });
    expect(rowsOf(data)).toEqual([{ prompt: [], chosen: [3, 4, 2], rejected: [4, 2] }]);
  });

  test("a row whose whole completion is cut away is left out and counted, a preference on both sides", async () => {
    const examples = [
      { prompt: "abc", completion: "a" },
      { prompt: "ab", completion: "aa" },
    ];
    const data = await readAll(examples, tokenizer, { maxLength: 3 });
    expect(rowsOf(data)).toEqual([{ prompt: [3, 4], completion: [3] }]);
    expect(data.report).toMatchObject({ read: 2, rows: 1, dropped: { noCompletion: 1 } });
    const pairs = await readAll([{ ...pair }, { ...pair, prompt: "a" }], tokenizer, { maxLength: 3 });
    expect(pairs.report).toMatchObject({ read: 2, rows: 1, dropped: { noCompletion: 1 } });
    expect(rowsOf(pairs)).toEqual([{ prompt: [3], chosen: [3, 3], rejected: [4, 2] }]);
  });

  test("maxPromptLength keeps a prompt's end; a prompt alone is cut so to maxLength too", async () => {
    const data = await readAll([{ prompt: "abc", completion: "a" }], tokenizer, { maxPromptLength: 2 });
    expect(rowsOf(data)).toEqual([{ prompt: [4, 5], completion: [3, 2] }]);
    const prompts = await readAll([{ prompt: "abc" }, { prompt: "ab" }], tokenizer, { maxLength: 2 });
    expect(rowsOf(prompts)).toEqual([
      [4, 5],
      [3, 4],
    ]);
    expect(prompts.report.truncated).toBe(1);
    const dropped = await readAll([{ prompt: "abc" }, { prompt: "ab" }], tokenizer, {
      maxLength: 2,
      truncation: "drop",
    });
    expect(dropped.report).toMatchObject({ rows: 1, dropped: { tooLong: 1 } });
  });
});

describe("what nothing can be learnt from", () => {
  test("chosen = rejected is left out and counted, within the length too", async () => {
    const examples = [
      { prompt: "a", chosen: "b", rejected: "b" },
      { chosen: "ab", rejected: "ab" },
      { prompt: "a", chosen: "bba", rejected: "bbc" },
      { prompt: "a", chosen: "b", rejected: "c" },
    ];
    const data = await readAll(examples, tokenizer, { maxLength: 3 });
    expect(data.report).toMatchObject({ read: 4, rows: 1, dropped: { identical: 3, noCompletion: 0 } });
  });

  test("an empty completion is its EOS and counted; without one it is left out", async () => {
    const examples = [
      { prompt: "a", completion: "" },
      { prompt: "a", completion: "b" },
    ];
    const data = await readAll(examples, tokenizer);
    expect(rowsOf(data)[0]).toEqual({ prompt: [3], completion: [2] });
    expect(data.report.emptyCompletions).toBe(1);
    const without = await readAll(examples, tokenizer, { addEos: false });
    expect(without.report).toMatchObject({ rows: 1, emptyCompletions: 1, withoutEos: 2, dropped: { noCompletion: 1 } });
  });

  test("a text of one token has nothing to predict", async () => {
    const data = await readAll([{ text: "" }, { text: "a" }], tokenizer);
    expect(data.report).toMatchObject({ rows: 1, completionTokens: 1, dropped: { noCompletion: 1 } });
  });

  test("nothing left is an error that says what became of it", async () => {
    await expect(readAll([{ prompt: "abc", completion: "a" }], tokenizer, { maxLength: 3 })).rejects.toThrow(
      "There is nothing to learn from: got 0 rows of 0 tokens from 1 example. 1 row left out, as nothing of a completion is within the length",
    );
    await expect(readAll([], tokenizer)).rejects.toThrow("got no examples");
  });
});

describe("EOS and padding", () => {
  test("where pad and EOS are one token, the EOS is learnt and the padding is not", async () => {
    const same = mergingTokenizer({ pad: false });
    expect(same.padId).toBe(same.eosId);
    const data = await readAll([{ prompt: "c", completion: "b" }], same);
    if (data.kind !== "prompt-completion") throw new Error(data.kind);
    const batch = writeRows([data.rows.at(0)!], same.padId, makeSequenceBatch(1, 6));
    expect([...batch.tokens]).toEqual([5, 4, 2, 2, 2, 2]);
    expect([...batch.completionMask]).toEqual([0, 1, 1, 0, 0, 0]);
    expect(completionTokens(batch)).toBe(data.report.completionTokens);
  });

  test("conversations whose template writes no EOS are counted", async () => {
    const bare = characterTokenizer("ab", { chatTemplate: "{% for m in messages %}{{ m.content }}{% endfor %}" });
    const data = await readAll([{ messages: [user("a"), assistant("b")] }], bare);
    expect(data.report.withoutEos).toBe(1);
    expect(describeReport(data.report).at(-1)).toContain("does not learn to stop");
  });
});

describe("errors name file, line, field, what was got and what is wanted", () => {
  test.each([
    [{ prompt: 3, completion: "b" }, 'train.jsonl, line 2: "prompt": got 3, expected a text or a list of messages'],
    [{ prompt: "a", completion: ["b"] }, 'line 2: "completion[0]": got "b", expected a message with role and content'],
    [{ completion: "a" }, 'line 2: "prompt": got nothing'],
    [{ prompt: "a", chosen: "b" }, 'line 2: "rejected": got nothing'],
    [{ prompt: "a", chosen: "b", rejected: [user("a")] }, 'line 2: "rejected": got'],
    [
      { prompt: [user("a")], completion: "b" },
      'line 2: "completion": got "b", expected a list of messages, as "prompt" is',
    ],
    [{ messages: [{ role: "user" }] }, 'line 2: "messages[0].content": got nothing, expected a text'],
    [{ messages: [] }, 'line 2: "messages": got [], expected at least one message'],
    [{ prompt: "a", completion: "b", label: "yes" }, 'line 2: "label": got "yes", expected true or false'],
    [{ prompt: "a", chosen: "b", rejected: "c", margin: "1" }, 'line 2: "margin": got "1", expected a finite number'],
    [{ promt: "a" }, 'line 2: no field that says what to learn: got "promt"'],
    [{ promt: "a" }, 'Did you mean "prompt"?'],
    [{ prompt: "a", completions: ["b"], labels: [true] }, "completions by steps are not supported"],
    [{ prompt: "a", completion: "xyz" }, 'line 2: The text cannot be tokenized: got "x"'],
  ])("%j", async (example, message) => {
    const first = "label" in example ? { prompt: "a", completion: "b", label: true } : { prompt: "a", completion: "b" };
    await expect(readAll([first, example], tokenizer)).rejects.toThrow(message);
  });

  test("kinds that are mixed", async () => {
    await expect(readAll([{ prompt: "a" }, { text: "b" }], tokenizer)).rejects.toThrow(
      "train.jsonl, line 2: an example of another kind than the first: got language-modelling, expected prompt-only",
    );
  });

  test("conversations without a template, and conversations that it refuses", async () => {
    await expect(readAll([{ messages: [user("a")] }], characterTokenizer("a"))).rejects.toThrow(
      "train.jsonl, line 1: The tokenizer has no chat template",
    );
    const strict = characterTokenizer("a", { chatTemplate: "{{ raise_exception('Roles must alternate') }}" });
    await expect(readAll([{ messages: [user("a")] }], strict)).rejects.toThrow("got Roles must alternate");
  });
});

test("fields to keep stay beside their rows, also where rows before were left out", async () => {
  const examples = [
    { prompt: "abc", completion: "a", answer: 1 },
    { prompt: "a", completion: "b", answer: 2, other: 3 },
    { prompt: "b", completion: "c" },
  ];
  const data = await readAll(examples, tokenizer, { maxLength: 3, keep: ["answer"] });
  expect([data.kept.length, data.kept.at(0), data.kept.at(1)]).toEqual([2, { answer: 2 }, { answer: undefined }]);
  expect((await readAll(examples, tokenizer)).kept.length).toBe(0);
});

test("limit reads no further", async () => {
  let given = 0;
  function* endless() {
    for (;;) yield recordsOf([{ text: "ab", number: given++ }])[0];
  }
  const data = await readTextData(endless(), tokenizer, { limit: 5 });
  expect([data.rows.length, given]).toEqual([5, 5]);
});

test("whatever the rows: none is too long, counts add up, and what is kept is learnt", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 7 });
  const example = fc.record({ prompt: text, chosen: text, rejected: text });
  const options = fc.record({
    maxLength: fc.integer({ min: 3, max: 9 }),
    truncation: fc.constantFrom("keep_start", "keep_end", "drop"),
  }) as fc.Arbitrary<{ maxLength: number; truncation: "keep_start" | "keep_end" | "drop" }>;
  await fc.assert(
    fc.asyncProperty(fc.array(example, { minLength: 1, maxLength: 8 }), options, async (examples, given) => {
      const always = { prompt: "", chosen: "", rejected: "a" };
      const data = await readAll([...examples, { ...always, prompt: "a" }], tokenizer, given);
      if (data.kind !== "preference") throw new Error(data.kind);
      const { read, rows, dropped, tokens, completionTokens: scored } = data.report;
      expect(rows + dropped.noCompletion + dropped.tooLong + dropped.identical).toBe(read);
      let [all, learnt] = [0, 0];
      for (let i = 0; i < data.rows.length; i++) {
        const { prompt, chosen, rejected } = data.rows.at(i)!;
        for (const side of [chosen, rejected]) {
          expect(prompt.length + side.length).toBeLessThanOrEqual(given.maxLength);
          const batch = writeRows([{ prompt, completion: side }], 0, makeSequenceBatch(1, 12));
          expect(completionTokens(batch)).toBeGreaterThan(0);
          learnt += completionTokens(batch);
        }
        all += 2 * prompt.length + chosen.length + rejected.length;
        expect(chosen).not.toEqual(rejected);
      }
      expect(learnt).toBe(scored);
      expect(all).toBe(tokens);
    }),
    { seed: 7, numRuns: 60 },
  );
});
