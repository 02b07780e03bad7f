/** What a side is set to, and how two sides differ. Pure. */
import type { JsonValue } from "ascent-rl";
import { algorithmOf, type Catalogue, type OptionFacts, presetOf, startingValue } from "../catalogue/catalogue.ts";
import { textOfValue } from "../catalogue/valueText.ts";
import type { Variant } from "../link/benchSettings.ts";

/** Where a value comes from. */
export type Origin = "you" | "preset" | "default";

export interface Effective {
  /** Undefined where it is unset. */
  readonly value: JsonValue | undefined;
  readonly origin: Origin;
}

/** The value that a run begins with. */
export function effectiveValue(catalogue: Catalogue, side: Variant, option: OptionFacts): Effective {
  if (Object.hasOwn(side.options, option.name)) {
    const own = side.options[option.name];
    return { value: own === null ? option.default : own, origin: "you" };
  }
  const algorithm = algorithmOf(catalogue, side.algorithm)!;
  const isPreset = Object.hasOwn(presetOf(algorithm, side.environment).options, option.name);
  return { value: startingValue(algorithm, side.environment, option), origin: isPreset ? "preset" : "default" };
}

/** As a field shows it; unset is empty. */
export function shownValue(value: JsonValue | undefined): string {
  return value === undefined || value === null ? "" : textOfValue(value);
}

/**
 * The side with a setting at this value. What the preset or the default says anyway is not kept, so that links stay short.
 *
 * @param value undefined or null: unset, the algorithm's own default.
 */
export function withOption(
  catalogue: Catalogue,
  side: Variant,
  option: OptionFacts,
  value: JsonValue | undefined,
): Variant {
  const { [option.name]: _, ...rest } = side.options;
  const without: Variant = { ...side, options: rest };
  const wanted = shownValue(value ?? option.default);
  if (shownValue(effectiveValue(catalogue, without, option).value) === wanted) return without;
  return { ...side, options: { ...rest, [option.name]: value ?? null } };
}

/** The side with another algorithm or environment: settings that the new one does not have are dropped, the length is its preset's. */
export function withAlgorithm(catalogue: Catalogue, side: Variant, name: string): Variant {
  const algorithm = algorithmOf(catalogue, name)!;
  const fits =
    side.source !== undefined ? algorithm.trains === "policy" : algorithm.environments.includes(side.environment);
  const { source, environmentOptions, changes, ...rest } = side;
  const environment = fits ? side.environment : algorithm.environments[0];
  const names = new Set(algorithm.options.map((option) => option.name));
  const options = Object.fromEntries(Object.entries(side.options).filter(([option]) => names.has(option)));
  const bare: Variant = {
    ...rest,
    algorithm: name,
    environment,
    options,
    steps: presetOf(algorithm, environment).steps,
  };
  return fits && source !== undefined
    ? { ...bare, source, steps: side.steps, ...(environmentOptions && { environmentOptions }) }
    : bare;
}

export function withEnvironment(catalogue: Catalogue, side: Variant, environment: string): Variant {
  const { source: _, environmentOptions: __, changes: ___, ...rest } = side;
  const { steps } = presetOf(algorithmOf(catalogue, side.algorithm)!, environment);
  return { ...rest, environment, steps };
}

/** Back to the preset, or where there is none to the defaults; the environment stays. */
export function backToPreset(catalogue: Catalogue, side: Variant): Variant {
  const { changes: _, ...rest } = side;
  const { steps } = presetOf(algorithmOf(catalogue, side.algorithm)!, side.environment);
  return { ...rest, steps, options: {} };
}

export interface Difference {
  readonly name: string;
  readonly a: string;
  readonly b: string;
}

/** What B has otherwise than A, in the order of the settings; "–" for a setting that a side does not have. */
export function differencesOf(catalogue: Catalogue, a: Variant, b: Variant): Difference[] {
  const plain: [string, string, string][] = [
    ["algorithm", a.algorithm, b.algorithm],
    ["environment", a.environment, b.environment],
    ["steps", grouped(a.steps), grouped(b.steps)],
    ["own environment", a.source ?? "", b.source ?? ""],
    ["changes while running", changesText(a), changesText(b)],
  ];
  const [ofA, ofB] = [a, b].map((side) => algorithmOf(catalogue, side.algorithm)!.options);
  const names = [...new Set([...ofA, ...ofB].map(({ name }) => name))];
  const settings = names.map((name): [string, string, string] => {
    const [inA, inB] = [ofA, ofB].map((options) => options.find((option) => option.name === name));
    const text = (side: Variant, option: OptionFacts | undefined) =>
      option === undefined ? "–" : shownValue(effectiveValue(catalogue, side, option).value) || "unset";
    return [name, text(a, inA), text(b, inB)];
  });
  const differing = [...plain, ...settings].filter(([, one, other]) => one !== other);
  return differing.map(([name, one, other]) =>
    name === "own environment"
      ? { name, a: one && "its own text", b: other && "another text" }
      : { name, a: one, b: other },
  );
}

/** "at 20,000: learningRate = 0.0001" */
export function changesText({ changes = [] }: Variant): string {
  return changes
    .map(({ atStep, options }) => {
      const settings = Object.entries(options).map(([name, value]) => `${name} = ${textOfValue(value)}`);
      return `at ${grouped(atStep)}: ${settings.join(", ")}`;
    })
    .join("; ");
}

/** 100,000 */
export function grouped(count: number): string {
  return count.toLocaleString("en");
}

/** "ppo on CartPole-v1, 100,000 steps" */
export function describeSide(side: Variant): string {
  return `${side.algorithm} on ${side.environment}, ${grouped(side.steps)} steps`;
}
