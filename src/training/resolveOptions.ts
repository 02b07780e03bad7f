/** Turns what a user gave (preset, file, settings) into an algorithm's complete options, or an error that helps. */

import type { Algorithm } from "../algorithms/algorithm.ts";
import { parseOptions } from "../options/parse.ts";

/**
 * Complete options: the schema's defaults, then the environment's preset, then `overrides`, later ones first.
 *
 * @throws AscentError "option" naming the key, what was got, what was expected, and the nearest known key.
 */
export function resolveOptions(
  algorithm: Algorithm,
  environmentId: string,
  overrides: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const preset = algorithm.presets[environmentId]?.options ?? {};
  return parseOptions(algorithm.name, algorithm.options, { ...preset, ...overrides });
}
