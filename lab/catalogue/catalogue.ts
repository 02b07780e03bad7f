/**
 * What can be chosen in the page, as plain data: algorithms with their settings, environments, figures. It is made when the page
 * is built (describe.ts), so that controls need neither the schemas nor the engine. Types alone.
 */
import type { JsonValue } from "ascent-rl";

/** What a control of a setting is. */
export type OptionKind =
  /** A whole number. */
  | "integer"
  | "number"
  | "boolean"
  /** One of `choices`. */
  | "choice"
  /** A number, or how it changes: "linear:FROM:TO", … */
  | "schedule"
  /** Whole numbers. */
  | "list"
  /** A number > 0, or "none". */
  | "limit"
  /** Anything else, as JSON. */
  | "other";

export interface OptionFacts {
  readonly name: string;
  readonly kind: OptionKind;
  /** As a part of a sentence: "a whole number ≥ 1". */
  readonly expected: string;
  readonly description: string;
  /** Heading it stands under. */
  readonly group: string;
  /** Whether it is among those shown first. */
  readonly isCommon: boolean;
  /** Whether a run can change it between two iterations. */
  readonly isChangeable: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
  readonly choices?: readonly string[];
  /** The algorithm's own; absent where it is unset. */
  readonly default?: JsonValue;
}

export interface PresetFacts {
  readonly steps: number;
  readonly options: Readonly<Record<string, JsonValue>>;
}

export interface AlgorithmFacts {
  readonly name: string;
  readonly summary: string;
  readonly trains: "policy" | "language model";
  /** What steps count. */
  readonly unit: string;
  /** Steps of a run without a preset. */
  readonly steps: number;
  /** Figures of its learning curve, the first first. */
  readonly curves: readonly { readonly figure: string; readonly label: string }[];
  readonly options: readonly OptionFacts[];
  readonly presets: Readonly<Record<string, PresetFacts>>;
  /** Ids of the environments it can learn from. */
  readonly environments: readonly string[];
}

export interface EnvironmentFacts {
  readonly id: string;
  readonly summary: string;
  readonly kind: "environment" | "world of text";
  /** In words, such as "Box(4)". */
  readonly observation: string;
  readonly action: string;
  readonly maxEpisodeSteps?: number;
  /** Mean return from which it counts as solved. */
  readonly rewardThreshold?: number;
}

export interface MetricFacts {
  readonly name: string;
  /** From docs/metrics.md, plain text. */
  readonly definition: string;
  /** Heading it stands under there. */
  readonly group: string;
}

export interface Catalogue {
  /** Version of the library. */
  readonly release: string;
  readonly algorithms: readonly AlgorithmFacts[];
  readonly environments: readonly EnvironmentFacts[];
  readonly metrics: readonly MetricFacts[];
}

/** The algorithm of this name, where there is one. */
export function algorithmOf({ algorithms }: Catalogue, name: string): AlgorithmFacts | undefined {
  return algorithms.find((algorithm) => algorithm.name === name);
}

/** Length and settings of a run that says nothing itself. */
export function presetOf(algorithm: AlgorithmFacts, environment: string): PresetFacts {
  return Object.hasOwn(algorithm.presets, environment)
    ? algorithm.presets[environment]
    : { steps: algorithm.steps, options: {} };
}

/** What a setting is where nothing is said: the preset's, then the algorithm's own. */
export function startingValue(
  algorithm: AlgorithmFacts,
  environment: string,
  { name, default: own }: OptionFacts,
): JsonValue | undefined {
  const { options } = presetOf(algorithm, environment);
  return Object.hasOwn(options, name) ? options[name] : own;
}
