/** The pictures of docs/results: every curve spans its run, whatever its seeds did, and the evaluation stands beside it. */
import { expect, test } from "vitest";
import type { Outcome } from "../../bench/results/job.ts";
import { suitePicture } from "../../bench/results/picture.ts";
import type { Row } from "../../bench/results/suites.ts";
import { pathsOf, wordsOf } from "../charts/support.ts";

const row = (name: string, environment: string): Row => ({
  name,
  algorithm: "ppo",
  environment,
  steps: 1000,
  seeds: 2,
});

function outcome(steps: number[], level: number): Outcome {
  const curve = { steps, episodeReturn: steps.map((at) => (level * at) / 1000) };
  return { evaluation: level, trainingReturn: level, seconds: 1, curve };
}

test("a seed that stops early does not cut the mean short", () => {
  const rows = [row("a", "CartPole-v1"), row("b", "CartPole-v1")];
  const outcomes = new Map([
    [rows[0], [outcome([100, 300, 500], 400), outcome([50, 600, 1000], 400)]],
    [rows[1], [outcome([10, 1000], 300), outcome([20, 990], 300)]],
  ]);
  const svg = suitePicture({ title: "t", intro: "", rows }, outcomes);
  const ends = ["line s0", "line s1"].map((name) =>
    Math.max(
      ...pathsOf(svg, name)
        .flat()
        .map(([x]) => x),
    ),
  );
  expect(ends[0]).toBeCloseTo(ends[1], 0);
  expect(wordsOf(svg).map(({ text }) => text)).toContain(
    "return of sampled actions, mean of the last 100 training episodes",
  );
  expect(svg).toContain("most probable actions");
});

test("tasks have panels and axes of their own", () => {
  const rows = [row("CartPole-v1", "CartPole-v1"), row("Pendulum-v1", "Pendulum-v1")];
  const outcomes = new Map(
    rows.map((one, i) => [one, [outcome([1, 1000], 500 - 700 * i), outcome([1, 1000], 480 - 700 * i)]]),
  );
  const words = wordsOf(suitePicture({ title: "t", intro: "", rows }, outcomes)).map(({ text }) => text);
  for (const title of ["CartPole-v1", "Pendulum-v1", "500", "−200"]) expect(words).toContain(title);
});
