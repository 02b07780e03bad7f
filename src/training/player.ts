/**
 * One episode of a policy, a step at a time, for watching: what it sees as a picture, what it is about to choose from, what it
 * got; and somebody else may act in its place. With the same seed it is the first episode of `evaluatePolicy`, reward for reward.
 */

import {
  anything,
  checkArgument,
  checkOptions,
  engine as engineCheck,
  type OptionChecks,
  optional,
  seed as seedCheck,
  trueOrFalse,
} from "../arguments/checks.ts";
import { batchOptionNames } from "../envs/batchFromFactory.ts";
import { requireSource } from "../envs/contract.ts";
import {
  type BatchedEnvironment,
  type BatchOptions,
  type EnvironmentSource,
  makeBatched,
  prepareEnvironment,
} from "../envs/index.ts";
import { AscentError } from "../errors.ts";
import { type DecisionPart, decisionOf } from "../policies/decision.ts";
import { descriptionCheck, type PolicyDescription } from "../policies/description.ts";
import { Policy } from "../policies/policy.ts";
import { requireSameSpaces } from "../policies/sameSpaces.ts";
import { deriveSeed, streams } from "../random/index.ts";
import type { Scene } from "../scenes/scene.ts";
import { actingEngineFor, type Engine, type EngineOptions } from "../tensor/engine.ts";

export interface PlayerOptions extends EngineOptions {
  /** Of the environment and of sampled actions, as of `evaluatePolicy`. Default 0. */
  seed?: number;
  /** Most probable actions (default true) or sampled ones. */
  deterministic?: boolean;
  /** Default: one of its own. */
  engine?: Engine;
  /** For environments of your own: time limit and the like. */
  environmentOptions?: BatchOptions;
}

const playerOptions: OptionChecks<PlayerOptions> = {
  seed: optional(seedCheck),
  deterministic: optional(trueOrFalse),
  engine: optional(engineCheck),
  kernels: optional(anything),
  environmentOptions: optional(anything),
};

/** Where an episode is. Plain data. */
export interface PlayedState {
  /** Steps taken. */
  step: number;
  /** Sum of the rewards so far. */
  episodeReturn: number;
  /** Of the last step; 0 before the first. */
  reward: number;
  /** What the last step was taken with, as flat columns; undefined before the first. */
  action: number[] | undefined;
  /** The environment's picture; undefined where it draws none. */
  scene: Scene | undefined;
  /** What the policy chooses its next action from; undefined after the end. */
  decision: DecisionPart[] | undefined;
  /** The action it has chosen, as flat columns; undefined after the end. */
  chosen: number[] | undefined;
  ended: "terminated" | "truncated" | undefined;
}

export interface Player {
  readonly environment: BatchedEnvironment;
  readonly state: PlayedState;
  /** Takes effect from the next decision on. */
  deterministic: boolean;
  /**
   * One step: with the policy's action, or with another one in its place, as flat columns.
   *
   * @throws AscentError "state" after the episode's end, "space" for an action that is none.
   */
  step(action?: ArrayLike<number>): PlayedState;
  /** Closes the environment. */
  close(): void;
}

/** @throws AscentError "space" when the policy is of other spaces than the environment. */
export async function createPlayer(
  description: PolicyDescription,
  source: EnvironmentSource,
  options: PlayerOptions = {},
): Promise<Player> {
  checkArgument("createPlayer: the policy", descriptionCheck, description);
  requireSource("createPlayer", source);
  checkOptions("createPlayer", playerOptions, options, { environmentOptions: batchOptionNames });
  await prepareEnvironment(source);
  const environment = makeBatched(source, 1, options.environmentOptions);
  requireSameSpaces("The policy", description, environment);
  const seed = deriveSeed(options.seed ?? 0, streams.evaluation, 0, 0);
  const policy = new Policy(await actingEngineFor(options), description, { seed });
  environment.reset(seed);
  return new Episode(environment, policy, options.deterministic ?? true);
}

class Episode implements Player {
  readonly environment: BatchedEnvironment;
  deterministic: boolean;
  #state: PlayedState;
  readonly #policy: Policy;
  readonly #action: Float32Array;

  constructor(environment: BatchedEnvironment, policy: Policy, deterministic: boolean) {
    this.environment = environment;
    this.deterministic = deterministic;
    this.#policy = policy;
    this.#action = new Float32Array(environment.actionSize);
    const scene = environment.scene?.(0);
    const begin = { step: 0, episodeReturn: 0, reward: 0, action: undefined, ended: undefined };
    this.#state = { ...begin, scene, ...this.#decide() };
  }

  get state(): PlayedState {
    return this.#state;
  }

  step(action?: ArrayLike<number>): PlayedState {
    const { environment } = this;
    if (this.#state.ended !== undefined) {
      throw new AscentError("state", {
        what: `${environment.id}: the episode has ended`,
        fix: "Make another player, with another seed for another episode.",
      });
    }
    const taken = this.#taken(action);
    environment.step(taken);
    const reward = environment.rewards[0];
    const { step, episodeReturn } = this.#state;
    // A task that ends at its time limit ended: no value follows.
    const ended = environment.terminated[0] ? "terminated" : environment.truncated[0] ? "truncated" : undefined;
    this.#state = {
      ...{ step: step + 1, episodeReturn: episodeReturn + reward, reward, action: Array.from(taken), ended },
      scene: ended ? environment.finalScene?.(0) : environment.scene?.(0),
      ...(ended ? { decision: undefined, chosen: undefined } : this.#decide()),
    };
    return this.#state;
  }

  close(): void {
    this.environment.close?.();
  }

  #taken(action: ArrayLike<number> | undefined): Float32Array {
    if (action === undefined) return this.#action;
    const columns = Float32Array.from(action);
    if (columns.length === this.#action.length) return columns;
    throw new AscentError("shape", {
      what: "Player.step: the action has the wrong number of columns",
      got: `${columns.length}`,
      expected: `${this.#action.length}`,
      fix: "Give the action's flat columns, as in PlayedState.chosen.",
    });
  }

  #decide(): Pick<PlayedState, "decision" | "chosen"> {
    const { environment, deterministic } = this;
    const mask = environment.actionMasks;
    const observations = environment.exactObservations ?? environment.observations;
    this.#policy.actBatch(observations, this.#action, { deterministic, ...(mask && { mask }) });
    return { decision: decisionOf(this.#policy), chosen: Array.from(this.#action) };
  }
}
