/** What a progress display says: durations, time left, shares, figures. */
import { expect, test } from "vitest";
import { Clock, describe, formatDuration, percentage } from "../../src/node/progressText.ts";

test.each([
  [0, "0:00"],
  [499, "0:00"],
  [500, "0:01"],
  [-5000, "0:00"],
  [59_499, "0:59"],
  [59_500, "1:00"],
  [75_000, "1:15"],
  [3_599_000, "59:59"],
  [3_600_000, "1:00:00"],
  [3_675_000, "1:01:15"],
  [90_061_000, "25:01:01"],
])("%d ms are %s", (milliseconds, words) => {
  expect(formatDuration(milliseconds)).toBe(words);
});

test("time left is by the speed since the start, which a resumed run has behind it", () => {
  let time = 1000;
  const clock = new Clock(100, 500, () => time);
  expect([clock.elapsed(), clock.left(100), clock.left(50)]).toEqual(["0:00", "--:--", "--:--"]);
  time += 20_000;
  expect(clock.elapsed()).toBe("0:20");
  expect(clock.left(200)).toBe("1:00");
  expect(clock.left(500)).toBe("0:00");
  expect(clock.left(600)).toBe("0:00");
});

test.each([
  [0, 200, 0],
  [1, 200, 0],
  [2, 200, 1],
  [199, 200, 99],
  [200, 200, 100],
  [300, 200, 100],
  [0, 0, 100],
])("step %d of %d is %d %", (step, total, share) => {
  expect(percentage(step, total)).toBe(share);
});

test("figures are short, words as they are, in their order", () => {
  expect(describe({ return: 1234.5678, device: "cpu", loss: -0.00012 })).toBe(
    "return 1.23k · device cpu · loss -1.2e-4",
  );
  expect(describe({})).toBe("");
});
