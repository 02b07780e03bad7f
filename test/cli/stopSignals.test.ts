/** Ctrl-C: the first asks, the second ends at once, and one press that arrives twice counts once. */
import { afterEach, expect, test, vi } from "vitest";
import { stopSignals } from "../../src/cli/stopSignals.ts";

afterEach(() => vi.restoreAllMocks());

test("one press passed on by npm is not taken for two", () => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const clock = vi.spyOn(performance, "now").mockReturnValue(1000);
  const seen: string[] = [];
  const stop = stopSignals((signal) => seen.push(signal));
  expect(stop.signal.aborted).toBe(false);
  process.emit("SIGINT", "SIGINT");
  expect(stop.signal.aborted).toBe(true);
  clock.mockReturnValue(1200);
  process.emit("SIGINT", "SIGINT");
  expect(exit).not.toHaveBeenCalled();
  clock.mockReturnValue(1600);
  process.emit("SIGINT", "SIGINT");
  expect(exit.mock.calls).toEqual([[130]]);
  process.emit("SIGTERM", "SIGTERM");
  expect(exit.mock.calls).toEqual([[130], [143]]);
  expect(seen).toEqual(["SIGINT"]);
  expect(stop.exitCode()).toBe(130);
  stop.dispose();
});
