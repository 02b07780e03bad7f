/** Turns what a user gave (preset, file, settings) into an algorithm's complete options, or an error that helps. */

import type { Algorithm } from "../algorithms/algorithm.ts";
import { parseOptions } from "../options/parse.ts";
import type { PolicyDescription } from "../policies/description.ts";
import { initialSettings } from "./initialSettings.ts";

/**
 * Complete options: the schema's defaults, then the environment's preset, then what follows from the policy to start from,
 * then `overrides`, later ones first.
 *
 * @throws AscentError "option" naming the key, what was got, what was expected, and the nearest known key.
 */
export function resolveOptions(
  algorithm: Algorithm,
  environmentId: string,
  overrides: Readonly<Record<string, unknown>> = {},
  initial?: PolicyDescription,
): Record<string, unknown> {
  const preset = algorithm.presets[environmentId]?.options ?? {};
  return parseOptions(algorithm.name, algorithm.options, {
    ...preset,
    ...(initial && initialSettings(algorithm, initial)),
    ...overrides,
  });
}
