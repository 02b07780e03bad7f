/** Presets for worlds of text: of worlds that there are, with settings that parse, and whole iterations. */

import { describe, expect, test } from "vitest";
import { languageAlgorithms } from "../../../src/algorithms/language/languageRegistry.ts";
import { textWorldNamed } from "../../../src/language/worlds/index.ts";
import { parseOptions } from "../../../src/options/parse.ts";
import { samplers } from "./completionSupport.ts";

describe.each(["sft", ...samplers] as const)("%s", (name) => {
  const { presets, options: schema } = languageAlgorithms[name];

  test.each(Object.entries(presets))("%s", (world, { steps, options }) => {
    expect(textWorldNamed(world).name).toBe(world);
    const {
      nPrompts = 1,
      groupSize = 1,
      n = groupSize,
    } = parseOptions(name, schema, options) as Record<string, number>;
    if (name !== "sft") expect(steps % (nPrompts * n)).toBe(0);
  });
});
