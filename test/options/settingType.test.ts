/** What values a setting takes, in words. */
import { expect, test } from "vitest";
import { z } from "zod";
import { isList, settingExpected, settingType } from "../../src/options/settingType.ts";

test.each<[string, z.ZodType, string, string]>([
  ["both ends included", z.number().min(0).max(1), "number from 0 to 1", "a number from 0 to 1"],
  ["both ends left out", z.number().gt(0).lt(1), "number > 0, < 1", "a number > 0, < 1"],
  ["above 0", z.number().positive(), "number > 0", "a number > 0"],
  ["one end", z.number().min(0).lt(1), "number ≥ 0, < 1", "a number ≥ 0, < 1"],
  ["at most", z.number().max(5), "number ≤ 5", "a number ≤ 5"],
  ["whole", z.int().min(1), "whole number ≥ 1", "a whole number ≥ 1"],
  ["names", z.enum(["adam", "sgd"]), "adam|sgd", "one of adam|sgd"],
  ["a switch", z.boolean().default(true), "true|false", "true or false"],
  [
    "a list",
    z.array(z.int().min(1)),
    "list of whole numbers ≥ 1",
    "a list of whole numbers ≥ 1, such as 64,64 or [64,64]",
  ],
])("%s", (_, field, type, expected) => {
  expect(settingType(field)).toBe(type);
  expect(settingExpected(field)).toBe(expected);
  expect(isList(field)).toBe(type.startsWith("list"));
});
