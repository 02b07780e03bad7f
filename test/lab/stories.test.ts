/** Chapter 2's studies: weights are the estimators' own, and the stories are those that the chapter tells. */

import { describe, expect, test } from "vitest";
import { study as learning } from "../../lab/chapters/02-stories/studies/learning.ts";
import { type StoryInput, study as story, TRIES } from "../../lab/chapters/02-stories/studies/story.ts";
import { WALKER_SOURCE } from "../../lab/chapters/02-stories/walkerSource.ts";
import { jacket, walker } from "../../lab/chapters/02-stories/worlds.ts";
import { ownEnvironmentCode } from "../../lab/link/ownEnvironmentCode.ts";
import { checkEnvironment, discrete, type Environment } from "../../src/envs/index.ts";
import {
  enumerateTrajectories,
  finiteHorizonGradient,
  finiteHorizonObjective,
  numericGradient,
} from "../../src/mdp/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { expectClose } from "../mdp/support.ts";
import { lastOf } from "./support.ts";

const plain: StoryInput = {
  ...{ story: "jacket", weighting: "total", baseline: "none", discounting: "standard", gaeLambda: 0.95 },
  ...{ gamma: 1, seed: 0, draw: 6 },
};
const told = (change: Partial<StoryInput>) => lastOf(story({ ...plain, ...change }));
const tries = ({ offsets }: { offsets: Int32Array }, values: Float64Array) =>
  Array.from({ length: TRIES }, (_, i) => [...values.subarray(offsets[i], offsets[i + 1])]);

describe("the jacket", () => {
  test("comes off once in four tries, exactly", () => {
    const { mdp, model, theta } = jacket();
    expect(finiteHorizonObjective(mdp, model.policy(theta))).toBeCloseTo(0.25, 12);
    const all = enumerateTrajectories(mdp, model.policy(theta));
    const paid = all.rewards.reduce((sum, reward) => sum + reward, 0);
    expect(paid).toBe(1);
  });

  test("0/0/0/1: without a baseline three tries teach nothing; with one every try does", () => {
    const none = told({});
    expect([...none.returns]).toEqual([0, 0, 0, 1]);
    expect(tries(none, none.weights)).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ]);
    const mean = told({ baseline: "mean" });
    expect(tries(mean, mean.weights)[0]).toEqual([-0.25, -0.25, -0.25, -0.25]);
    expect(tries(mean, mean.weights)[3]).toEqual([0.75, 0.75, 0.75, 0.75]);
    const others = told({ baseline: "leaveOneOut" });
    expectClose(tries(others, others.weights)[0], [-1 / 3, -1 / 3, -1 / 3, -1 / 3], 1e-15);
    expect(tries(others, others.weights)[3]).toEqual([1, 1, 1, 1]);
  });

  test("with a reward at the end only, causality changes no weight; V blames the fold that went wrong, and no fold behind it", () => {
    expect(told({ weighting: "toGo" }).weights).toEqual(told({}).weights);
    const { offsets, actions, values, weights } = told({ weighting: "toGo", baseline: "value" });
    expect(values[offsets[3]]).toBeCloseTo(0.25, 12);
    for (let i = 0; i < 3; i++) {
      const crease = [...actions.subarray(offsets[i], offsets[i + 1])].indexOf(1);
      for (let t = crease + 1; t < 4; t++) expect(weights[offsets[i] + t]).toBe(0);
      expect(weights[offsets[i] + crease]).toBeLessThan(0);
    }
  });

  test("V before and behind a step blames the crease alone", () => {
    const { offsets, actions, weights } = told({ weighting: "gae", gaeLambda: 0 });
    for (let i = 0; i < 3; i++) {
      const crease = [...actions.subarray(offsets[i], offsets[i + 1])].indexOf(1);
      for (let t = 0; t < 4; t++) {
        const weight = weights[offsets[i] + t];
        if (t < crease) expect(weight).toBeGreaterThan(0);
        else if (t === crease) expect(weight).toBeLessThan(0);
        else expect(weight).toBe(0);
      }
    }
  });

  test("γ < 1: the two readings differ by γ^t", () => {
    const standard = told({ weighting: "toGo", gamma: 0.5 });
    const exact = told({ weighting: "toGo", gamma: 0.5, discounting: "exact" });
    expect(tries(standard, standard.weights)[3]).toEqual([0.125, 0.25, 0.5, 1]);
    expect(tries(exact, exact.weights)[3]).toEqual([0.125, 0.125, 0.125, 0.125]);
  });
});

describe("the walker", () => {
  test("the batch that the chapter begins with: one falls forward and is paid, one steps back first and is punished", () => {
    const { offsets, actions, returns, finalStates } = told({ story: "walker", draw: 7 });
    const firsts = Array.from({ length: TRIES }, (_, i) => actions[offsets[i]]);
    expect(firsts).toEqual([1, 0, 2, 0]);
    expect([...returns]).toEqual([1, -1, 2, -2]);
    expect([...finalStates]).toEqual([3, 3, 3, 3]);
  });

  test("as an environment of one's own it is the same world, in at most 25 lines, and the checker finds nothing", () => {
    const lines = WALKER_SOURCE.trim()
      .split("\n")
      .filter((line) => line !== "" && !/^(\/\/|import)/.test(line));
    expect(lines.length).toBeLessThanOrEqual(25);
    const { code, names } = ownEnvironmentCode("made", WALKER_SOURCE);
    const library = { discrete, RandomStream, streams } as Record<string, unknown>;
    const make = new Function(...names, `${code}\nreturn made;`)(...names.map((name) => library[name]));
    expect(checkEnvironment(make)).toEqual([]);
    const { mdp } = walker();
    const environment = make() as Environment<number, number>;
    const counts = new Float64Array(4 * 3 * 4);
    const random = new RandomStream(5, streams.user);
    let { observation: state } = environment.reset({ seed: 1 });
    for (let k = 0; k < 60_000; k++) {
      const action = Math.floor(3 * random.uniform());
      const { observation, reward, terminated } = environment.step(action);
      expect(reward).toBe(mdp.reward[state * 3 + action]);
      counts[(state * 3 + action) * 4 + observation]++;
      state = terminated ? environment.reset().observation : observation;
    }
    for (let pair = 0; pair < 9; pair++) {
      const row = counts.subarray(pair * 4, pair * 4 + 4);
      const seen = row.reduce((a, b) => a + b);
      row.forEach((count, next) => {
        const expected = mdp.transition[pair * 4 + next];
        expect(Math.abs(count / seen - expected)).toBeLessThan(
          4.5 * Math.sqrt((expected * (1 - expected)) / seen) + 1e-9,
        );
      });
    }
  });

  test("∇J, J and Q are those of the world; at first falling is worth most, and stepping back least", () => {
    const found = told({ story: "walker", draw: 7 });
    const { mdp, model, theta } = walker();
    expect(found.exact).toEqual(finiteHorizonGradient(mdp, model, theta));
    expectClose(
      found.exact,
      numericGradient((x) => finiteHorizonObjective(mdp, model.policy(x)), theta),
      1e-9,
    );
    const [back, forward, fall] = found.actionValues;
    expect(back).toBeLessThan(forward);
    expect(forward).toBeLessThan(fall);
    expect(found.exact[0]).toBeLessThan(0);
    expect(found.exact[2]).toBeGreaterThan(0);
  });

  test("∇J leads through falling to stepping back first; estimates of few episodes may stay with falling", async () => {
    const choices = [{ weighting: "toGo" as const, baseline: "none" as const }];
    const input = { choices, seeds: 8, iterations: 300, trajectories: 8, learningRate: 0.1 };
    const outputs = [];
    for await (const output of learning(input)) outputs.push(output);
    expect(outputs.map(({ seeds }) => seeds)).toEqual([4, 8]);
    const { exactStepBack, exactObjective, walking, last, objective } = outputs[1];
    expect(Math.min(...exactStepBack)).toBeLessThan(0.05);
    expect(exactStepBack.at(-1)).toBeGreaterThan(0.9);
    expect(exactObjective.at(-1)).toBeGreaterThan(5);
    expect(walking[0]).toBeGreaterThan(0);
    expect(walking[0]).toBeLessThan(8);
    expect(last[0]).toHaveLength(8);
    expect(objective[0].value.at(-1)).toBeCloseTo(last[0].reduce((a, b) => a + b) / 8, 12);
    expect(objective[0].low[0]).toBeLessThanOrEqual(objective[0].value[0]);
  });
});
