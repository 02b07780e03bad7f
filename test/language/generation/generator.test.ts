/** Generation with the cache: against whole forward passes, what it does not depend on, stop tokens, and bad input. */

import { beforeAll, describe, expect, test } from "vitest";
import { makeGenerator } from "../../../src/language/generation/generator.ts";
import { tokenProbabilities } from "../../../src/language/generation/sampling.ts";
import type { LanguageModelDescription } from "../../../src/language/model/description.ts";
import type { LanguageModel } from "../../../src/language/model/languageModel.ts";
import { compile } from "../../../src/tensor/compile.ts";
import { createEngine, type Engine } from "../../../src/tensor/engine.ts";
import { input } from "../../../src/tensor/graph.ts";
import { smallDescriptions } from "../model/smallDescriptions.ts";
import { fullForward, livelyModel, naively } from "./support.ts";

const described = (name: string, contextLength = 24): LanguageModelDescription => ({
  ...smallDescriptions[name],
  contextLength,
});

const PROMPTS = [[3, 1, 4], [1], [5, 9, 2, 6, 5, 3, 5, 8, 9], [7, 9, 3, 2, 3], [3, 1, 4], [2, 7, 1, 8, 2, 8, 1]];

let engine: Engine;
let gpt2: LanguageModel;
let llama: LanguageModel;
beforeAll(async () => {
  engine = await createEngine();
  gpt2 = livelyModel(engine, described("gpt2", 150));
  llama = livelyModel(engine, described("llama", 150));
});

describe("is what whole forward passes give", () => {
  test.each(Object.keys(smallDescriptions).filter((name) => !name.includes("score")))("%s", (name) => {
    const model = livelyModel(engine, described(name));
    const options = { maxNewTokens: 12, temperature: 1.3, topK: 7, stopTokens: [0] };
    const generator = makeGenerator(model, { ...options, rows: 4, promptLength: 9 });
    const got = generator.generate(PROMPTS, { seed: 7, first: 100 });
    PROMPTS.forEach((prompt, i) => {
      const { tokens, logProbs } = naively(model, prompt, options, { seed: 7, index: 100 + i });
      expect([...got[i].tokens]).toEqual(tokens);
      logProbs.forEach((logProb, t) => {
        expect(got[i].logProbs[t]).toBeCloseTo(logProb, 5);
      });
    });
  });

  test.each(["gpt2, LoRA", "llama, LoRA"])("%s with the adapter off is the base", (name) => {
    const model = livelyModel(engine, described(name));
    const options = { maxNewTokens: 10, stopTokens: [] };
    const shape = { rows: 2, promptLength: 9 };
    const off = makeGenerator(model, { ...options, ...shape, adapter: false }).generate(PROMPTS, { seed: 2 });
    const on = makeGenerator(model, { ...options, ...shape }).generate(PROMPTS, { seed: 2 });
    PROMPTS.forEach((prompt, i) => {
      const { tokens } = naively(model, prompt, { ...options, adapter: false }, { seed: 2, index: i });
      expect([...off[i].tokens]).toEqual(tokens);
    });
    expect(on).not.toEqual(off);
  });

  test("long rows, past the engine's blocks of 128", () => {
    for (const model of [gpt2, llama]) {
      const [{ tokens, logProbs }] = makeGenerator(model, {
        ...{ rows: 1, promptLength: 9, maxNewTokens: 140, stopTokens: [] },
      }).generate([PROMPTS[2]], { seed: 1 });
      const sequence = [...PROMPTS[2], ...tokens];
      const logits = fullForward(model, sequence);
      tokens.forEach((token, t) => {
        const start = (PROMPTS[2].length + t - 1) * 11;
        const probabilities = tokenProbabilities(logits.subarray(start, start + 11));
        expect(logProbs[t]).toBeCloseTo(Math.log(probabilities[token]), 4);
      });
    }
  });

  test.each([0.5, 1, 2])("temperature %f: ratios to what training computes are 1", (temperature) => {
    for (const model of [gpt2, llama]) {
      const [prompt] = PROMPTS;
      const maxNewTokens = 30;
      const shape = { rows: 1, promptLength: 3, maxNewTokens, stopTokens: [] };
      const [{ tokens, logProbs }] = makeGenerator(model, { ...shape, temperature }).generate([prompt], { seed: 4 });
      const sequence = [...prompt, ...tokens];
      const batch = { tokens: input("tokens", [1, sequence.length], "i32") };
      const outputs = { logProbs: model.network.tokenLogProbs(batch, { temperature }) };
      const program = compile(engine, { outputs, parameters: [model.block] });
      program.inputInts("tokens").set(sequence);
      program.run();
      const trained = program.output("logProbs").subarray(prompt.length - 1);
      logProbs.forEach((logProb, t) => {
        expect(Math.abs(Math.exp(trained[t] - logProb) - 1)).toBeLessThan(1e-4);
      });
    }
  });
});

describe("a completion depends on its prompt, the seed and its number alone", () => {
  const options = { maxNewTokens: 40, temperature: 1.5, topP: 0.97, stopTokens: [0] };
  const prompts = Array.from({ length: 64 }, (_, i) => PROMPTS[i % 6].concat(i % 11, (3 * i) % 11).slice(i % 2));

  test("not on how many are worked on at a time, nor on the longest prompt", () => {
    for (const model of [gpt2, llama]) {
      const wide = makeGenerator(model, { ...options, rows: 64, promptLength: 11 });
      const expected = wide.generate(prompts, { seed: 5 });
      expect(new Set(expected.map(({ tokens }) => tokens.length)).size).toBeGreaterThan(5);
      for (const [rows, promptLength] of [
        [1, 11],
        [3, 100],
        [17, 40],
      ]) {
        const other = makeGenerator(model, { ...options, rows, promptLength });
        expect(other.generate(prompts, { seed: 5 })).toEqual(expected);
      }
    }
  });

  test("not on the others, nor on their order", () => {
    const generator = makeGenerator(gpt2, { ...options, rows: 16, promptLength: 11 });
    const expected = generator.generate(prompts, { seed: 5 });
    expect(generator.generate(prompts.slice(20, 29), { seed: 5, first: 20 })).toEqual(expected.slice(20, 29));
    // The same number with other company.
    const company = prompts.map((prompt, i) => (i === 33 ? prompt : [10, 9, 8]));
    expect(generator.generate(company, { seed: 5 })[33]).toEqual(expected[33]);
  });

  test("another seed or another number gives others; the same gives the same", () => {
    const generator = makeGenerator(gpt2, { ...options, rows: 4, promptLength: 11 });
    const once = generator.generate(PROMPTS, { seed: 5 });
    expect(generator.generate(PROMPTS, { seed: 5 })).toEqual(once);
    expect(generator.generate(PROMPTS, { seed: 6 })).not.toEqual(once);
    // Equal prompts share their pass through the network, not their random numbers.
    expect(once[0]).not.toEqual(once[4]);
  });

  test("not on whether there is WebAssembly: plain JavaScript gives the bits of the plain build", async () => {
    const [simd, javascript] = await Promise.all(
      (["simd", "javascript"] as const).map(async (build) => {
        const model = livelyModel(await createEngine({ build }), described("llama, LoRA"));
        const shape = { rows: 4, promptLength: 9, maxNewTokens: 12, stopTokens: [] };
        return makeGenerator(model, { ...shape, temperature: 1.5 }).generate(PROMPTS, { seed: 5 });
      }),
    );
    expect(javascript).toEqual(simd);
  });

  test("weights are those of the call", () => {
    const model = livelyModel(engine, described("llama"), 3);
    const generator = makeGenerator(model, { maxNewTokens: 8, rows: 2, promptLength: 3, stopTokens: [] });
    const before = generator.generate([[1, 2, 3]], { seed: 1 });
    const other = livelyModel(engine, described("llama"), 4);
    model.block.flat().set(other.block.flat());
    const after = generator.generate([[1, 2, 3]], { seed: 1 });
    expect(after).not.toEqual(before);
    const fresh = makeGenerator(other, { maxNewTokens: 8, rows: 2, promptLength: 3, stopTokens: [] });
    expect(after).toEqual(fresh.generate([[1, 2, 3]], { seed: 1 }));
  });
});

describe("samples come as often as the model says", () => {
  test("first and second token, by χ²", () => {
    const generator = makeGenerator(gpt2, { maxNewTokens: 2, rows: 64, promptLength: 3, stopTokens: [] });
    const prompt = [4, 4, 2];
    const count = 3000;
    const got = generator.generate(
      Array.from({ length: count }, () => prompt),
      { seed: 11 },
    );
    const first = tokenProbabilities(fullForward(gpt2, prompt).slice(-11));
    const expected = new Float64Array(121);
    for (let a = 0; a < 11; a++) {
      const second = tokenProbabilities(fullForward(gpt2, [...prompt, a]).slice(-11));
      for (let b = 0; b < 11; b++) expected[11 * a + b] = count * first[a] * second[b];
    }
    const seen = new Float64Array(121);
    for (const { tokens } of got) seen[11 * tokens[0] + tokens[1]]++;
    // Rare pairs are counted together.
    let [square, cells, rare, rareSeen] = [0, 0, 0, 0];
    expected.forEach((n, i) => {
      if (n < 5) [rare, rareSeen] = [rare + n, rareSeen + seen[i]];
      else [square, cells] = [square + (seen[i] - n) ** 2 / n, cells + 1];
    });
    if (rare > 0) square += (rareSeen - rare) ** 2 / rare;
    expect(cells).toBeGreaterThan(10);
    expect(square).toBeLessThan(cells + 5 * Math.sqrt(2 * cells));
  });
});

describe("where completions end", () => {
  const shape = { rows: 8, promptLength: 3 };

  test("behind any of several stop tokens, which stay; otherwise at their length", () => {
    const stopTokens = [2, 5, 8];
    const generator = makeGenerator(llama, { ...shape, maxNewTokens: 6, stopTokens });
    const all = generator.generate(
      Array.from({ length: 40 }, (_, i) => [i % 11]),
      { seed: 3 },
    );
    const ends = new Set<number>();
    for (const { tokens, logProbs, stopped } of all) {
      expect(logProbs.length).toBe(tokens.length);
      const at = tokens.findIndex((token) => stopTokens.includes(token));
      expect(stopped).toBe(at >= 0);
      expect(at < 0 ? 6 : at + 1).toBe(tokens.length);
      if (stopped) ends.add(tokens[at]);
    }
    expect(ends.size).toBe(3);
    expect(all.some(({ stopped }) => !stopped)).toBe(true);
  });

  test("by default behind the end-of-sequence tokens of the description", () => {
    const model = livelyModel(engine, { ...described("llama"), specialTokens: { eos: [4, 6] } });
    const given = makeGenerator(model, { ...shape, maxNewTokens: 12, stopTokens: [4, 6] });
    const byDefault = makeGenerator(model, { ...shape, maxNewTokens: 12 });
    expect(byDefault.generate(PROMPTS.slice(0, 2), { seed: 1 })).toEqual(
      given.generate(PROMPTS.slice(0, 2), { seed: 1 }),
    );
  });

  test("one token, or none to go on from", () => {
    const one = makeGenerator(llama, { ...shape, maxNewTokens: 1, stopTokens: [] });
    for (const { tokens } of one.generate(PROMPTS.slice(0, 2), { seed: 1 })) expect(tokens.length).toBe(1);
    const everything = Array.from({ length: 11 }, (_, i) => i);
    const at = makeGenerator(llama, { ...shape, maxNewTokens: 5, stopTokens: everything });
    for (const { tokens, stopped } of at.generate([[1], [2]], { seed: 1 })) {
      expect([tokens.length, stopped]).toEqual([1, true]);
    }
    expect(one.generate([], { seed: 1 })).toEqual([]);
  });

  test("prompt and completion may fill the context to the last token", () => {
    const model = livelyModel(engine, described("gpt2", 8));
    const generator = makeGenerator(model, { rows: 2, promptLength: 5, maxNewTokens: 3, stopTokens: [] });
    const prompt = [1, 2, 3, 4, 5];
    const [{ tokens }] = generator.generate([prompt], { seed: 1 });
    expect([...tokens]).toEqual(naively(model, prompt, { maxNewTokens: 3 }, { seed: 1, index: 0 }).tokens);
  });
});

describe("what cannot be", () => {
  const shape = { rows: 2, promptLength: 4, maxNewTokens: 4 };

  test.each([
    [{ ...shape, promptLength: 150 }, /longer than the model's context.*154 tokens.*at most 150/],
    [{ ...shape, rows: 0 }, /rows/],
    [{ ...shape, maxNewTokens: 0 }, /maxNewTokens/],
    [{ ...shape, temperature: 0 }, /temperature.*greedy: true/],
    [{ ...shape, stopTokens: [11] }, /stopTokens is no token of the model: got 11, expected .* 0 to 10/],
    [{ ...shape, topk: 3 }, /no option "topk"/],
  ])("options %o", (options, message) => {
    expect(() => makeGenerator(gpt2, options)).toThrow(message);
  });

  test("a reward model", () => {
    const model = livelyModel(engine, described("gpt2, score"));
    expect(() => makeGenerator(model, shape)).toThrow(/head "score"/);
  });

  test.each([
    [[[1], []], /prompt 1 is empty/],
    [[[1, 2, 3, 4, 5]], /prompt 0 is too long: got 5 tokens, expected at most promptLength, 4.*promptLength: 5/],
    [[new Array<number>(149).fill(1)], /context of 150 leaves 146/],
    [[[1, 11]], /prompt 0, token 1 is no token of the model: got 11/],
    [[[1, 0.5]], /got 0\.5/],
    [[[1], "text" as unknown as number[]], /list of lists of token ids/],
  ])("prompts, case %#", (prompts, message) => {
    const generator = makeGenerator(gpt2, shape);
    expect(() => generator.generate(prompts, { seed: 0 })).toThrow(message);
    // Nothing is left behind.
    expect(generator.generate([[1]], { seed: 0 }).length).toBe(1);
  });

  test("numbers that are not finite", () => {
    const model = livelyModel(engine, described("gpt2"), 5);
    const generator = makeGenerator(model, shape);
    model.block.flat()[0] = NaN;
    expect(() => generator.generate([[0], [1]], { seed: 0 })).toThrow(
      expect.objectContaining({ name: "AscentError", code: "non-finite" }),
    );
  });

  test("a second call in the midst of the first", () => {
    const generator = makeGenerator(gpt2, { ...shape, maxNewTokens: 100 });
    const work = generator.generating(PROMPTS.slice(0, 2), { seed: 0 });
    // Compiling and running make it stop at some time; where not, there is nothing to disturb.
    if (work.next().done !== true) {
      expect(() => generator.generate([[1]], { seed: 0 })).toThrow(/at work on another call/);
      work.return([]);
    }
    expect(generator.generate([[1]], { seed: 0 }).length).toBe(1);
  });
});
