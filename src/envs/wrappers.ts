/**
 * Wrappers around one environment: each takes an environment and gives another. They pass masks, saved state, scenes and
 * close through, where the wrapped environment has them.
 */
import { z } from "zod";
import { callback, checkArgument, checkArguments, wholeNumber } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import type { Scene } from "../scenes/scene.ts";
import { refuseSaved } from "./checks.ts";
import { environmentCheck } from "./contract.ts";
import type { Environment, StepResult } from "./environment.ts";
import { describe, type Space } from "./spaces.ts";

const limitForm = z.object({ steps: z.int().min(0), inner: z.unknown() });

const timeLimitArguments = {
  environment: environmentCheck,
  steps: { ...wholeNumber(1), fix: "Give the number of steps after which an episode is cut off." },
};

/**
 * Truncates episodes at `steps` steps. An episode that also terminates on its last step reports both. Throws AscentError
 * "option" unless steps is an integer ≥ 1.
 */
export function timeLimit<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Action, ObservationSpace, ActionSpace>,
  steps: number,
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  checkArguments("timeLimit", timeLimitArguments, { environment, steps });
  let taken = 0;
  const wrapped = passThrough(environment, {
    reset(options) {
      taken = 0;
      return environment.reset(options);
    },
    step(action) {
      const result = environment.step(action);
      taken++;
      return taken >= steps ? { ...result, truncated: true } : result;
    },
  });
  if (environment.saveState !== undefined && environment.loadState !== undefined) {
    wrapped.saveState = () => ({ steps: taken, inner: environment.saveState?.() });
    wrapped.loadState = (state) => {
      const saved = limitForm.safeParse(state);
      if (!saved.success) refuseSaved("timeLimit", saved.error);
      environment.loadState?.(saved.data.inner);
      taken = saved.data.steps;
    };
  }
  return wrapped;
}

/** Clips Box actions to the bounds of the action space before they reach the environment. */
export function clipAction<Observation, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Float32Array, ObservationSpace, ActionSpace>,
): Environment<Observation, ArrayLike<number>, ObservationSpace, ActionSpace> {
  checkArgument("clipAction: environment", environmentCheck, environment);
  const space: Space = environment.actionSpace;
  if (space.kind !== "box") {
    throw new AscentError("space", {
      what: "clipAction needs Box actions",
      got: describe(space),
      expected: "a Box",
      fix: "Leave clipAction out: only Box actions can be outside their bounds a little.",
    });
  }
  return passThrough(environment, {
    step: (action: ArrayLike<number>) =>
      environment.step(Float32Array.from(action, (x, i) => Math.min(Math.max(x, space.low[i]), space.high[i]))),
  });
}

const transformArguments = { environment: environmentCheck, transform: callback };

/** Replaces every reward by transform(reward). */
export function transformReward<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Action, ObservationSpace, ActionSpace>,
  transform: (reward: number) => number,
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  checkArguments("transformReward", transformArguments, { environment, transform });
  return passThrough(environment, {
    step(action) {
      const result = environment.step(action);
      return { ...result, reward: transform(result.reward) };
    },
  });
}

function passThrough<Observation, Inner, ObservationSpace extends Space, ActionSpace extends Space, Outer = Inner>(
  environment: Environment<Observation, Inner, ObservationSpace, ActionSpace>,
  changed: {
    reset?: Environment<Observation, Outer>["reset"];
    step(action: Outer): StepResult<Observation>;
  },
): Environment<Observation, Outer, ObservationSpace, ActionSpace> {
  return {
    observationSpace: environment.observationSpace,
    actionSpace: environment.actionSpace,
    reset: changed.reset ?? ((options) => environment.reset(options)),
    step: (action) => changed.step(action),
    actionMask: environment.actionMask && (() => (environment.actionMask as () => Uint8Array)()),
    saveState: environment.saveState && (() => environment.saveState?.()),
    loadState: environment.loadState && ((state) => environment.loadState?.(state)),
    scene: environment.scene && (() => (environment.scene as () => Scene)()),
    close: () => environment.close?.(),
  };
}
