/**
 * What every wrapper is made of: an environment that does as another one, but for what is changed; and the saved state of a
 * wrapper that remembers something, beside the state of what it wraps.
 */
import type { z } from "zod";
import type { Scene } from "../../scenes/scene.ts";
import { refuseSaved } from "../checks.ts";
import type { Environment } from "../environment.ts";
import type { Space } from "../spaces.ts";

/**
 * `inner` with these parts in place of its own. Masks, saved state and scenes are there where `inner` has them; what is left out of
 * `changed` must have the types that `inner` has.
 */
export function passThrough<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  inner: Environment,
  changed: Partial<Environment<Observation, Action, ObservationSpace, ActionSpace>>,
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  const same: Environment = {
    observationSpace: inner.observationSpace,
    actionSpace: inner.actionSpace,
    reset: (options) => inner.reset(options),
    step: (action) => inner.step(action),
    actionMask: inner.actionMask && (() => (inner.actionMask as () => Uint8Array)()),
    saveState: inner.saveState && (() => inner.saveState?.()),
    loadState: inner.loadState && ((state) => inner.loadState?.(state)),
    scene: inner.scene && (() => (inner.scene as () => Scene)()),
    close: () => inner.close?.(),
  };
  return { ...same, ...changed } as Environment<Observation, Action, ObservationSpace, ActionSpace>;
}

/** What a wrapper remembers between steps. */
export interface Memory<Kept extends object> {
  form: z.ZodType<Kept>;
  save(): Kept;
  load(kept: Kept): void;
}

/**
 * saveState and loadState of a wrapper that remembers something; none where `inner` has none. A state that is refused (AscentError
 * "file") changes nothing.
 */
export function remembering<Kept extends object>(
  wrapper: string,
  inner: Environment,
  memory: Memory<Kept>,
): Pick<Environment, "saveState" | "loadState"> {
  if (inner.saveState === undefined || inner.loadState === undefined) return {};
  return {
    saveState: () => ({ ...memory.save(), inner: inner.saveState?.() }),
    loadState(state) {
      const saved = memory.form.safeParse(state);
      if (!saved.success) refuseSaved(wrapper, saved.error);
      inner.loadState?.((state as { inner?: unknown }).inner);
      memory.load(saved.data);
    },
  };
}
