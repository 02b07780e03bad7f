/** A wrapper that hides an environment's action masks: every action of the space then reaches it. */
import type { Environment } from "../environment.ts";

export function hideMask<Observation, Action>(
  environment: Environment<Observation, Action>,
): Environment<Observation, Action> {
  return {
    observationSpace: environment.observationSpace,
    actionSpace: environment.actionSpace,
    reset: (options) => environment.reset(options),
    step: (action) => environment.step(action),
    ...(environment.saveState && { saveState: () => environment.saveState?.() }),
    ...(environment.loadState && { loadState: (state: unknown) => environment.loadState?.(state) }),
    close: () => environment.close?.(),
  };
}
