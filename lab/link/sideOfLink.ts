/** One side of the bench out of a link: its algorithm, environment, length, settings and changes. */
import { didYouMean, type JsonValue } from "ascent-rl";
import {
  type AlgorithmFacts,
  algorithmOf,
  type Catalogue,
  type OptionFacts,
  presetOf,
} from "../catalogue/catalogue.ts";
import { expectedInstead } from "../catalogue/checkValue.ts";
import { valueOfText } from "../catalogue/valueText.ts";
import type { Change, Variant } from "./benchSettings.ts";
import type { LinkReader } from "./linkReader.ts";
import { shown } from "./problem.ts";

const MOST_STEPS = 1e9;

/** @param first the other side, for B: what B does not say is A's. */
export function readSide(reader: LinkReader, catalogue: Catalogue, side: "a" | "b", first?: Variant): Variant {
  const algorithm = readAlgorithm(reader, catalogue, side, first?.algorithm ?? "ppo");
  const source = reader.take(`${side}.source`);
  const environment = readEnvironment(reader, catalogue, side, { algorithm, source, first });
  const preset = presetOf(algorithm, environment).steps;
  const steps = readSteps(reader, side, first !== undefined && reader.had("steps") ? first.steps : preset);
  const environmentOptions = readEnvironmentOptions(reader, side);
  const changes = readChanges(reader, side, algorithm);
  const options: Record<string, JsonValue> = {};
  for (const [name, text] of reader.takeAll(`${side}.`)) {
    const value = readValue(reader, `${side}.${name}`, algorithm, name, text);
    if (value !== undefined) options[name] = value;
  }
  return {
    algorithm: algorithm.name,
    environment,
    ...(environmentOptions !== undefined && { environmentOptions }),
    steps,
    options,
    ...(changes.length > 0 && { changes }),
    ...(source !== undefined && { source }),
  };
}

function readAlgorithm(reader: LinkReader, catalogue: Catalogue, side: string, fallback: string): AlgorithmFacts {
  const name = reader.take(side) ?? fallback;
  const known = algorithmOf(catalogue, name);
  if (known !== undefined) return known;
  const names = catalogue.algorithms.map((algorithm) => algorithm.name);
  reader.refuse({
    what: `${side} in the link is no algorithm`,
    got: shown(name),
    expected: `one of ${names.join(", ")}`,
    fix: `${didYouMean(name, names)}${fallback} is taken.`,
  });
  return algorithmOf(catalogue, fallback)!;
}

interface SideSoFar {
  algorithm: AlgorithmFacts;
  source: string | undefined;
  first: Variant | undefined;
}

function readEnvironment(
  reader: LinkReader,
  catalogue: Catalogue,
  side: string,
  { algorithm, source, first }: SideSoFar,
) {
  const key = side === "a" ? "env" : "b.env";
  const said = reader.take(key);
  if (source !== undefined) return said ?? first?.environment ?? "own";
  const fallback = [first?.environment, ...algorithm.environments].find(
    (id) => id !== undefined && algorithm.environments.includes(id),
  )!;
  const name = said ?? first?.environment ?? fallback;
  if (algorithm.environments.includes(name)) return name;
  const isKnown = catalogue.environments.some(({ id }) => id === name);
  reader.refuse({
    what: isKnown ? `${algorithm.name} does not learn from ${name}` : `${key} in the link is no environment`,
    got: shown(name),
    expected: `one of ${algorithm.environments.join(", ")}`,
    fix: `${didYouMean(name, algorithm.environments)}${fallback} is taken.`,
  });
  return fallback;
}

function readSteps(reader: LinkReader, side: string, fallback: number): number {
  const key = side === "a" ? "steps" : "b.steps";
  const text = reader.take(key);
  if (text === undefined) return fallback;
  const steps = valueOfText({ kind: "integer" }, text);
  if (typeof steps === "number" && Number.isInteger(steps) && steps >= 1 && steps <= MOST_STEPS) return steps;
  reader.refuse({
    what: `${key} in the link is no length of a run`,
    got: shown(text),
    expected: `a whole number from 1 to ${MOST_STEPS}`,
    fix: `${fallback} is taken.`,
  });
  return fallback;
}

function readEnvironmentOptions(reader: LinkReader, side: string): Record<string, JsonValue> | undefined {
  const entries: [string, JsonValue][] = [];
  for (const [name, text] of reader.takeAll(`${side}.env.`)) {
    const value = name === "maxEpisodeSteps" ? valueOfText({ kind: "integer" }, text) : undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= 1) {
      entries.push([name, value]);
      continue;
    }
    reader.refuse({
      what: `${side}.env.${name} in the link is no option of an environment`,
      got: shown(text),
      expected: `${side}.env.maxEpisodeSteps and a whole number ≥ 1`,
      fix: "It is passed over.",
    });
  }
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Those of one step together, in the order of their steps. */
function readChanges(reader: LinkReader, side: string, algorithm: AlgorithmFacts): Change[] {
  const bySteps = new Map<number, Record<string, JsonValue>>();
  for (const [rest, text] of reader.takeAll(`${side}.at`, /^\d/)) {
    const [, steps, name] = /^(\d{1,12})\.(.+)$/.exec(rest) ?? [];
    const key = `${side}.at${rest}`;
    if (steps === undefined) {
      reader.refuse({
        what: `${shown(key)} in the link is no change of a setting`,
        got: shown(text),
        expected: `such as ${side}.at20000.learningRate=0.0001`,
        fix: "It is passed over.",
      });
      continue;
    }
    const value = readValue(reader, key, algorithm, name, text, true);
    if (value === undefined) continue;
    const atStep = Number(steps);
    bySteps.set(atStep, { ...bySteps.get(atStep), [name]: value });
  }
  return [...bySteps].sort(([a], [b]) => a - b).map(([atStep, options]) => ({ atStep, options }));
}

function readValue(
  reader: LinkReader,
  key: string,
  algorithm: AlgorithmFacts,
  name: string,
  text: string,
  whileRunning = false,
): JsonValue | undefined {
  const option = algorithm.options.find((one) => one.name === name);
  const usable = algorithm.options.filter(({ isChangeable }) => isChangeable || !whileRunning);
  if (option === undefined || !usable.includes(option)) {
    const names = usable.map((one) => one.name);
    reader.refuse({
      what:
        option === undefined
          ? `${algorithm.name} has no setting "${name}" (${key} in the link)`
          : `${name} cannot change while a run goes on (${key} in the link)`,
      got: shown(text),
      ...(whileRunning && { expected: `one of ${names.join(", ")}` }),
      fix: `${option === undefined ? didYouMean(name, names) : ""}It is passed over.`,
    });
    return undefined;
  }
  const value = valueOfText(option, text);
  const expected = value === undefined ? option.expected : expectedInstead(option, value);
  if (expected === undefined) return value;
  refuseValue(reader, key, option, text, expected);
  return undefined;
}

function refuseValue(
  reader: LinkReader,
  key: string,
  { choices = [] }: OptionFacts,
  text: string,
  expected: string,
): void {
  reader.refuse({
    what: `${key} in the link has a wrong value`,
    got: shown(text),
    expected,
    fix: `${didYouMean(text, choices)}The preset's or the default is taken.`,
  });
}
