import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { classicControl, environmentSpec, registerEnvironment, replayGolden } from "../../src/envs/index.ts";

function golden(id: string): { env: string; episodes: Record<string, unknown[]>[] } {
  return JSON.parse(readFileSync(new URL(`../golden/gymnasium/${id}.json`, import.meta.url), "utf8"));
}

describe("recordings of Gymnasium 1.3.0", () => {
  test.each(classicControl.map((spec) => spec.id))("%s agrees to 1e-6, flags exactly", (id) => {
    const report = replayGolden(golden(id), 1e-6);
    expect(report).toMatchObject({ env: id, episodes: 3, flagMismatches: 0, agrees: true });
    expect(report.steps).toBe(golden(id).episodes.reduce((sum, episode) => sum + episode["actions"].length, 0));
    expect(report.maxObservationError).toBeLessThanOrEqual(1e-6);
    expect(report.maxRewardError).toBeLessThanOrEqual(1e-6);
  });
});

describe("a replay that does not agree says so", () => {
  test("an observation moved by 1e-5", () => {
    const file = golden("Pendulum-v1");
    (file.episodes[1]["obs"][70] as number[])[2] += 1e-5;
    const report = replayGolden(file, 1e-6);
    expect(report.agrees).toBe(false);
    expect(report.maxObservationError).toBeCloseTo(1e-5, 7);
  });

  test("a reward moved", () => {
    const file = golden("CartPole-v1");
    file.episodes[0]["rewards"][3] = 0.5;
    expect(replayGolden(file, 1e-6)).toMatchObject({ agrees: false, maxRewardError: 0.5 });
  });

  test("a flag changed", () => {
    const file = golden("CartPole-v1");
    file.episodes[0]["terminated"][18] = false;
    expect(replayGolden(file, 1e-6)).toMatchObject({ agrees: false, flagMismatches: 1 });
  });
});

test("the environment is closed, also where the replay fails", () => {
  let closed = 0;
  const make = (count: number) => Object.assign(environmentSpec("CartPole-v1").make(count), { close: () => closed++ });
  registerEnvironment({ ...environmentSpec("CartPole-v1"), id: "ClosingCartPole-v1", make });
  const file = { ...golden("CartPole-v1"), env: "ClosingCartPole-v1" };
  replayGolden(file, 1e-6);
  expect(closed).toBe(1);
  file.episodes[1]["obs"].pop();
  expect(() => replayGolden(file, 1e-6)).toThrow(/incomplete episode 1/);
  expect(closed).toBe(2);
  expect(() => replayGolden(file, "1e-6" as never)).toThrow(/tolerance: got "1e-6", expected a number ≥ 0/);
});

describe("files that are not recordings", () => {
  test.each([
    [null, /not a recording/],
    [{ episodes: [] }, /not a recording of episodes: got no env \(expected string\), .* Check that the file/],
    [{ env: "CartPole-v1" }, /not a recording/],
    [{ env: "CartPole-v1", episodes: [] }, /not a recording/],
    [{ ...golden("CartPole-v1"), env: "CartPol-v1" }, /Did you mean "CartPole-v1"/],
    [{ ...golden("CartPole-v1"), env: "Acrobot-v1" }, /observation not of 6 numbers/],
  ])("case %#", (file, message) => {
    expect(() => replayGolden(file, 1e-6)).toThrow(message);
  });

  test.each([
    [{}, /how its episode of CartPole-v1 began: got no initial\.state, expected 4 numbers\. Record/],
    [{ state: [0, 0, 0] }, /got 3 numbers in initial\.state, expected 4 numbers/],
  ])("a recording with the initial state %o", (initial, message) => {
    const file = golden("CartPole-v1");
    Object.assign(file.episodes[0], { initial });
    expect(() => replayGolden(file, 1e-6)).toThrow(message);
  });

  test("a recording cut in the middle of an episode", () => {
    const file = golden("CartPole-v1");
    file.episodes[0]["rewards"].pop();
    expect(() => replayGolden(file, 1e-6)).toThrow(/incomplete episode 0.*18 rewards for 19 actions/);
  });
});

test("a recording that goes on after a truncation, or a termination, is none", () => {
  for (const flag of ["terminated", "truncated"] as const) {
    const file = golden("CartPole-v1");
    (file.episodes[0] as unknown as Record<string, boolean[]>)[flag][3] = true;
    expect(() => replayGolden(file, 1e-6)).toThrow(/goes on after an episode's end: got episode 0, step 3/);
  }
});
