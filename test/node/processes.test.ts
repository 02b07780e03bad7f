/** Which processes live: also those that may not be asked. */

import { afterEach, expect, test, vi } from "vitest";
import { isAlive } from "../../src/node/processes.ts";

afterEach(() => vi.restoreAllMocks());

test.each([
  ["EPERM", true, "another user's"],
  ["ESRCH", false, "gone"],
])("kill fails with %s: alive is %s (%s; root never meets EPERM)", (code, alive) => {
  vi.spyOn(process, "kill").mockImplementation(() => {
    throw Object.assign(new Error(`kill ${code}`), { code });
  });
  expect(isAlive(12345)).toBe(alive);
});

test("this process is alive", () => {
  expect(isAlive(process.pid)).toBe(true);
});
