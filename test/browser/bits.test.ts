/**
 * The browser's results against Node's, bit for bit.
 */
import { expect, inject, test } from "vitest";
import { computeReference } from "./reference.ts";

test("the browser computes the same bits as Node", async () => {
  const { computedBy: node, ...expected } = inject("reference");
  const { computedBy: browser, ...actual } = await computeReference();
  expect(node).toMatch(/^Node /);
  expect(browser).toMatch(/Chrome/);
  expect(actual).toEqual(expected);
});
