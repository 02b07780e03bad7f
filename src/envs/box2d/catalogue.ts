/**
 * The tasks on Box2D as the registry holds them: all that lists need, without the physics. It and the tasks are loaded by `prepare`;
 * until then `make` says so.
 */
import type { EnvironmentSpec } from "../batched.ts";
import { box, discrete, type Space } from "../spaces.ts";
import { engineFor, prepareBox2d } from "./engine.ts";
import { type Box2dId, taskFacts } from "./taskFacts.ts";

let specs: Readonly<Record<Box2dId, EnvironmentSpec>> | undefined;

async function prepare(): Promise<void> {
  const [{ tasks }] = await Promise.all([import("./tasks.ts"), prepareBox2d()]);
  specs = tasks;
}

function ready(id: Box2dId): EnvironmentSpec {
  if (specs !== undefined) return specs[id];
  engineFor(id);
  throw new Error(`the physics is there and the tasks are not: ${id}`);
}

function entry(id: Box2dId, observations: number, actionSpace: Space): EnvironmentSpec {
  return {
    ...taskFacts(id),
    spaces: { observationSpace: box({ low: -Infinity, high: Infinity, shape: [observations] }), actionSpace },
    prepare,
    make: (count, firstIndex) => ready(id).make(count, firstIndex),
    makeSingle: () => ready(id).makeSingle(),
    recordedInitial: (episode) => ready(id).recordedInitial?.(episode),
    startFrom: (environment, initial) => ready(id).startFrom?.(environment, initial),
  };
}

export const box2dTasks: readonly EnvironmentSpec[] = [
  entry("LunarLander-v3", 8, discrete(4)),
  entry("LunarLanderContinuous-v3", 8, box({ low: -1, high: 1, shape: [2] })),
  entry("BipedalWalker-v3", 24, box({ low: -1, high: 1, shape: [4] })),
  entry("BipedalWalkerHardcore-v3", 24, box({ low: -1, high: 1, shape: [4] })),
];
