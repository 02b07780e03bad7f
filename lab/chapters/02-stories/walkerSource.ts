/** The walker as an environment of one's own, for the bench: the world of worlds.ts written as anybody would write it. */
import type { JsonValue } from "ascent-rl";
import type { BenchSettings } from "../../link/benchSettings.ts";

export const WALKER_SOURCE = `import { discrete, RandomStream, streams } from "ascent-rl";

// States: 0 upright, 1 braced, 2 striding, 3 down. Actions: 0 step back, 1 step forward, 2 fall forward.
export default () => {
  let random, state, steps;
  return {
    observationSpace: discrete(4),
    actionSpace: discrete(3),
    reset({ seed } = {}) {
      if (seed !== undefined || random === undefined) random = new RandomStream(seed ?? 0, streams.user);
      state = 0;
      steps = 0;
      return { observation: state };
    },
    step(action) {
      const falls = [0.2, [0.8, 0, 0.05][state], 1][action];
      state = random.uniform() < falls ? 3 : action === 0 ? 1 : 2;
      steps++;
      return { observation: state, reward: [-1, 1, 2][action], terminated: state === 3 || steps === 10, truncated: false };
    },
  };
};
`;

type Options = Readonly<Record<string, JsonValue>>;

/** REINFORCE on the walker as the chapter trains it, with these weights. */
export function reinforceOnWalker(trajectories: number, a: Options, b?: Options): BenchSettings {
  const side = (options: Options) => ({
    ...{ algorithm: "reinforce", environment: "Walker", source: WALKER_SOURCE, steps: 10_000 },
    options: {
      ...{ hidden: [], nEnvs: trajectories, nSteps: 10, gamma: 1, optimiser: "sgd", learningRate: 0.1 },
      ...options,
    },
  });
  return { a: side(a), ...(b && { b: side(b) }), seeds: [0, 1, 2, 3, 4, 5, 6, 7], hide: [], chapter: "stories" };
}
