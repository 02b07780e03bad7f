/** The tasks on Box2D with all that making them needs; loaded when one is first prepared (catalogue.ts). */
import type { BatchedEnvironment, EnvironmentSpec } from "../batched.ts";
import { batchFromFactory } from "../batchFromFactory.ts";
import type { Environment } from "../environment.ts";
import { timeLimit } from "../wrappers.ts";
import { BipedalWalker, recordedWalker } from "./bipedalWalker.ts";
import { prepareBox2d } from "./engine.ts";
import { LunarLander, recordedLander } from "./lunarLander.ts";
import { type Box2dId, type LunarLanderOptions, landerDefaults, type TaskFacts, taskFacts } from "./taskFacts.ts";

type Recorded = Readonly<Record<string, readonly number[]>>;
type Startable = Environment & { startFrom(recorded: Recorded): unknown };

interface Task extends TaskFacts {
  make(): Startable;
  recordedInitial: NonNullable<EnvironmentSpec["recordedInitial"]>;
}

/** Recordings are begun in the environment that a batch was made of. */
const begun = new WeakMap<BatchedEnvironment, Startable[]>();

function specOf({ id, summary, maxEpisodeSteps, rewardThreshold, make, recordedInitial }: Task): EnvironmentSpec {
  return {
    id,
    summary,
    maxEpisodeSteps,
    rewardThreshold,
    prepare: prepareBox2d,
    make(count, firstIndex) {
      const singles: Startable[] = [];
      const factory = () => {
        const single = make();
        singles.push(single);
        return single;
      };
      const batch = batchFromFactory(factory, count, { id, maxEpisodeSteps }, firstIndex);
      begun.set(batch, singles.slice(-count));
      return batch;
    },
    makeSingle: () => timeLimit(make(), maxEpisodeSteps),
    recordedInitial,
    startFrom(environment, initial) {
      const observation = begun.get(environment)![0].startFrom(initial) as Float32Array;
      environment.observations.set(observation);
      environment.exactObservations?.set(observation);
    },
  };
}

/** LunarLander with these options, under an id of its own. */
export function lunarLanderSpec(id: string, given: LunarLanderOptions): EnvironmentSpec {
  const options = { ...landerDefaults, ...given };
  return specOf({
    ...taskFacts("LunarLander-v3"),
    id,
    make: () => new LunarLander(id, options),
    recordedInitial: (episode) => recordedLander(episode, options.gravity),
  });
}

function walkerSpec(id: Box2dId, hardcore: boolean): EnvironmentSpec {
  return specOf({
    ...taskFacts(id),
    make: () => new BipedalWalker(id, hardcore),
    recordedInitial: recordedWalker,
  });
}

export const tasks: Readonly<Record<Box2dId, EnvironmentSpec>> = {
  "LunarLander-v3": lunarLanderSpec("LunarLander-v3", {}),
  "LunarLanderContinuous-v3": lunarLanderSpec("LunarLanderContinuous-v3", { continuous: true }),
  "BipedalWalker-v3": walkerSpec("BipedalWalker-v3", false),
  "BipedalWalkerHardcore-v3": walkerSpec("BipedalWalkerHardcore-v3", true),
};
