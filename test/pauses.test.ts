/** Where work stops, and what runs then, in Node and where there is neither setImmediate nor MessageChannel. */

import { afterEach, describe, expect, test, vi } from "vitest";
import { due, finish, givingWay, handingOver, othersFirst, type Work } from "../src/pauses.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Counts up, stopping each time. */
function* counting(to: number, log: unknown[]): Work<string> {
  for (let i = 0; i < to; i++) {
    log.push(i);
    yield;
  }
  return "done";
}

test("it is due every 20 ms, by the clock given or the real one", () => {
  let now = 1e9;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  expect(due()).toBe(true);
  expect(due()).toBe(false);
  now += 19;
  expect([due(), due(now + 1), due(now + 1)]).toEqual([false, true, false]);
  now += 30;
  expect([due(), due()]).toEqual([true, false]);
});

test("the time that others took counts as theirs", async () => {
  let now = 2e9;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  due();
  now += 1000;
  const pause = othersFirst();
  await pause;
  expect(due()).toBe(false);
});

test("finish goes on at once", () => {
  const log: unknown[] = [];
  expect(finish(counting(3, log))).toBe("done");
  expect(log).toEqual([0, 1, 2]);
});

describe("what is handed over on the way", () => {
  /** Hands over each number, then stops. */
  function* handing(to: number, hand: (i: number) => void, log: string[]): Work<void> {
    try {
      for (let i = 0; i < to; i++) {
        hand(i);
        yield;
      }
      hand(to);
    } finally {
      log.push("ended");
    }
  }

  test("comes in order, the last with the end of the work", async () => {
    const seen: number[] = [];
    const log: string[] = [];
    for await (const i of handingOver((hand: (i: number) => void) => handing(3, hand, log))) seen.push(i);
    expect(seen).toEqual([0, 1, 2, 3]);
    expect(log).toEqual(["ended"]);
  });

  test("a loop over it that ends early ends the work", async () => {
    const log: string[] = [];
    for await (const i of handingOver((hand: (i: number) => void) => handing(1000, hand, log))) if (i === 2) break;
    expect(log).toEqual(["ended"]);
  });

  test("an error of the work is the loop's", async () => {
    const items = handingOver(function* (hand: (i: number) => void): Work<void> {
      hand(1);
      yield;
      throw new Error("broken");
    });
    await items.next();
    await expect(items.next()).rejects.toThrow("broken");
  });
});

describe.each(["setImmediate", "MessageChannel", "setTimeout"])("with %s", (best) => {
  test("whatever is waiting runs at every stop", async () => {
    if (best !== "setImmediate") vi.stubGlobal("setImmediate", undefined);
    if (best === "setTimeout") vi.stubGlobal("MessageChannel", undefined);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    const seen: number[] = [];
    const work = (function* (): Work<string> {
      for (let i = 0; i < 5; i++) {
        const begin = performance.now();
        while (performance.now() - begin < 5);
        seen.push(ticks);
        yield;
      }
      return "done";
    })();
    expect(await givingWay(work)).toBe("done");
    clearInterval(timer);
    // Each stretch is long enough for the timer to be due behind it.
    for (let i = 1; i < 5; i++) expect(seen[i]).toBeGreaterThan(seen[i - 1]);
  });
});

test("an error of the work is the promise's", async () => {
  const work = (function* (): Work<void> {
    yield;
    throw new Error("broken");
  })();
  await expect(givingWay(work)).rejects.toThrow("broken");
});
