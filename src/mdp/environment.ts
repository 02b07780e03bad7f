/** A tabular MDP as an environment of the library: observations are state numbers, so policies see them one-hot. */

import { z } from "zod";
import { checkArguments, checkOptions, type OptionChecks, oneOf, optional, text } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import type { EnvironmentSpec } from "../envs/batched.ts";
import { batchFromFactory } from "../envs/batchFromFactory.ts";
import { refuseSaved } from "../envs/checks.ts";
import type { Environment } from "../envs/environment.ts";
import { discrete } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { RandomStream, streams } from "../random/index.ts";
import { mdpCheck } from "./argumentChecks.ts";
import type { TabularMdp } from "./tabularMdp.ts";
import { sampleIndex } from "./trajectories.ts";
import { worldScene } from "./worldScene.ts";

export interface MdpEnvironmentOptions {
  /**
   * What reaching the horizon is called. "truncated" (default): the clock did it, and values go on behind it. "terminated":
   * the end is part of the task, as in the finite-horizon quantities.
   */
  horizonEnds?: "truncated" | "terminated";
}

const environmentOptions: OptionChecks<MdpEnvironmentOptions> = {
  horizonEnds: optional(oneOf(["truncated", "terminated"])),
};

/** Discrete(states) observations, Discrete(actions) actions, rewards r(s,a); exact save and resume. */
export function mdpEnvironment(mdp: TabularMdp, options: MdpEnvironmentOptions = {}): Environment<number, number> {
  checkArguments("mdpEnvironment", { mdp: mdpCheck }, { mdp });
  checkOptions("mdpEnvironment", environmentOptions, options);
  const { horizonEnds = "truncated" } = options;
  let random = new RandomStream(0, streams.environmentStates);
  let state = 0;
  let steps = 0;
  let ended = true;
  const count = z.int().min(0);
  const savedForm = z.object({
    seed: count,
    counter: count,
    state: count.max(mdp.states - 1),
    steps: count,
    ended: z.boolean(),
  });
  return {
    observationSpace: discrete(mdp.states),
    actionSpace: discrete(mdp.actions),
    reset: ({ seed } = {}) => {
      if (seed !== undefined) random = new RandomStream(seed, streams.environmentStates);
      state = sampleIndex(mdp.start, 0, mdp.states, random);
      steps = 0;
      ended = false;
      return { observation: state };
    },
    step: (action) => {
      if (ended) {
        throw new AscentError("state", {
          what: "mdpEnvironment: there is no episode to step",
          fix: "Call reset first, and again after every end.",
        });
      }
      if (!Number.isInteger(action) || action < 0 || action >= mdp.actions) {
        throw new AscentError("space", {
          what: "mdpEnvironment: not an action",
          got: describeValue(action),
          expected: `an integer from 0 to ${mdp.actions - 1}`,
          fix: "Give one of the environment's actionSpace.",
        });
      }
      const pair = state * mdp.actions + action;
      state = sampleIndex(mdp.transition, pair * mdp.states, mdp.states, random);
      steps++;
      const late = mdp.horizon !== undefined && steps >= mdp.horizon;
      const arrived = mdp.terminal[state] !== 0;
      ended = arrived || late;
      return {
        observation: state,
        reward: mdp.reward[pair],
        terminated: arrived || (late && horizonEnds === "terminated"),
        truncated: late && horizonEnds === "truncated",
      };
    },
    scene: () => worldScene(mdp, { state }),
    saveState: () => ({ seed: random.seed, counter: random.counter, state, steps, ended }),
    loadState: (saved) => {
      const parsed = savedForm.safeParse(saved);
      if (!parsed.success) refuseSaved("mdpEnvironment", parsed.error);
      const from = parsed.data;
      random = new RandomStream(from.seed, streams.environmentStates);
      random.counter = from.counter;
      state = from.state;
      steps = from.steps;
      ended = from.ended;
    },
  };
}

/** The same as a spec: for `registerEnvironment`, `makeBatched` and training by name. */
export function mdpSpec(id: string, mdp: TabularMdp, options: MdpEnvironmentOptions = {}): EnvironmentSpec {
  checkArguments("mdpSpec", { id: text, mdp: mdpCheck }, { id, mdp });
  checkOptions("mdpSpec", environmentOptions, options);
  return {
    id,
    maxEpisodeSteps: mdp.horizon,
    make: (count, firstIndex) => batchFromFactory(() => mdpEnvironment(mdp, options), count, { id }, firstIndex),
    makeSingle: () => mdpEnvironment(mdp, options),
    summary: `a tabular MDP of ${mdp.states} states and ${mdp.actions} actions with exact answers`,
  };
}
