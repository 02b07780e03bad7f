/** Policies as data, on disk and back, datasets, and evaluation: the spaces go along. */

import {
  type Box,
  createLearner,
  createPolicy,
  type Discrete,
  decodePolicy,
  type EpisodeDataset,
  encodePolicy,
  evaluatePolicy,
  type ObservationValue,
  type Policy,
  type PolicyDescription,
  recordEpisodes,
  type Space,
  train,
  type ValueOf,
} from "ascent-rl";
import { loadPolicy, readPolicy } from "ascent-rl/node";
import { typeOf } from "./typeOf.js";

const { policy, learner } = await train("ppo", { environment: "CartPole-v1" });
typeOf(policy.description).is<PolicyDescription<Box, Discrete>>();
typeOf(learner.policy()).is<PolicyDescription<Box, Discrete>>();
const again = await createPolicy(policy.description);
typeOf(again.act([0, 0, 0, 0])).is<number>();
const { learner: created } = await createLearner("ppo", { environment: "Pendulum-v1" });
typeOf((await createPolicy(created.policy())).act([0, 0, 0])).is<Float32Array>();

// A file's spaces are not known before it is read, unless one says so.
const loaded = await loadPolicy("runs/mine");
typeOf(loaded).is<Policy>();
typeOf(loaded.act([0])).is<ValueOf<Space>>();
const said = await loadPolicy<Box, Discrete>("runs/mine");
typeOf(said.act([0])).is<number>();
typeOf(await readPolicy<Box, Box>("runs/mine")).is<PolicyDescription<Box, Box>>();
typeOf(decodePolicy(encodePolicy(policy.description))).is<PolicyDescription>();
// @ts-expect-error this policy takes arrays
said.act({ position: 0 });

const data = await recordEpisodes(policy.description, "CartPole-v1", { episodes: 5 });
typeOf(data).is<EpisodeDataset<Box, Discrete>>();
const { policy: clone } = await train("bc", { data });
typeOf(clone).is<Policy<Box, Discrete>>();
// @ts-expect-error how many must be said
await recordEpisodes("random", "CartPole-v1", {});

const { mean, returns } = await evaluatePolicy(policy.description, "CartPole-v1", { episodes: 5 });
typeOf(mean).is<number>();
typeOf(returns).is<number[]>();
// @ts-expect-error of its description, not of the policy itself
await evaluatePolicy(policy, "CartPole-v1");
// @ts-expect-error no such setting
await evaluatePolicy(policy.description, "CartPole-v1", { episode: 5 });

/** A function for policies of any spaces takes this one. */
export function first(some: Policy, observation: ObservationValue): ValueOf<Space> {
  return some.act(observation);
}
first(policy, [0, 0, 0, 0]);

/** What was given is exported: its types have names. */
export { again, clone, created, data, learner, loaded, policy };
export const results = { ppo: await train("ppo", { environment: "CartPole-v1" }), bc: await train("bc", { data }) };
