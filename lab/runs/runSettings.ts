/** What a run is started with: all that its bits depend on. */
import type { JsonValue } from "ascent-rl";

/** Settings that hold from the first iteration on that begins at `atStep` or behind it; null is the algorithm's own default. */
export interface SettingChange {
  readonly atStep: number;
  readonly options: Readonly<Record<string, JsonValue>>;
}

/** A run but for its seed. */
export interface VariantSettings {
  readonly algorithm: string;
  /** Id of an environment; of an algorithm for language models, a world's name; with `source`, what one's own is called. */
  readonly environment: string;
  /** Of an environment of one's own. */
  readonly environmentOptions?: Readonly<Record<string, JsonValue>>;
  readonly steps: number;
  /** What differs from preset and defaults; null goes back to the algorithm's own default. */
  readonly options: Readonly<Record<string, JsonValue>>;
  readonly changes?: readonly SettingChange[];
  /** Text of an environment of one's own. */
  readonly source?: string;
  /** Builds round differently. Default: the best that runs here. */
  readonly kernels?: "simd" | "fma";
}

export interface RunSettings extends VariantSettings {
  readonly seed: number;
}

/** Options as the library takes them: null, which a link can hold, is undefined there. */
export function givenOptions(options: Readonly<Record<string, JsonValue>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, value ?? undefined]));
}

/**
 * What must be the same for a saved state to be gone on with: all but how far to go, and changes, which the learner's own state
 * counts.
 */
export function identityOf(settings: RunSettings): string {
  const { steps: _, changes: __, kernels: ___, ...rest } = settings;
  return JSON.stringify(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)));
}
