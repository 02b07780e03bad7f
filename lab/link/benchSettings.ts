/** What the bench is set to: one or two sides, the seeds they run with, and what is hidden. All of it fits into a link. */
import type { JsonValue } from "ascent-rl";

/** Settings changed while a run goes on: they count from the first iteration that begins at `atStep` or later. */
export interface Change {
  readonly atStep: number;
  readonly options: Readonly<Record<string, JsonValue>>;
}

/** One side: a run but for its seed. */
export interface Variant {
  readonly algorithm: string;
  /** Id of an environment, or the name of a world of text; with `source`, what one's own is called. */
  readonly environment: string;
  /** Of an environment of one's own. */
  readonly environmentOptions?: Readonly<Record<string, JsonValue>>;
  readonly steps: number;
  /** What differs from preset and defaults; null goes back from the preset to the algorithm's own default. */
  readonly options: Readonly<Record<string, JsonValue>>;
  readonly changes?: readonly Change[];
  /** Text of an environment of one's own. */
  readonly source?: string;
}

export interface BenchSettings {
  readonly a: Variant;
  readonly b?: Variant;
  /** 1 to 16, all different. */
  readonly seeds: readonly number[];
  /** Names of controls that are not shown: see `hideable`. */
  readonly hide: readonly string[];
  /** The figure whose chart is drawn; default: the algorithm's learning curve. */
  readonly metric?: string;
  /** Build of the kernels; builds round differently. Default: the best that there is. */
  readonly kernels?: "simd" | "fma";
  /** The chapter that the link stands in. */
  readonly chapter?: string;
}

/** The sides that there are, with their names in links, files and code. */
export function sidesOf({ a, b }: BenchSettings): readonly (readonly ["a" | "b", Variant])[] {
  return b === undefined
    ? [["a", a]]
    : [
        ["a", a],
        ["b", b],
      ];
}

export const MOST_SEEDS = 16;

/** Parts of the bench that a link can hide, beside settings by their names. */
export const hideable: readonly string[] = [
  "algorithm",
  "environment",
  "steps",
  "seeds",
  "settings",
  "all",
  "b",
  "live",
  "speed",
  "agent",
  "metrics",
  "difference",
  "files",
  "saved",
  "copies",
  "own",
];
