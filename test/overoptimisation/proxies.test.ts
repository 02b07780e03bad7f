import { beforeAll, describe, expect, test } from "vitest";
import { makeLanguageModel } from "../../src/language/model/languageModel.ts";
import { worldModel } from "../../src/language/worlds/worldModel.ts";
import { sequenceWorld } from "../../src/mdp/sequences/index.ts";
import { goldWorld } from "../../src/overoptimisation/goldWorld.ts";
import { sentenceProbabilities } from "../../src/overoptimisation/listedModel.ts";
import { drawSentences, labelledPairs, trainingProxy } from "../../src/overoptimisation/proxies.ts";
import { finish } from "../../src/pauses.ts";
import { compile, createEngine, type Engine, input } from "../../src/tensor/index.ts";

const world = goldWorld(0);
const base = { reference: world.base, gold: world.gold, seed: 3 };
let engine: Engine;
beforeAll(async () => {
  engine = await createEngine();
});

describe("labels of pairs", () => {
  test("the first of more pairs are those of fewer", () => {
    expect(labelledPairs({ ...base, pairs: 50 }).slice(0, 20)).toEqual(labelledPairs({ ...base, pairs: 20 }));
  });

  test("without noise and with a sharp rater the better one is chosen; flipping turns a share of them round", () => {
    const right = (noise: number) => {
      const pairs = labelledPairs({ ...base, pairs: 4000, noise, sharpness: 1e6 });
      return pairs.filter(({ chosen, rejected }) => world.gold[chosen] >= world.gold[rejected]).length / pairs.length;
    };
    expect(right(0)).toBe(1);
    expect(right(0.25)).toBeGreaterThan(0.75 - 4 * 0.0069);
    expect(right(0.25)).toBeLessThan(0.75 + 4 * 0.0069);
  });

  test("a rater with Bradley-Terry's noise errs where the scores are close", () => {
    const two = { reference: [0.5, 0.5], gold: [0, 1], pairs: 4000, noise: 0, sharpness: 2, seed: 1 };
    const better = labelledPairs(two).filter(({ chosen }) => chosen === 1).length / 4000;
    // Pairs of the same sentence are drawn again, up to a hundred times.
    const expected = 1 / (1 + Math.exp(-2));
    expect(Math.abs(better - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / 4000));
  });

  test("sentences are drawn as often as they are probable", () => {
    const drawn = drawSentences([0.1, 0.6, 0.3], 5000, 9);
    const shares = [0, 1, 2].map((index) => drawn.filter((sentence) => sentence === index).length / 5000);
    expect(shares[0]).toBeCloseTo(0.1, 1);
    expect(shares[1]).toBeCloseTo(0.6, 1);
    expect(Math.max(...drawn)).toBe(2);
  });
});

describe("proxies", () => {
  test("a reward model learns of the gold score what the comparisons say, and is standardised", () => {
    const pairs = labelledPairs({ ...base, pairs: 400, noise: 0 });
    const options = { width: 8, seed: 1, presentations: 3000 };
    const proxy = finish(trainingProxy(engine, world.sequences, world.base, pairs, options));
    const under = (of: (y: number) => number) => world.base.reduce((sum, p, y) => sum + p * of(y), 0);
    expect(under((y) => proxy[y])).toBeCloseTo(0, 8);
    expect(under((y) => proxy[y] ** 2)).toBeCloseTo(1, 8);
    expect(under((y) => proxy[y] * world.gold[y])).toBeGreaterThan(0.3);
  });
});

describe("a model on listed sentences", () => {
  test("of several lengths: the end token makes their probabilities sum to 1 by themselves", () => {
    const sequences = sequenceWorld({ vocabulary: 4, length: 3, endToken: 3 });
    const description = worldModel({ vocabularySize: 4, contextLength: 4, width: 8, layers: 1, heads: 1 });
    const model = makeLanguageModel(engine, description, { seed: 5 });
    const probabilities = sentenceProbabilities(model, sequences, 1)();
    const tokens = input("tokens", [1, 2], "i32");
    const outputs = { first: model.network.tokenLogProbs({ tokens }) };
    const program = compile(engine, { outputs, parameters: [model.block] });
    program.inputInts("tokens").set([1, 3]);
    program.run();
    // The sentence that ends at once.
    expect(sequences.lengths[sequences.count - 1]).toBe(1);
    expect(probabilities[sequences.count - 1]).toBeCloseTo(Math.exp(program.scalar("first")), 5);
  });

  test("its probabilities sum to 1, and a new model finds all nearly alike", () => {
    const description = worldModel({ vocabularySize: 6, contextLength: 6, width: 8, layers: 1, heads: 1 });
    const probabilities = sentenceProbabilities(makeLanguageModel(engine, description, { seed: 0 }), world.sequences)();
    expect(probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    expect(Math.max(...probabilities) * 7776).toBeLessThan(2);
    expect(Math.min(...probabilities) * 7776).toBeGreaterThan(0.5);
  });
});
