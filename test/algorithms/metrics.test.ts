/** The figures of each algorithm are those that its type names: all of the certain ones always, and no others. */

import { expect, test } from "vitest";
import type { AlgorithmName, MetricsOf } from "../../src/algorithms/byName.ts";
import { recordEpisodes } from "../../src/imitation/record.ts";
import { createLearner } from "../../src/training/train.ts";

/** true for a figure that the type has for certain, false for an optional one: anything else does not compile. */
type Certain<Figures> = { [Name in keyof Figures]-?: undefined extends Figures[Name] ? false : true };

const all = <Name extends string, Value>(value: Value, ...names: Name[]) =>
  Object.fromEntries(names.map((name) => [name, value])) as Record<Name, Value>;
const always = <Name extends string>(...names: Name[]) => all(true as const, ...names);
const sometimes = <Name extends string>(...names: Name[]) => all(false as const, ...names);

const acting = {
  ...always("steps", "episodes", "episodeReturn", "episodeLength", "parameterDistance"),
  ...always("policyLoss", "entropy", "learningRate", "gradientNorm", "observationScale"),
  ...sometimes("actionsAtBound"),
};
const valuing = always("valueLoss", "explainedVariance");
const surrogate = {
  ...acting,
  ...valuing,
  ...always("updates", "epochs", "loss"),
  ...sometimes("logStd", "valueGradientNorm"),
};
const trustRegion = {
  ...{ ...acting, ...valuing },
  ...always("approxKl", "quadraticKl", "improvement", "stepFraction", "cgIterations", "cgResidual"),
};
const wholeEpisodes = { ...acting, ...always("kl", "cutEpisodes") };

const figures: { [Name in AlgorithmName]: Certain<MetricsOf[Name]> } = {
  ppo: { ...surrogate, ...sometimes("kl", "approxKl", "clipFraction", "klCoef") },
  a2c: { ...surrogate, ...always("kl") },
  npg: trustRegion,
  trpo: trustRegion,
  reinforce: { ...wholeEpisodes, ...sometimes("valueLoss", "explainedVariance") },
  "off-policy-pg": { ...wholeEpisodes, ...always("valueLoss", "updates", "effectiveSampleSize") },
  bc: {
    ...always("steps", "epochs", "updates", "logLikelihood", "heldOutLogLikelihood", "epochsSinceBest"),
    ...always("entropy", "gradientNorm", "learningRate"),
    ...sometimes("heldOutAccuracy", "logStd"),
  },
};

/** Settings under which every optional figure is there once, and is not there once. */
const settings: [AlgorithmName, object][] = [
  ["ppo", { nEnvs: 2, nSteps: 32, batchSize: 32, nEpochs: 2 }],
  ["ppo", { nEnvs: 2, nSteps: 32, objective: "penalty" }],
  ["ppo", { nEnvs: 2, nSteps: 32, batchSize: 64, nEpochs: 1, shared: true }],
  ["a2c", { nEnvs: 2, nSteps: 8 }],
  ["a2c", { nEnvs: 2, nSteps: 8, shared: true }],
  ["npg", { nEnvs: 2, nSteps: 32 }],
  ["trpo", { nEnvs: 2, nSteps: 32 }],
  ["reinforce", { nEnvs: 2, nSteps: 32, baseline: "none" }],
  ["reinforce", { nEnvs: 2, nSteps: 32, baseline: "value" }],
  ["off-policy-pg", { nEnvs: 2, nSteps: 32, gradientSteps: 2 }],
  ["bc", { heldOut: 0.5 }],
];

test("the figures of an iteration are those of its type", async () => {
  const seen = new Map<AlgorithmName, Map<string, number>>();
  for (const [name, options] of settings) {
    for (const environment of ["CartPole-v1", "Pendulum-v1"]) {
      const byData = name === "bc";
      const source = byData ? { data: await recordEpisodes("random", environment, { episodes: 4 }) } : { environment };
      const { learner } = await createLearner(name, { ...source, options: { hidden: [4], ...options } });
      const counts = seen.get(name) ?? new Map<string, number>();
      for (const figure of Object.keys(learner.iterate())) counts.set(figure, (counts.get(figure) ?? 0) + 1);
      seen.set(name, counts);
      learner.close?.();
    }
  }
  for (const [name, certain] of Object.entries(figures)) {
    const counts = seen.get(name as AlgorithmName)!;
    const runs = 2 * settings.filter(([of]) => of === name).length;
    expect([...counts.keys()].sort(), name).toEqual(Object.keys(certain).sort());
    for (const [figure, always] of Object.entries(certain)) {
      expect(counts.get(figure) === runs, `${name}: ${figure} in ${counts.get(figure)} of ${runs}`).toBe(always);
    }
  }
});
