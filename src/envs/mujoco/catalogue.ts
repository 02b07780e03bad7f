/**
 * The eleven tasks as the registry holds them: all that lists need, without a model and without the physics. Both are loaded by
 * `prepare`; until then `make` says so.
 */
import type { EnvironmentSpec } from "../batched.ts";
import { box } from "../spaces.ts";
import { engineFor } from "./engine.ts";
import { prepareMujoco } from "./prepare.ts";
import { facts, type MujocoId } from "./tasks/taskFacts.ts";

/** Columns of observations, number of motors, and how far each may be told to pull. */
const sizes: Readonly<Record<MujocoId, readonly [observations: number, motors: number, limit: number]>> = {
  "HalfCheetah-v5": [17, 6, 1],
  "Hopper-v5": [11, 3, 1],
  "Walker2d-v5": [17, 6, 1],
  "Ant-v5": [105, 8, 1],
  "Humanoid-v5": [348, 17, 0.4],
  "HumanoidStandup-v5": [348, 17, 0.4],
  "Swimmer-v5": [8, 2, 1],
  "Reacher-v5": [10, 2, 1],
  "Pusher-v5": [23, 7, 2],
  "InvertedPendulum-v5": [4, 1, 3],
  "InvertedDoublePendulum-v5": [9, 1, 1],
};

let specs: Partial<Record<MujocoId, EnvironmentSpec>> | undefined;

async function prepare(): Promise<void> {
  const [{ tasks }, { mujocoSpec }] = await Promise.all([
    import("./tasks/index.ts"),
    import("./spec.ts"),
    prepareMujoco(),
  ]);
  specs ??= Object.fromEntries(Object.entries(tasks).map(([id, task]) => [id, mujocoSpec(task())]));
}

function ready(id: MujocoId): EnvironmentSpec {
  const spec = specs?.[id];
  if (spec !== undefined) return spec;
  engineFor(id);
  throw new Error(`the physics is there and the tasks are not: ${id}`);
}

function entry(id: MujocoId): EnvironmentSpec {
  const [observations, motors, limit] = sizes[id];
  return {
    ...facts[id],
    spaces: {
      observationSpace: box({ low: -Infinity, high: Infinity, shape: [observations] }),
      actionSpace: box({ low: -limit, high: limit, shape: [motors] }),
    },
    prepare,
    make: (count, firstIndex) => ready(id).make(count, firstIndex),
    makeSingle: () => ready(id).makeSingle(),
    startFrom: (environment, initial) => ready(id).startFrom?.(environment, initial),
  };
}

export const mujocoTasks: readonly EnvironmentSpec[] = (Object.keys(facts) as MujocoId[]).map(entry);
