/** How far episodes have got, as the terminal and a file see it. */

import { describe, expect, test } from "vitest";
import { episodeProgress } from "../../src/cli/episodeProgress.ts";

function shown(isTTY: boolean, columns = 200) {
  let time = 0;
  const written: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => written.push(text) };
  const progress = episodeProgress("evaluation", stream, () => time);
  const at = (milliseconds: number, done: number) => {
    time = milliseconds;
    progress.update({ done, episodes: 100, steps: 1234567, longest: 12345 });
  };
  return { at, finish: progress.finish, written };
}

describe("in a terminal", () => {
  test("one line that is written over and leaves nothing behind; nothing at all of what is quick", () => {
    const { at, finish, written } = shown(true);
    at(500, 1);
    expect(written).toEqual([]);
    at(1000, 12);
    at(1100, 13);
    at(1300, 100);
    expect(written).toHaveLength(2);
    expect(written[0]).toBe(
      "\revaluation: 12 of 100 episodes, 1,234,567 steps, an episode of 12,345 steps not over yet",
    );
    expect(written[1].trimEnd()).toBe("\revaluation: 100 of 100 episodes, 1,234,567 steps");
    expect(written[1].length).toBe(written[0].length);
    finish();
    expect(written[2]).toMatch(/^\r +\r$/);
    finish();
    expect(written).toHaveLength(3);
  });

  test("a narrow one is not overrun", () => {
    const { at, written } = shown(true, 30);
    at(1000, 1);
    expect(written[0].length).toBeLessThanOrEqual(30);
  });
});

test("elsewhere, a line every ten seconds", () => {
  const { at, finish, written } = shown(false);
  for (let t = 0; t <= 25_000; t += 100) at(t, 5);
  finish();
  expect(written).toHaveLength(3);
  expect(written[0]).toMatch(/^evaluation: 5 of 100 episodes, .*not over yet\n$/);
});
