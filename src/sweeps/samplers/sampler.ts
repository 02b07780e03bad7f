/** Which settings a trial tries: samplers by name. Each is a function of the seed, the trial's number and the trials known to it. */
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import type { Settings, Space } from "../space.ts";
import type { Trial } from "../trial.ts";
import { gridSettings, gridSize, pointsOf } from "./grid.ts";
import { randomSettings } from "./random.ts";
import { SOBOL_DIMENSIONS, sobolSettings } from "./sobol.ts";
import { tpeSettings } from "./tpe.ts";

const kinds = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("grid") }),
  z.strictObject({ kind: z.literal("random") }),
  z.strictObject({ kind: z.literal("sobol") }),
  z.strictObject({
    kind: z.literal("tpe"),
    startupTrials: z.int().min(1).default(10),
    candidates: z.int().min(1).default(24),
  }),
]);

/** A name, or an object with the name as `kind` and settings of it. */
export const samplerSchema = z.preprocess((value) => (typeof value === "string" ? { kind: value } : value), kinds);

export type Sampler = z.output<typeof kinds>;

/** Whether the settings of a trial depend on what became of others. */
export function learns({ kind }: Sampler): boolean {
  return kind === "tpe";
}

/**
 * @param known the trials that a sampler that learns may learn from.
 * @returns undefined when there are no more settings to try, as behind the end of a grid.
 */
export function sampleSettings(
  sampler: Sampler,
  space: Space,
  seed: number,
  number: number,
  known: readonly Trial[],
): Settings | undefined {
  switch (sampler.kind) {
    case "grid":
      return gridSettings(space, number);
    case "random":
      return randomSettings(space, seed, number);
    case "sobol":
      return sobolSettings(space, seed, number);
    case "tpe":
      return tpeSettings(space, seed, number, known, sampler);
  }
}

/** Trials that there can be; Infinity where there is no end. @throws AscentError "option" where the sampler cannot take the space. */
export function mostTrials(sampler: Sampler, space: Space): number {
  const names = Object.keys(space);
  if (sampler.kind === "grid") {
    const endless = names.find((name) => Number.isNaN(pointsOf(space[name])));
    if (endless !== undefined) {
      throw new AscentError("option", {
        what: `A grid cannot take every value of "${endless}"`,
        got: JSON.stringify(space[endless]),
        expected: "a choice, whole numbers, or a range that says how many points it has",
        fix: `Add "points": 5, or use another sampler.`,
      });
    }
    return gridSize(space);
  }
  if (sampler.kind === "sobol" && names.length > SOBOL_DIMENSIONS) {
    throw new AscentError("option", {
      what: "The space has more settings than Sobol's sequence has directions here",
      got: `${names.length} settings`,
      expected: `${SOBOL_DIMENSIONS} at most`,
      fix: "Use the sampler random or tpe, or fix some of the settings.",
    });
  }
  return Number.POSITIVE_INFINITY;
}
