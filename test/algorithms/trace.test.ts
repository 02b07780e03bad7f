/**
 * A stored trace of short seeded runs: figures of every iteration. What changes them changed behaviour; if that was meant,
 * run this file with UPDATE_TRACE=1 and say why in the commit.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { PpoOptions } from "../../src/algorithms/index.ts";
import { iterate, learner } from "./support.ts";

const file = new URL("./trace.json", import.meta.url);

const runs: Record<string, [environment: string, options: PpoOptions]> = {
  "CartPole-v1, plain": ["CartPole-v1", { seed: 1, nSteps: 64 }],
  "Pendulum-v1, everything on": [
    "Pendulum-v1",
    {
      seed: 2,
      nSteps: 60,
      batchSize: 50,
      normalizeObservations: true,
      normalizeRewards: true,
      clipRangeVf: 0.2,
      entCoef: 0.01,
      learningRate: "linear:1e-3",
      stateDependentStd: true,
      activation: "relu",
      shared: true,
      recomputeAdvantages: true,
      targetKl: 0.05,
    },
  ],
};

test.each(Object.entries(runs))("%s: as stored, to 1e-6", async (name, [environment, options]) => {
  const figures = iterate(await learner(environment, options), 5);
  if (process.env["UPDATE_TRACE"]) return store(name, figures);
  const stored = JSON.parse(readFileSync(file, "utf8"))[name];
  expect(stored).toHaveLength(figures.length);
  figures.forEach((actual, i) => {
    expect(Object.keys(actual)).toEqual(Object.keys(stored[i]));
    for (const [key, value] of Object.entries(actual)) {
      // JSON has no NaN: before the first episode's end, there is no mean return.
      if (stored[i][key] === null) expect(value, `${key}, iteration ${i}`).toBeNaN();
      else
        expect(Math.abs(value - stored[i][key]), `${key}, iteration ${i}`).toBeLessThanOrEqual(
          1e-6 * Math.abs(stored[i][key]),
        );
    }
  });
});

function store(name: string, figures: object[]): void {
  let all: Record<string, unknown> = {};
  try {
    all = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // The first trace.
  }
  writeFileSync(file, `${JSON.stringify({ ...all, [name]: figures }, null, 2)}\n`);
}
