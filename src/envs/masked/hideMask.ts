/** Hiding an environment's action masks, to see what they are worth: every action of the space then reaches it. */
import { checkArgument, having } from "../../arguments/checks.ts";
import type { Scene } from "../../scenes/scene.ts";
import type { EnvironmentSpec } from "../batched.ts";
import { batchFromFactory } from "../batchFromFactory.ts";
import type { Environment } from "../environment.ts";
import type { Space } from "../spaces.ts";

const environmentCheck = having("an environment", "observationSpace", "actionSpace", "reset", "step");
const specCheck = { ...having("an environment's spec", "id", "makeSingle"), fix: "Give environmentSpec(id)." };

/** The same task under the same id, without masks; not registered. */
export function withoutMasks<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  spec: EnvironmentSpec<Environment<Observation, Action, ObservationSpace, ActionSpace>>,
): EnvironmentSpec<Environment<Observation, Action, ObservationSpace, ActionSpace>> {
  checkArgument("withoutMasks: spec", specCheck, spec);
  const makeSingle = () => hideMask(spec.makeSingle());
  return {
    ...spec,
    makeSingle,
    make: (count, firstIndex) => batchFromFactory(makeSingle, count, { id: spec.id }, firstIndex),
  };
}

export function hideMask<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Action, ObservationSpace, ActionSpace>,
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  checkArgument("hideMask: environment", environmentCheck, environment);
  return {
    observationSpace: environment.observationSpace,
    actionSpace: environment.actionSpace,
    reset: (options) => environment.reset(options),
    step: (action) => environment.step(action),
    ...(environment.saveState && { saveState: () => environment.saveState?.() }),
    ...(environment.loadState && { loadState: (state: unknown) => environment.loadState?.(state) }),
    ...(environment.scene && { scene: () => (environment.scene as () => Scene)() }),
    close: () => environment.close?.(),
  };
}
