import { test } from "vitest";
import { type ReinforceWeighting, reinforceWeights } from "../../src/estimators/reinforceWeights.ts";
import { exactMoments, finiteHorizonGradient } from "../../src/mdp/index.ts";
import { expectClose } from "../mdp/support.ts";
import { gradientWith, tinyWorld, type Weigh } from "./support.ts";

const gamma = 0.6;
const world = tinyWorld(3, gamma);
const exact = finiteHorizonGradient(world.mdp, world.model, world.parameters);

const weigh =
  (choice: Pick<ReinforceWeighting, "weighting" | "baseline" | "discounting">): Weigh =>
  (batch, out) => {
    const values = Float64Array.from(batch.states, (s) => 0.3 - s);
    const ends = { finalValues: new Float64Array(batch.count), terminated: new Uint8Array(batch.count).fill(1) };
    const episodes = { offsets: batch.offsets, rewards: batch.rewards, values, gamma, ...ends };
    reinforceWeights(episodes, { gaeLambda: 1, ...choice }, out);
  };

test.each([
  ["total", "none", 1],
  ["total", "value", 1],
  ["total", "leaveOneOut", 2],
  ["toGo", "none", 1],
  ["toGo", "value", 1],
  ["gae", "none", 1],
] as const)(
  "exact discounting, %s with baseline %s: unbiased for the discounted objective (γ^t must not come twice into the total return)",
  (weighting, baseline, size) => {
    // Two trajectories at a time are too many to list at three steps.
    const w = size === 1 ? world : tinyWorld(2, gamma);
    const goal = size === 1 ? exact : finiteHorizonGradient(w.mdp, w.model, w.parameters);
    const choice = { weighting, baseline, discounting: "exact" as const };
    expectClose(exactMoments(w.all, size, gradientWith(w, weigh(choice))).mean, goal, 1e-12);
  },
);

test("standard discounting leaves γ^t out, but for the total return, which has it in itself", () => {
  const mean = (weighting: "total" | "toGo") =>
    exactMoments(world.all, 1, gradientWith(world, weigh({ weighting, baseline: "none", discounting: "standard" })))
      .mean;
  expectClose(mean("total"), exact, 1e-12);
  const other = finiteHorizonGradient(world.mdp, world.model, world.parameters, { stateWeights: "undiscounted" });
  expectClose(mean("toGo"), other, 1e-12);
});

test("with V, a cut-off episode is worth V behind its end: toGo+value is GAE with λ = 1 (timeouts are no terminations)", () => {
  const episodes = {
    offsets: Int32Array.of(0, 3, 5),
    rewards: [1, 2, 3, 4, 5],
    values: [0.1, 0.2, 0.3, 0.4, 0.5],
    finalValues: [10, 10],
    terminated: [0, 1],
    gamma: 0.5,
  };
  const [toGo, gae] = [new Float64Array(5), new Float64Array(5)];
  const common = { baseline: "value", discounting: "standard", gaeLambda: 1 } as const;
  reinforceWeights(episodes, { ...common, weighting: "toGo" }, toGo);
  reinforceWeights(episodes, { ...common, weighting: "gae" }, gae);
  expectClose(toGo, [1 + 1 + 0.75 + 1.25 - 0.1, 2 + 1.5 + 2.5 - 0.2, 3 + 5 - 0.3, 4 + 2.5 - 0.4, 5 - 0.5], 1e-12);
  expectClose(gae, toGo, 1e-12);
  const total = new Float64Array(5);
  reinforceWeights(episodes, { ...common, weighting: "total" }, total);
  // 2.75 + 10/8 and 6.5, less V(s_t).
  expectClose(total, [4 - 0.1, 4 - 0.2, 4 - 0.3, 6.5 - 0.4, 6.5 - 0.5], 1e-12);
  reinforceWeights(episodes, { ...common, weighting: "toGo", baseline: "none" }, toGo);
  expectClose(toGo, [2.75, 3.5, 3, 6.5, 5], 1e-12);
});
