/** What the compiler is told of the built-in environments is what they are. */

import { expect, test } from "vitest";
import { type KnownEnvironments, listEnvironments } from "../../src/envs/index.ts";

/** The kinds of observation and action space by id; others than the types' do not compile. */
type Kinds = {
  [Id in keyof KnownEnvironments]: [
    KnownEnvironments[Id]["observationSpace"]["kind"],
    KnownEnvironments[Id]["actionSpace"]["kind"],
  ];
};

const kinds: Kinds = {
  "CartPole-v1": ["box", "discrete"],
  "Acrobot-v1": ["box", "discrete"],
  "Pendulum-v1": ["box", "box"],
  "MountainCar-v0": ["box", "discrete"],
  "MountainCarContinuous-v0": ["box", "box"],
  "CartPoleNoVelocity-v1": ["box", "discrete"],
  "PendulumNoVelocity-v1": ["box", "box"],
  "MaskedCorridor-v1": ["discrete", "discrete"],
  "GridImage-v1": ["box", "discrete"],
  "CartPoleImage-v1": ["box", "discrete"],
  "LunarLander-v3": ["box", "discrete"],
  "LunarLanderContinuous-v3": ["box", "box"],
  "BipedalWalker-v3": ["box", "box"],
  "BipedalWalkerHardcore-v3": ["box", "box"],
  "HalfCheetah-v5": ["box", "box"],
  "Hopper-v5": ["box", "box"],
  "Walker2d-v5": ["box", "box"],
  "Ant-v5": ["box", "box"],
  "Humanoid-v5": ["box", "box"],
  "HumanoidStandup-v5": ["box", "box"],
  "Swimmer-v5": ["box", "box"],
  "Reacher-v5": ["box", "box"],
  "Pusher-v5": ["box", "box"],
  "InvertedPendulum-v5": ["box", "box"],
  "InvertedDoublePendulum-v5": ["box", "box"],
};

test("ids and kinds of spaces are those of the registry", () => {
  const found = listEnvironments().map(({ id, spaces, makeSingle }) => {
    const { observationSpace, actionSpace } = spaces ?? makeSingle();
    return [id, [observationSpace.kind, actionSpace.kind]];
  });
  expect(Object.fromEntries(found)).toEqual(kinds);
});
