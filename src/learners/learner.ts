/**
 * What every algorithm looks like to the loop that runs it: iterate (collect, estimate, update), save, load. What there is to take
 * away at the end is another matter: of one that learns to act, a policy.
 */

import { z } from "zod";
import type { Space } from "../envs/spaces.ts";
import type { CheckpointArray } from "../files/checkpoint.ts";
import type { JsonValue } from "../files/exactJson.ts";
import type { Work } from "../pauses.ts";
import type { PolicyDescription } from "../policies/description.ts";
import type { InitialChoice } from "./initialPolicy.ts";

/** Figures by the names of docs/metrics.md. */
export type Figures = Record<string, number>;

/** Figures of one iteration. */
export type Metrics = {
  /** As `Learner.steps`. */
  steps: number;
  [figure: string]: number;
};

/** Milliseconds of one iteration. */
export interface IterationTimes {
  act: number;
  env: number;
  learn: number;
}

export interface LearnerSnapshot {
  arrays: Record<string, CheckpointArray>;
  state: JsonValue;
}

export interface Learner<Own extends Metrics = Metrics> {
  readonly algorithm: string;
  /** Environment steps made so far, all environments counted; of an algorithm that learns from data, samples seen. */
  readonly steps: number;
  /** True once there is no use in going on, such as after early stopping. */
  readonly finished?: boolean;
  /** Steps of one iteration, or the most there can be when iterations differ. */
  readonly stepsPerIteration: number;
  readonly times: IterationTimes;
  /** Whether a saved state resumes bit for bit; false with a user's environment that cannot save its state. */
  readonly exactResume: boolean;
  /** One iteration. @throws AscentError "non-finite" naming the stage, before anything non-finite is learnt. */
  iterate(): Own;
  /**
   * One iteration as work that stops every 20 ms or so, for others to have their turn: the same bits. Until it has ended there
   * is no other, and nothing to save. Whoever gives it up by `return()` has to load a saved state before going on.
   *
   * @throws as `iterate`; AscentError "state" in the midst of another iteration.
   */
  iteration(): Work<Own>;
  /** @throws AscentError "state" in the midst of an iteration. */
  save(): LearnerSnapshot;
  /**
   * @throws AscentError "file" when the snapshot is not of such a learner, "state" in the midst of an iteration; nothing has
   *   been loaded then.
   */
  load(snapshot: LearnerSnapshot): void;
  /** Closes what it acts in: it cannot iterate any more. */
  close?(): void;
}

/** A learner of a policy over an environment. */
export interface PolicyLearner<
  Own extends Metrics = Metrics,
  ObservationSpace extends Space = Space,
  ActionSpace extends Space = Space,
> extends Learner<Own> {
  /**
   * Before the first iteration: starts from a trained policy, with its weights and its statistics of observations. The first
   * decisions are then exactly that policy's.
   *
   * @returns whether its critic was taken too.
   * @throws AscentError "space" or "option" when it is of other spaces or of another network; nothing has been taken then.
   */
  startFrom(initial: PolicyDescription, choice?: InitialChoice): { critic: boolean };
  /** The policy as it is now, with all that acting needs; in the midst of an iteration, one on its way. */
  policy(): PolicyDescription<ObservationSpace, ActionSpace>;
}

/** The annealSteps of a saved state, where it says. */
export function savedAnnealSteps({ state }: LearnerSnapshot): number | undefined {
  return z.object({ annealSteps: z.int().min(1) }).safeParse(state).data?.annealSteps;
}
