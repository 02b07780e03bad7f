/** Starting from a trained policy: every algorithm begins with exactly that policy, its normaliser goes on, and what does not fit is named. */

import { beforeAll, describe, expect, test } from "vitest";
import type { AlgorithmName } from "../../src/algorithms/byName.ts";
import { batchFromFactory, environmentSpec } from "../../src/envs/index.ts";
import { type EpisodeDataset, recordEpisodes } from "../../src/imitation/index.ts";
import { decodePolicy, encodePolicy, Policy, type PolicyDescription } from "../../src/policies/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import { createLearner, type TrainOptions, train } from "../../src/training/train.ts";
import { iterate } from "../algorithms/support.ts";

const id = "Pendulum-v1";
const sizes = { nEnvs: 4, nSteps: 32 };
const network = { hidden: [12], activation: "relu" as const, distribution: "squashedGaussian" as const };
const acting = ["reinforce", "a2c", "off-policy-pg", "npg", "trpo", "ppo"] as const;

let trained: PolicyDescription;
let plain: PolicyDescription;
let data: EpisodeDataset;
beforeAll(async () => {
  const of = async (more: object) => {
    const options = { ...sizes, ...network, ...more };
    const { learner } = await createLearner("ppo", { environment: id, options, seed: 3 });
    iterate(learner, 3);
    return learner.policy();
  };
  trained = await of({ normalizeObservations: true, clipObservations: 5, criticHidden: [9] });
  plain = await of({ normalizeObservations: false });
  data = await recordEpisodes(trained, id, { episodes: 3, seed: 5 });
});

/** A learner of its own seed that has whatever the policy says. */
function startedFrom(name: AlgorithmName, initialPolicy: PolicyDescription | Policy, more: TrainOptions = {}) {
  const { options, ...rest } = more;
  const own = name === "bc" ? { data } : { environment: id };
  return createLearner(name, {
    ...own,
    initialPolicy,
    seed: 11,
    options: { ...(name !== "bc" && sizes), ...options },
    ...rest,
  });
}

/** Everything but the parts that are not the policy's: what trained it, its critic, and options with no say in what it does. */
function policyOf({ weights, observationSpace, actionSpace, scaling }: PolicyDescription) {
  const own = Object.entries(weights).filter(([name]) => name.startsWith("policy."));
  return { weights: Object.fromEntries(own), observationSpace, actionSpace, scaling };
}

describe("it begins with exactly the given policy", () => {
  test.each([...acting, "bc"] as AlgorithmName[])(
    "%s: weights, scaling, and the count of what has been seen",
    async (name) => {
      for (const initial of [trained, plain]) {
        const { learner } = await startedFrom(name, initial);
        const policy = learner.policy();
        expect(policyOf(policy)).toEqual(policyOf(initial));
        expect(policy.algorithm).toBe(name);
        learner.iterate();
        const after = learner.policy();
        expect(after.weights).not.toEqual(policy.weights);
        expect(after.scaling === undefined).toBe(initial.scaling === undefined);
      }
    },
  );

  test.each(acting)("%s acts in its first step as the policy does, and counts on", async (name) => {
    const { learner } = await startedFrom(name, trained);
    const seen = trained.scaling?.moments?.count as number;
    expect(seen).toBeGreaterThan(3 * 128);
    const { steps } = learner.iterate();
    expect(learner.policy().scaling?.moments?.count).toBe(seen + steps);
  });

  test("an iteration's first actions are those of the policy at the same key", async () => {
    // Rewards that tell the action: sampled from the same numbers by the same policy, they agree.
    const rewards: number[] = [];
    const recorder = () => {
      const one = environmentSpec(id).makeSingle();
      return {
        ...{ observationSpace: one.observationSpace, actionSpace: one.actionSpace },
        reset: (options?: { seed?: number }) => one.reset(options),
        step(action: ArrayLike<number>) {
          const result = one.step(action);
          rewards.push(result.reward);
          return result;
        },
      };
    };
    const run = async (initialPolicy: PolicyDescription) => {
      rewards.length = 0;
      const options = { ...sizes, nSteps: 1 };
      const { learner } = await createLearner("ppo", { environment: recorder, initialPolicy, options, seed: 2 });
      learner.iterate();
      return [...rewards];
    };
    const first = await run(trained);
    expect(first).toHaveLength(4);
    expect(await run(decodePolicy(encodePolicy(trained)))).toEqual(first);
    const other = structuredClone(trained);
    other.scaling?.mean.fill(3);
    Object.assign(other.scaling as object, { moments: undefined });
    expect(await run(other)).not.toEqual(first);
  });

  test("the critic comes along unless a new one is wanted", async () => {
    const critic = ({ weights }: PolicyDescription) =>
      Object.fromEntries(Object.entries(weights).filter(([name]) => name.startsWith("value.")));
    for (const name of acting) {
      const own = await startedFrom(name, trained);
      expect(own.initialCritic, name).toBe(true);
      expect(critic(own.learner.policy())).toEqual(critic(trained));
      const fresh = await startedFrom(name, trained, { initialCritic: false });
      expect(fresh.initialCritic).toBe(false);
      expect(critic(fresh.learner.policy())).not.toEqual(critic(trained));
      expect(policyOf(fresh.learner.policy())).toEqual(policyOf(trained));
    }
  });

  test("a policy without a critic, as bc gives, gets a new one", async () => {
    const { learner: clone } = await startedFrom("bc", trained);
    iterate(clone, 1);
    expect(Object.keys(clone.policy().weights).some((name) => name.startsWith("value."))).toBe(false);
    const { learner, initialCritic } = await startedFrom("ppo", clone.policy());
    expect(initialCritic).toBe(false);
    expect(policyOf(learner.policy())).toEqual(policyOf(clone.policy()));
    learner.iterate();
    const asked = startedFrom("ppo", clone.policy(), { initialCritic: true });
    await expect(asked).rejects.toThrow(/cannot take over the critic.*none of bc/);
  });

  test("layers shared with a critic are the policy's own where the new critic shares none", async () => {
    const options = { ...sizes, hidden: [12], shared: true };
    const { learner: first } = await createLearner("ppo", { environment: id, options });
    const { learner, initialCritic } = await startedFrom("trpo", first.policy());
    expect(initialCritic).toBe(false);
    expect(policyOf(learner.policy()).weights).toEqual(policyOf(first.policy()).weights);
    expect((await startedFrom("ppo", first.policy())).initialCritic).toBe(true);
  });

  test("a resume of such a run is exact, bc's normaliser included", async () => {
    for (const name of ["ppo", "bc"] as const) {
      const { learner: straight } = await startedFrom(name, trained);
      iterate(straight, 1);
      const resumeFrom = straight.save();
      const options = { ...(name === "ppo" && sizes), ...network, normalizeObservations: true, clipObservations: 5 };
      const critic = name === "ppo" && { criticHidden: [9] };
      const again = await createLearner(name, {
        ...(name === "bc" ? { data } : { environment: id }),
        ...{ resumeFrom, seed: 11, options: { ...options, ...critic } },
      });
      expect(again.learner.policy()).toEqual(straight.policy());
      expect(iterate(again.learner, 2)).toEqual(iterate(straight, 2));
      expect(again.learner.save()).toEqual(straight.save());
    }
  });

  test("a policy ready to act will do, and one whose file does not say how much it has seen", async () => {
    const policy = new Policy(await createEngine(), plain);
    expect(policyOf((await startedFrom("ppo", policy)).learner.policy())).toEqual(policyOf(plain));
    const { moments: _, ...scaling } = trained.scaling as NonNullable<PolicyDescription["scaling"]>;
    const { learner } = await startedFrom("ppo", { ...trained, scaling });
    const { moments, ...own } = learner.policy().scaling as NonNullable<PolicyDescription["scaling"]>;
    expect(own).toEqual(scaling);
    expect(moments?.count).toBe(10_000);
  });

  test("another task of the same spaces", async () => {
    const { learner: old } = await createLearner("ppo", {
      environment: "CartPole-v1",
      options: { ...sizes, hidden: [8] },
    });
    const make = () => environmentSpec("CartPole-v1").makeSingle();
    const environment = {
      ...environmentSpec("CartPole-v1"),
      id: "Longer-v0",
      make: (n: number) => batchFromFactory(make, n, { id: "Longer-v0" }),
    };
    const { learner, options } = await createLearner("ppo", {
      environment,
      initialPolicy: old.policy(),
      options: sizes,
    });
    expect(options["hidden"]).toEqual([8]);
    expect(learner.policy()).toMatchObject({ environment: "Longer-v0", weights: old.policy().weights });
  });
});

describe("settings", () => {
  test("network options that are not given are the policy's, before any preset's; others stay what they are", async () => {
    const { options } = await startedFrom("ppo", trained, { options: { learningRate: 1e-5 } });
    expect(options).toMatchObject({ ...network, criticHidden: [9], normalizeObservations: true, clipObservations: 5 });
    expect(options["learningRate"]).toBe(1e-5);
    const lean = await startedFrom("ppo", plain);
    expect(lean.options).toMatchObject({ normalizeObservations: false, nEnvs: 4 });
  });

  test.each([
    [
      "other sizes",
      "ppo",
      { hidden: [13] },
      /another network than is asked for: hidden: got hidden \[12\], expected hidden \[13\]/,
    ],
    [
      "another activation",
      "trpo",
      { activation: "tanh" },
      /activation: got activation "relu", expected activation "tanh"/,
    ],
    ["another distribution", "bc", { distribution: "beta" }, /network.*distribution/],
    [
      "no normaliser",
      "a2c",
      { normalizeObservations: false },
      /sees observations in another way.*got normalizeObservations true/,
    ],
    [
      "another bound",
      "bc",
      { clipObservations: 3 },
      /clipObservations 5, expected normalizeObservations true, clipObservations 3/,
    ],
  ] as [string, AlgorithmName, Record<string, unknown>, RegExp][])(
    "asked for otherwise: %s",
    async (_, name, options, message) => {
      await expect(startedFrom(name, trained, { options })).rejects.toThrow(message);
      await expect(startedFrom(name, trained, { options })).rejects.toThrow(
        expect.objectContaining({ code: "option" }),
      );
    },
  );

  test("a critic of another network is not taken, and refused when it is asked for", async () => {
    const options = { criticHidden: [7] };
    expect((await startedFrom("ppo", trained, { options })).initialCritic).toBe(false);
    const asked = startedFrom("ppo", trained, { options, initialCritic: true });
    await expect(asked).rejects.toThrow(/cannot take over the critic.*criticHidden \[9\]/);
  });

  test("other spaces, a memory where there can be none, two beginnings, no policy at all", async () => {
    const elsewhere = createLearner("ppo", { environment: "CartPole-v1", initialPolicy: trained });
    await expect(elsewhere).rejects.toThrow(/distribution is for Box actions|cannot be used with CartPole-v1/);
    const cartPole = createLearner("ppo", {
      environment: "Acrobot-v1",
      initialPolicy: (await createLearner("ppo", { environment: "CartPole-v1" })).learner.policy(),
    });
    await expect(cartPole).rejects.toThrow(/policy of CartPole-v1 cannot be used with Acrobot-v1: other observations/);
    const { learner } = await createLearner("ppo", { environment: id, options: { ...sizes, recurrent: "gru" } });
    await expect(startedFrom("reinforce", learner.policy())).rejects.toThrow(
      /no setting recurrent: got a policy with recurrent "gru"/,
    );
    await expect(startedFrom("ppo", trained, { resumeFrom: learner.save() })).rejects.toThrow(
      /cannot begin in two ways/,
    );
    await expect(startedFrom("ppo", "runs/x" as never)).rejects.toThrow(/no policy: got "runs\/x".*loadPolicy/);
    const critic = createLearner("ppo", { environment: id, initialCritic: true });
    await expect(critic).rejects.toThrow(/and there is none/);
  });
});

test("behaviour cloning, then PPO: better from the start than PPO alone (CartPole-v1)", async () => {
  const environment = "CartPole-v1";
  const expert = await train("ppo", { environment, steps: 20_000, seed: 1 });
  const episodes = await recordEpisodes(expert.policy.description, environment, { episodes: 3, seed: 1 });
  const clone = await train("bc", { data: episodes, steps: 20_000, seed: 1 });
  const early = async (initialPolicy?: Policy) => {
    const { metrics } = await train("ppo", {
      environment,
      steps: 4000,
      seed: 2,
      ...(initialPolicy && { initialPolicy }),
    });
    return metrics["episodeReturn"];
  };
  const alone = await early();
  expect(alone).toBeLessThan(60);
  expect(await early(clone.policy)).toBeGreaterThan(1.5 * alone);
}, 60_000);
