/** Public estimators refuse arrays that do not fit together and numbers outside their range: undefined would become NaN. */

import { describe, expect, test } from "vitest";
import {
  episodeAdvantages,
  episodesFromRollout,
  explainedVariance,
  firstOrderWeights,
  generalisedAdvantages,
  leaveOneOutBaseline,
  logRatios,
  meanReturnBaseline,
  nStepReturns,
  rewardToGo,
  stepMeanBaseline,
  subtractBaseline,
  tdLambdaReturns,
  vTrace,
} from "../../src/estimators/index.ts";

const out = new Float64Array(3);
const offsets = Int32Array.of(0, 2, 3);
const good = {
  ...{ offsets, rewards: [1, 2, 3], values: [0, 0, 0], finalValues: [0, 0], terminated: [1, 1] },
  ...{ gamma: 0.9, logRatios: [0, 0, 0] },
};

describe("lengths", () => {
  const short = [
    { ...good, finalValues: [0] },
    { ...good, terminated: [1] },
    { ...good, values: [0, 0] },
    { ...good, rewards: [0, 0, 0, 0] },
  ];
  test.each(short)("bootstrapped: %o", (episodes) => {
    for (const estimate of [
      () => nStepReturns(episodes, 1, out),
      () => tdLambdaReturns(episodes, 1, out),
      () => episodeAdvantages(episodes, 1, out),
      () => vTrace(episodes, out, out),
    ]) {
      expect(estimate).toThrow(/not as many as they should be: got \d entries, expected \d, one for each/);
    }
  });

  const rollout = {
    ...{ steps: 2, environments: 1, rewards: [1, 1], values: [0, 0], terminated: [0, 0], truncated: [0, 0] },
    ...{ finalValues: [0, 0], lastValues: [0], gamma: 1, lambda: 1 },
  };
  test.each([
    ["meanReturnBaseline: returns", () => meanReturnBaseline(offsets, [1], out)],
    ["leaveOneOutBaseline: returns", () => leaveOneOutBaseline(offsets, [1, 2, 3], out)],
    ["stepMeanBaseline: weights", () => stepMeanBaseline(offsets, [1], out)],
    ["subtractBaseline: baselines", () => subtractBaseline([1, 2, 3], [1, 2], out)],
    ["logRatios: behaviour log-probabilities", () => logRatios([1, 2, 3], [1], out)],
    ["firstOrderWeights: action values", () => firstOrderWeights([1, 2, 3], [1], out)],
    ["explainedVariance: predictions", () => explainedVariance([1], [1, 2])],
    ["rewardToGo: values behind", () => rewardToGo(good, 1, out, [1])],
    ["episodesFromRollout: truncated", () => episodesFromRollout(1, 3, [0, 0, 0], [0])],
    ["generalisedAdvantages: rewards", () => generalisedAdvantages({ ...rollout, rewards: [1] }, out, out)],
    ["generalisedAdvantages: finalValues", () => generalisedAdvantages({ ...rollout, finalValues: [] }, out, out)],
    ["generalisedAdvantages: lastValues", () => generalisedAdvantages({ ...rollout, lastValues: [] }, out, out)],
  ])("%s", (what, estimate) => {
    expect(estimate).toThrow(expect.objectContaining({ code: "shape", message: expect.stringContaining(what) }));
  });
});

test.each([
  ["n = 0", () => nStepReturns(good, 0, out)],
  ["n = NaN", () => nStepReturns(good, Number.NaN, out)],
  ["λ = 1.1", () => tdLambdaReturns(good, 1.1, out)],
  ["λ = −0.1", () => episodeAdvantages(good, -0.1, out)],
  ["γ = 2", () => episodeAdvantages({ ...good, gamma: 2 }, 1, out)],
  ["λ = NaN", () => vTrace({ ...good, lambda: Number.NaN }, out, out)],
  ["ρ̄ = 0", () => vTrace({ ...good, rhoBar: 0 }, out, out)],
  ["c̄ = −1", () => vTrace({ ...good, cBar: -1 }, out, out)],
])("%s is refused", (_, estimate) => {
  expect(estimate).toThrow(expect.objectContaining({ code: "option" }));
});
