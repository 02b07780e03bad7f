/** What newcomers get wrong first: an AscentError each, that says what was got and what to write. */

import { describe, expect, test } from "vitest";
import { box, checkEnvironment, discrete, type EnvironmentFactory, makeBatched } from "../../src/envs/index.ts";
import { AscentError } from "../../src/errors.ts";
import { recordEpisodes } from "../../src/imitation/index.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { createLearner, runLearner, train } from "../../src/training/train.ts";

class Game {
  observationSpace = box({ low: -1, high: 1, shape: [1] });
  actionSpace = discrete(2);
  reset(): unknown {
    return { observation: [0] };
  }
  step(): unknown {
    return { observation: [0], reward: 1, terminated: false, truncated: false };
  }
}
const changed = (parts: Partial<Record<keyof Game, unknown>>) => () => Object.assign(new Game(), parts);

describe("environments of one's own", () => {
  test.each<[string, unknown, RegExp]>([
    ["a class", Game, /got class Game, expected an id, a spec or a function.* Write \(\) => new Game\(\)\./],
    ["an environment", new Game(), /got a Game, .*write \(\) => …/],
    ["{}", {}, /got \{\}, expected an id, a spec or a function/],
    ["null", null, /got null, expected an id/],
    ["a Promise", Promise.resolve(new Game()), /got a Promise, expected an id/],
    ["an async factory", async () => new Game(), /made no environment: got a Promise, .*Await what it needs before/],
    ["a factory of {}", () => ({}), /made no environment: got \{\} whose reset is nothing, .*method reset/],
    ["a factory of nothing", () => undefined, /made no environment: got nothing, .*Return the environment/],
    ["a factory of a class", () => Game, /made no environment: got class Game/],
    ["no step", changed({ step: undefined }), /whose step is nothing/],
    ["a space of another library", changed({ actionSpace: { n: 2 } }), /got actionSpace = \{ n: 2 \} .*discrete/],
    ["reset of nothing", changed({ reset: () => {} }), /no result of reset .*got nothing, expected \{ observation \}/],
    ["reset in old Gym's form", changed({ reset: () => [0] }), /got \[0\], expected \{ observation \}\. Lists are old/],
    ["async reset", changed({ reset: async () => ({}) }), /got a Promise, .*reset is async/],
    ["step of nothing", changed({ step: () => {} }), /no result of step .*got nothing/],
    ["async step", changed({ step: async () => ({}) }), /got a Promise, .*step is async/],
    [
      "step in old Gym's form",
      changed({ step: () => [[0], 1, false, {}] }),
      /got \[\[0\], 1, false, an object\], expected \{ observation, reward, terminated, truncated \}.*`done` was both/,
    ],
    ["a reward that is a text", changed({ step: () => ({ observation: [0], reward: "1" }) }), /bad reward .*got "1"/],
  ])(
    "%s",
    async (_, environment, message) => {
      const error = await train("ppo", { environment: environment as EnvironmentFactory, steps: 64 }).catch((e) => e);
      expect(error).toBeInstanceOf(AscentError);
      expect(error.message).toMatch(message);
      expect(() => makeBatched(environment as EnvironmentFactory, 1).reset(0)).not.toThrow(TypeError);
    },
    20_000,
  );

  test("the checker takes only what can be run, and finds the rest", () => {
    for (const none of [{}, Game, null, "CartPole-v1"]) {
      expect(() => checkEnvironment(none as EnvironmentFactory)).toThrow(AscentError);
    }
    const findings = checkEnvironment((() => ({})) as unknown as EnvironmentFactory);
    expect(findings).toMatchObject([{ level: "error", rule: "environment" }]);
    expect(findings[0].message).toMatch(/got \{\} whose reset is nothing/);
  });
});

describe("arguments", () => {
  const environment = "CartPole-v1";
  test.each<[object, RegExp]>([
    [{ environment, steps: 512, seed: 7n }, /train: seed: got 7n, expected a whole number/],
    [{ environment, steps: "512" }, /train: steps: got "512", expected a whole number ≥ 1/],
    [{ environment, steps: 0 }, /steps of the whole run/],
    [{ environment, maxSteps: 512 }, /train has no option "maxSteps": got maxSteps: 512, .*Did you mean "steps"\?/],
    [{ environment, enviromentOptions: {} }, /no option "enviromentOptions".*Did you mean "environmentOptions"\?/],
    [{ environment, learningRate: 1e-3 }, /Write it inside options: \{ learningRate: … \}/],
    [{ environment, maxEpisodeSteps: 10 }, /Write it inside environmentOptions/],
    [{ environment, options: 3 }, /train: options: got 3/],
    [{ environment, signal: new AbortController() }, /train: signal: got an AbortController, .*controller\.signal/],
    [{ environment, onIteration: "log" }, /train: onIteration: got "log", expected a function/],
    [{ environment, engine: Promise.resolve() }, /train: engine: got a Promise, .*await createEngine/],
    [
      { environment: () => new Game(), environmentOptions: { maxSteps: 3 } },
      /environmentOptions has no option "maxSteps"/,
    ],
    [{}, /needs an environment/],
  ])("%o", async (given, message) => {
    const error = await train("ppo", given as never).catch((e) => e);
    expect(error).toBeInstanceOf(AscentError);
    expect(error.message).toMatch(message);
  });

  test.each([undefined, null, 5, "CartPole-v1", [], Promise.resolve({})])("train(…, %s)", async (given) => {
    await expect(train("ppo", given as never)).rejects.toThrow(AscentError);
  });

  test("a policy in the place of its description, and a learner's maker in the place of the learner", async () => {
    const { learner, policy } = await train("ppo", { environment, steps: 1, options: { nEnvs: 1, nSteps: 8 } });
    await expect(evaluatePolicy(policy as never, environment)).rejects.toThrow(/Give policy\.description/);
    await expect(recordEpisodes(policy as never, environment, { episodes: 1 })).rejects.toThrow(/or "random"/);
    await expect(evaluatePolicy(learner.policy(), environment, { episode: 1 } as never)).rejects.toThrow(
      /Did you mean "episodes"\?/,
    );
    const created = createLearner("ppo", { environment });
    await expect(runLearner(created as never, 1)).rejects.toThrow(/got a Promise, expected a learner/);
    (await created).learner.close?.();
  });
});
