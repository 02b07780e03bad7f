/** What lists and options say of the tasks, without the physics and without the code that needs it. */

export type Box2dId = "LunarLander-v3" | "LunarLanderContinuous-v3" | "BipedalWalker-v3" | "BipedalWalkerHardcore-v3";

export interface TaskFacts {
  id: string;
  summary: string;
  maxEpisodeSteps: number;
  rewardThreshold: number;
}

export interface LunarLanderOptions {
  /** Two throttles in [−1, 1] in place of four actions. Default false. */
  continuous?: boolean;
  /** Between −12 and 0. Default −10. */
  gravity?: number;
  /** Default false. */
  enableWind?: boolean;
  /** 0 to 20. Default 15. */
  windPower?: number;
  /** 0 to 2. Default 1.5. */
  turbulencePower?: number;
}

export const landerDefaults: Required<LunarLanderOptions> = {
  continuous: false,
  gravity: -10,
  enableWind: false,
  windPower: 15,
  turbulencePower: 1.5,
};

const facts: Readonly<Record<Box2dId, readonly [summary: string, steps: number, threshold: number]>> = {
  "LunarLander-v3": ["land softly between two flags, with three engines", 1000, 200],
  "LunarLanderContinuous-v3": ["the same with two throttles", 1000, 200],
  "BipedalWalker-v3": ["walk on two legs over gentle slopes", 1600, 300],
  "BipedalWalkerHardcore-v3": ["the same over stumps, stairs and pits", 2000, 300],
};

export function taskFacts(id: Box2dId): TaskFacts {
  const [summary, maxEpisodeSteps, rewardThreshold] = facts[id];
  return { id, summary: `${summary} (Box2D)`, maxEpisodeSteps, rewardThreshold };
}
