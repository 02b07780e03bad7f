/** What every learner promises: a snapshot that is not its own changes nothing, and its environments can be closed. */

import { describe, expect, test } from "vitest";
import { recordEpisodes } from "../../src/imitation/index.ts";
import type { LearnerSnapshot } from "../../src/learners/learner.ts";
import { createLearner, train } from "../../src/training/train.ts";
import { ladder } from "../algorithms/ladder.ts";
import { iterate } from "../algorithms/support.ts";
import { ForEver } from "../rollout/support.ts";

type State = Record<string, Record<string, unknown>>;
const withState = (change: (state: State) => unknown) => (snapshot: LearnerSnapshot) => {
  const state = structuredClone(snapshot.state) as unknown as State;
  change(state);
  return { ...snapshot, state: state as unknown as LearnerSnapshot["state"] };
};

describe("a snapshot that does not fit is refused, and the learner stays as it was", () => {
  test.each([
    ["of another algorithm", "reinforce", {}, "trpo", {}, /another algorithm: got "reinforce", expected "trpo"/],
    ["of another environment", "ppo", { id: "Acrobot-v1" }, "ppo", {}, /saved state is of another environment/],
    ["with a longer rollout", "off-policy-pg", {}, "off-policy-pg", { nSteps: 64 }, /collector.rows/],
    ["with more environments", "ppo", { nEnvs: 8, nSteps: 16 }, "ppo", {}, /not 4 numbers/],
    ["with normalised observations", "ppo", { normalizeObservations: true }, "ppo", {}, /observationMoments/],
    ["without normalised rewards", "ppo", {}, "ppo", { normalizeRewards: true }, /rewardMoments/],
    ["with a longer replay", "off-policy-pg", {}, "off-policy-pg", { replayBatches: 1 }, /replay.*at most 1 batches/],
    [
      "of other episodes",
      "ppo",
      {},
      "ppo",
      {},
      /collector.episodes.*expected object/,
      withState((s) => delete s["collector"]["episodes"]),
    ],
    ["without a counter", "ppo", {}, "ppo", {}, /counters.order/, withState((s) => delete s["counters"]["order"])],
    ["of no optimiser", "ppo", {}, "ppo", {}, /optimiserSteps/, withState((s) => delete s["optimiserSteps"]["adam"])],
    [
      "whose environments refuse theirs",
      "ppo",
      {},
      "ppo",
      {},
      /not a saved state of CartPole-v1/,
      withState((s) => Object.assign(s["collector"], { environments: { id: "CartPole-v1" } })),
    ],
    [
      "whose own part is another's",
      "ppo",
      {},
      "ppo",
      {},
      /rows of a rollout/,
      withState((s) => Object.assign(s, { extra: { rowOrder: [1, 2], klCoef: 1 } })),
    ],
  ] as [string, string, Record<string, unknown>, string, object, RegExp, ReturnType<typeof withState>?][])(
    "%s",
    async (_, from, { id = "CartPole-v1", ...theirs }, to, own, message, change = (snapshot) => snapshot) => {
      const other = await ladder(from, id as string, { ...theirs, seed: 3 });
      iterate(other, 2);
      const learner = await ladder(to, "CartPole-v1", own as Record<string, unknown>);
      iterate(learner, 1);
      const before = learner.save();
      expect(() => learner.load(change(other.save()))).toThrow(message);
      expect(() => learner.load(change(other.save()))).toThrow(expect.objectContaining({ code: "file" }));
      expect(learner.save()).toEqual(before);
    },
  );
});

test("a replay lies in the arrays of a snapshot, not in its JSON", async () => {
  const learner = await ladder("off-policy-pg", "CartPole-v1", { replayBatches: 2 });
  iterate(learner, 3);
  const { arrays, state } = learner.save();
  expect(Object.keys(arrays)).toEqual(expect.arrayContaining(["replay.0.observations", "replay.1.rewards"]));
  expect(arrays["replay.1.rewards"].data).toBeInstanceOf(Float64Array);
  expect(JSON.stringify(state).length).toBeLessThan(5000);
});

describe("schedules of a run that goes on to more steps", () => {
  const options = { nEnvs: 4, nSteps: 32, hidden: [8], learningRate: "linear:1e-3" } as const;
  const environment = "CartPole-v1";

  test.each(["ppo", "reinforce", "trpo", "off-policy-pg"] as const)("%s keeps the length they had", async (name) => {
    const { learner } = await createLearner(name, { environment, steps: 1000, options });
    iterate(learner, 1);
    const { learner: longer } = await createLearner(name, {
      ...{ environment, steps: 5000, options },
      resumeFrom: learner.save(),
    });
    expect(longer.iterate()["learningRate"]).toBe(learner.iterate()["learningRate"]);
  });

  test("unless another length is asked for", async () => {
    const { learner } = await createLearner("ppo", { environment, steps: 1000, options });
    iterate(learner, 1);
    const longer = await train("ppo", {
      ...{ environment, steps: 256, resumeFrom: learner.save() },
      options: { ...options, annealSteps: 2000 },
    });
    expect(longer.metrics["learningRate"]).toBeCloseTo(1e-3 * (1 - 128 / 2000), 12);
  });
});

describe("environments are closed", () => {
  class Closing extends ForEver {
    static open = 0;
    constructor() {
      super();
      Closing.open++;
    }
    close() {
      Closing.open--;
    }
  }
  const options = { nEnvs: 2, nSteps: 8, hidden: [4] };

  test("after training, and by close() of a learner", async () => {
    await train("ppo", { environment: () => new Closing(), steps: 20, options });
    expect(Closing.open).toBe(0);
    const { learner } = await createLearner("ppo", { environment: () => new Closing(), options });
    expect(Closing.open).toBe(2);
    learner.close?.();
    expect(Closing.open).toBe(0);
  });

  test("after recorded episodes turn out to be of other spaces", async () => {
    const data = await recordEpisodes("random", "CartPole-v1", { episodes: 3 });
    await expect(train("bc", { data, environment: () => new Closing() })).rejects.toThrow(/other observations/);
    expect(Closing.open).toBe(0);
  });

  test("after a state to resume from was refused", async () => {
    const resumeFrom = (await ladder("ppo", "CartPole-v1")).save();
    const refused = createLearner("ppo", { environment: () => new Closing(), options, resumeFrom });
    await expect(refused).rejects.toThrow(/of another environment/);
    expect(Closing.open).toBe(0);
  });

  test("after training that failed", async () => {
    const onIteration = () => {
      throw new Error("enough");
    };
    await expect(train("ppo", { environment: () => new Closing(), options, onIteration })).rejects.toThrow("enough");
    expect(Closing.open).toBe(0);
  });
});
