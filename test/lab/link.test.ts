import { readFileSync } from "node:fs";
import type { JsonValue } from "ascent-rl";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { algorithmOf, type OptionFacts } from "../../lab/catalogue/catalogue.ts";
import { describeCatalogue } from "../../lab/catalogue/describe.ts";
import { type BenchSettings, hideable, type Variant } from "../../lab/link/benchSettings.ts";
import { linkOf } from "../../lab/link/linkOf.ts";
import { parseLink, startingSettings } from "../../lab/link/parseLink.ts";
import { seedsOfText, textOfSeeds } from "../../lab/link/seedText.ts";

const catalogue = describeCatalogue({ release: "1.2.3", metrics: readFileSync("docs/metrics.md", "utf8") });
const parsed = (query: string) => parseLink(`#bench?${query}`, catalogue);

const rate = fc.double({ min: 0, max: 10, noNaN: true }).map((x) => x + 0);
function valueFor(option: OptionFacts): fc.Arbitrary<JsonValue> {
  const { kind, min = -5, max = 1000, above = min, below = max, choices = [] } = option;
  switch (kind) {
    case "integer":
      return fc.integer({ min, max: Math.max(min, max) });
    case "number":
      return fc
        .double({
          min: Math.max(min, above),
          max: Math.min(max, below),
          noNaN: true,
          minExcluded: true,
          maxExcluded: true,
        })
        .map((x) => x + 0);
    case "boolean":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...choices);
    case "limit":
      return fc.oneof(fc.constant("none"), fc.double({ min: 1e-9, max: 1e9, noNaN: true }));
    case "list":
      return fc.array(fc.integer({ min, max: 512 }), { maxLength: 4 });
    case "schedule":
      return fc.oneof(
        rate,
        fc.record({ kind: fc.constantFrom("linear", "cosine"), from: rate }),
        fc.record({ kind: fc.constantFrom("linear", "cosine"), from: rate, to: rate }),
        fc.record({
          kind: fc.constant("steps"),
          from: rate,
          milestones: fc.array(fc.tuple(rate, rate), { maxLength: 2 }),
        }),
      );
    case "other":
      return fc.constantFrom<JsonValue>("auto", "sigmoid:0.8+sft", [-1, 2.5], [{ filters: 8, kernel: [3, 3] }]);
  }
}

function optionsFrom(options: readonly OptionFacts[], least = 0): fc.Arbitrary<Record<string, JsonValue>> {
  return (
    fc
      .uniqueArray(fc.constantFrom(...options), { minLength: least, maxLength: 4, selector: ({ name }) => name })
      .chain((some) =>
        fc.record(
          Object.fromEntries(
            some.map((one) => [one.name, fc.oneof({ weight: 9, arbitrary: valueFor(one) }, fc.constant(null))]),
          ),
        ),
      )
      // fast-check's records have no prototype; those of settings do.
      .map((options) => ({ ...options }))
  );
}

const variants: fc.Arbitrary<Variant> = fc.constantFrom(...catalogue.algorithms).chain((algorithm) => {
  const changeable = algorithm.options.filter(({ isChangeable }) => isChangeable);
  const changes = () =>
    fc
      .uniqueArray(fc.record({ atStep: fc.integer({ min: 0, max: 1e6 }), options: optionsFrom(changeable, 1) }), {
        maxLength: 3,
        minLength: 1,
        selector: ({ atStep }) => atStep,
      })
      .map((list) => [...list].sort((a, b) => a.atStep - b.atStep));
  return fc.record({
    algorithm: fc.constant(algorithm.name),
    environment: fc.constantFrom(...algorithm.environments),
    steps: fc.integer({ min: 1, max: 1e7 }),
    options: optionsFrom(algorithm.options),
    changes: changeable.length === 0 ? fc.constant(undefined) : fc.option(changes(), { nil: undefined }),
    source: fc.option(fc.string({ minLength: 1, maxLength: 300, unit: "grapheme" }), { nil: undefined, freq: 5 }),
    environmentOptions: fc.option(
      fc.record({ maxEpisodeSteps: fc.integer({ min: 1, max: 999 }) }).map((one) => ({ ...one })),
      {
        nil: undefined,
        freq: 5,
      },
    ),
  });
});

const settings: fc.Arbitrary<BenchSettings> = fc.record({
  a: variants,
  b: fc.option(variants, { nil: undefined }),
  seeds: fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 16 }),
  hide: fc.uniqueArray(fc.constantFrom(...hideable, "gamma", "learningRate"), { maxLength: 3 }),
  metric: fc.option(fc.constantFrom(...catalogue.metrics.map(({ name }) => name)), { nil: undefined }),
  kernels: fc.option(fc.constantFrom("simd" as const, "fma" as const), { nil: undefined }),
  chapter: fc.option(fc.constantFrom("08-ppo", "03-variance"), { nil: undefined }),
});

describe("a link", () => {
  test("holds everything: what is written is read again as it was, without problems", () => {
    const known = fc.boolean().map((isKnown) => (isKnown ? catalogue : undefined));
    fc.assert(
      fc.property(settings, known, (some, by) => {
        const { settings: again, problems } = parseLink(linkOf(some, by), catalogue);
        expect(problems).toEqual([]);
        expect(again).toEqual(JSON.parse(JSON.stringify(some)));
        expect(linkOf(again, by)).toBe(linkOf(some, by));
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  test("is read by people: flat keys, defaults left out", () => {
    const side = { algorithm: "ppo", environment: "CartPole-v1", steps: 100_000 };
    const link = linkOf(
      {
        a: { ...side, options: { gaeLambda: 1 }, changes: [{ atStep: 20_000, options: { learningRate: 1e-4 } }] },
        b: { ...side, options: {} },
        seeds: [0, 1, 2, 3, 4, 5, 6, 7],
        hide: ["own"],
      },
      catalogue,
    );
    expect(link).toBe(
      "#bench?v=1&release=1.2.3&env=CartPole-v1&a=ppo&a.gaeLambda=1&a.at20000.learningRate=0.0001&b=ppo&seeds=0-7&hide=own",
    );
  });

  test("without keys is the start", () => {
    for (const hash of ["", "#", "#bench", "#bench?"]) {
      expect(parseLink(hash, catalogue)).toEqual({ settings: startingSettings(catalogue), problems: [] });
    }
    expect(parseLink(linkOf(startingSettings(catalogue)), catalogue).problems).toEqual([]);
  });

  test("b takes over what it does not say; settings are its own", () => {
    const { settings, problems } = parsed("env=Acrobot-v1&steps=4096&a=ppo&a.gamma=0.9&b=a2c&b.steps=2048");
    expect(problems).toEqual([]);
    expect(settings.a).toEqual({ algorithm: "ppo", environment: "Acrobot-v1", steps: 4096, options: { gamma: 0.9 } });
    expect(settings.b).toEqual({ algorithm: "a2c", environment: "Acrobot-v1", steps: 2048, options: {} });
    expect(parsed("steps=4096&a=ppo&b=a2c").settings.b!.steps).toBe(4096);
    const preset = algorithmOf(catalogue, "a2c")!.presets["Acrobot-v1"].steps;
    expect(parsed("env=Acrobot-v1&a=ppo&b=a2c").settings.b!.steps).toBe(preset);
  });

  test.each([
    ["a=pppo", /a in the link is no algorithm: got "pppo", expected one of .*Did you mean "ppo"\? ppo is taken\./],
    ["env=CartPole", /env in the link is no environment: got "CartPole".*Did you mean "CartPole-v1"\?/],
    ["a=sft&env=CartPole-v1", /sft does not learn from CartPole-v1/],
    ["a.gama=0.9", /ppo has no setting "gama" \(a\.gama in the link\): got "0\.9"\. Did you mean "gamma"\?/],
    ["a.gamma=2", /a\.gamma in the link has a wrong value: got "2", expected a number from 0 to 1\./],
    ["a.gamma=high", /expected a number from 0 to 1/],
    ["a.activation=tahn", /Did you mean "tanh"\?/],
    ["a.at2000.hidden=32", /hidden cannot change while a run goes on .*expected one of .*learningRate/],
    ["a.at2000=0.9", /is no change of a setting/],
    ["steps=-1", /steps in the link is no length of a run: got "-1"/],
    ["steps=1e12", /no length of a run/],
    ["seeds=", /seeds in the link are none/],
    ["seeds=0-16", /1 to 16 different whole numbers/],
    ["seeds=1,1", /seeds in the link are none/],
    ["hide=sedes", /hide in the link names nothing.*Did you mean "seeds"\?/],
    ["metric=episodereturn", /Did you mean "episodeReturn"\?/],
    ["kernels=fast", /kernels in the link are none/],
    ["v=2", /newer form than this page reads: got v=2, expected v=1/],
    ["v=one", /version is none/],
    ["release=0.0.1", /made with another release of the library: got "0\.0\.1", expected 1\.2\.3/],
    ["colour=red", /The link says "colour", which means nothing here: got "colour=red"\. /],
    ["sedes=3", /Did you mean "seeds"\?/],
    ["a=ppo&a=a2c", /The link says "a" twice: got "a2c"/],
    [`a.hidden=${"9".repeat(500)}`, /"a\.hidden" in the link is too long: got 500 characters, expected at most 400/],
    [`a.${"x".repeat(99)}=1`, /is too long: got a name of 101 characters/],
    ["a.env.wind=3", /a\.env\.wind in the link is no option of an environment/],
  ])("%s is said in words, and the rest is applied", (query, message) => {
    const { settings, problems } = parsed(`${query}&a.batchSize=3`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
    expect(settings.a.options).toEqual({ batchSize: 3 });
  });

  test("what is far too long is refused as a whole", () => {
    const { settings, problems } = parsed(`a=trpo&x=${"y".repeat(20_000)}`);
    expect(problems.join()).toMatch(/The link is too long: got 20\d+ characters, expected at most 16000/);
    expect(settings).toEqual(startingSettings(catalogue));
  });

  test("any text at all is read without a throw, and what comes of it is a link again", () => {
    const keys = fc.constantFrom(
      "v",
      "a",
      "b",
      "env",
      "steps",
      "seeds",
      "hide",
      "a.gamma",
      "a.at1.x",
      "b.env",
      "__proto__",
      "a.constructor",
    );
    const pairs = fc.array(fc.tuple(fc.oneof(keys, fc.string()), fc.string()), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          pairs.map((list) => `#bench?${list.map((pair) => pair.join("=")).join("&")}`),
        ),
        (hash) => {
          const { settings } = parseLink(hash, catalogue);
          expect(parseLink(linkOf(settings), catalogue)).toEqual({ settings, problems: [] });
          expect(algorithmOf(catalogue, settings.a.algorithm)).toBeDefined();
        },
      ),
      { seed: 5, numRuns: 500 },
    );
  });

  test("no setting is called like a key of its own", () => {
    const names = catalogue.algorithms.flatMap(({ options }) => options.map(({ name }) => name));
    expect(names.filter((name) => /^(env|steps|source|at\d.*|env\..*)$/.test(name))).toEqual([]);
  });
});

test.each([
  [[0, 1, 2, 3], "0-3"],
  [[0, 1], "0,1"],
  [[3, 7, 8, 9, 2], "3,7-9,2"],
])("seeds %j are %s", (seeds, text) => {
  expect(textOfSeeds(seeds)).toBe(text);
  expect(seedsOfText(text, 16)).toEqual(seeds);
});
