/**
 * Environments of Python's Gymnasium by their ids: as a spec from code, and as "gymnasium:ID" wherever an id is taken. Python is
 * started when environments are made, not before.
 */
import {
  checkArgument,
  checkOptions,
  named,
  type OptionChecks,
  optional,
  text,
  wholeNumber,
} from "../../arguments/checks.ts";
import type { EnvironmentSpec } from "../../envs/batched.ts";
import { registerFamily } from "../../envs/environmentRegistry.ts";
import { singleFromBatched } from "../../envs/singleFromBatched.ts";
import { GymnasiumBatch, type GymnasiumSettings } from "./batch.ts";

export interface GymnasiumOptions {
  /** Keyword arguments of `gymnasium.make`, JSON-able; default none. */
  arguments?: Readonly<Record<string, unknown>>;
  /** The `options` of every reset, JSON-able; default none. */
  resetOptions?: Readonly<Record<string, unknown>>;
  /** The Python to start; default what ASCENT_PYTHON says, else python3 (on Windows python). */
  python?: string;
  /** Milliseconds that a step or reset of the whole batch may take, default 60,000; starting has 60,000 at least. */
  timeoutMs?: number;
}

const optionChecks: OptionChecks<GymnasiumOptions> = {
  arguments: optional(named("an object of keyword arguments")),
  resetOptions: optional(named("an object of reset options")),
  python: optional(text),
  timeoutMs: optional(wholeNumber(1)),
};

const PREFIX = "gymnasium:";

/**
 * Environments of Python's Gymnasium as a spec: a Python process hosts all of a batch, one exchange a step. Spaces of the kinds Box,
 * Discrete, MultiDiscrete, MultiBinary and Dict; masks where infos have an `action_mask`. States cannot be saved: a run that goes on
 * begins new episodes.
 *
 * @param id as `gymnasium.make` takes it: "ALE/Pong-v5", "module:Mine-v0".
 * @throws AscentError "option" here; making environments throws "environment" without Python, Gymnasium or such an id, and
 *   "space" for spaces of other kinds.
 */
export function gymnasiumEnvironment(id: string, options: GymnasiumOptions = {}): EnvironmentSpec {
  checkArgument("gymnasiumEnvironment: id", text, id);
  checkOptions("gymnasiumEnvironment", optionChecks, options);
  const settings = (): GymnasiumSettings => ({
    id: `${PREFIX}${id}`,
    name: id,
    arguments: options.arguments ?? {},
    resetOptions: options.resetOptions,
    python: options.python ?? (process.env["ASCENT_PYTHON"] || (process.platform === "win32" ? "python" : "python3")),
    timeoutMs: options.timeoutMs ?? 60_000,
  });
  return {
    id: `${PREFIX}${id}`,
    summary: "an environment of Python's Gymnasium",
    maxEpisodeSteps: undefined,
    make: (count) => new GymnasiumBatch(settings(), count),
    makeSingle: () => singleFromBatched(new GymnasiumBatch(settings(), 1)),
  };
}

/** From now on every id that begins with "gymnasium:" is known. */
export function registerGymnasium(): void {
  registerFamily(PREFIX, (id) => gymnasiumEnvironment(id.slice(PREFIX.length)));
}
