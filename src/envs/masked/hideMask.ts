/** Hiding an environment's action masks, to see what they are worth: every action of the space then reaches it. */
import type { EnvironmentSpec } from "../batched.ts";
import { batchFromFactory } from "../batchFromFactory.ts";
import type { Environment } from "../environment.ts";

/** The same task under the same id, without masks; not registered. */
export function withoutMasks(spec: EnvironmentSpec): EnvironmentSpec {
  const makeSingle = () => hideMask(spec.makeSingle());
  return { ...spec, makeSingle, make: (count) => batchFromFactory(makeSingle, count, { id: spec.id }) };
}

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
