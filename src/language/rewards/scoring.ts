/**
 * Rewards of a batch of completions from all their sources, checked: a function that throws, gives another count, or something that is
 * no finite number is named, with the completion. A function may give a Promise; whoever drives the work has to let others have
 * their turn then, which `iterate()` does not.
 */

import { isNumbers } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { combineRewards } from "../../estimators/preferences/groupAdvantages.ts";
import type { Work } from "../../pauses.ts";
import { type ModelScorer, modelScorer } from "./modelScores.ts";
import type { ScoredCompletions } from "./rewardFigures.ts";
import type { NamedReward, RewardFunction } from "./rewardSource.ts";

export interface Scores extends ScoredCompletions {
  readonly each: Float64Array;
  readonly rewards: Float64Array;
  readonly weights: readonly number[];
}

export interface RewardScorer {
  readonly names: readonly string[];
  /**
   * @throws AscentError "option" for a function that throws, gives another count or what is no number; "non-finite" for NaN and
   *   infinities; "state" where a Promise cannot be waited for.
   */
  scoring(prompts: readonly (readonly number[])[], completions: readonly (readonly number[])[]): Work<Scores>;
}

export function rewardScorer(sources: readonly NamedReward[]): RewardScorer {
  const names = sources.map(({ name }) => name);
  const weights = sources.map(({ weight }) => weight);
  const scorers = sources.map(({ name, reward }) =>
    typeof reward === "function" ? functionScorer(name, reward) : modelScorer(reward),
  );
  return {
    names,
    *scoring(prompts, completions) {
      const each = new Float64Array(completions.length * scorers.length);
      for (const [k, scorer] of scorers.entries()) {
        const column = yield* scorer(prompts, completions);
        for (let i = 0; i < column.length; i++) each[i * scorers.length + k] = column[i];
      }
      const rewards = new Float64Array(completions.length);
      combineRewards(each, weights, rewards);
      return { names, weights, each, rewards };
    },
  };
}

function functionScorer(name: string, reward: RewardFunction): ModelScorer {
  const what = `The reward function "${name}"`;
  return function* (prompts, completions) {
    let given: unknown;
    try {
      given = reward(prompts, completions);
    } catch (cause) {
      throw failed(what, cause);
    }
    if (given instanceof Promise) given = yield* settled(what, given);
    return checkedScores(what, given, completions.length);
  };
}

function* settled(what: string, promise: Promise<unknown>): Work<unknown> {
  const state: { done: boolean; value?: unknown; failure?: { cause: unknown } } = { done: false };
  promise.then(
    (value) => {
      state.value = value;
      state.done = true;
    },
    (cause) => {
      state.failure = { cause };
      state.done = true;
    },
  );
  while (!state.done) {
    let turned = false;
    Promise.resolve().then(() => {
      turned = true;
    });
    yield;
    // Nobody but this work has run since: what is waited for never will.
    if (!turned) {
      throw new AscentError("state", {
        what: `${what} gave a Promise, which iterate() cannot wait for`,
        got: "a call of iterate()",
        expected: "work that lets others have their turn",
        fix: "Train with trainLanguageModel(), run `await givingWay(learner.iteration())`, or return the numbers themselves.",
      });
    }
  }
  if (state.failure !== undefined) throw failed(what, state.failure.cause);
  return state.value;
}

function failed(what: string, cause: unknown): AscentError {
  return new AscentError(
    "option",
    {
      what: `${what} failed`,
      got: cause instanceof Error ? cause.message : describeValue(cause),
      expected: "a number for each completion",
      fix: "Correct it; what it threw is the cause of this error. Nothing of this batch has been learnt.",
    },
    { cause },
  );
}

function checkedScores(what: string, given: unknown, count: number): Float64Array {
  if (!isNumbers(given) || given.length !== count) {
    throw new AscentError("option", {
      what: `${what} does not give a number for each completion`,
      got: isNumbers(given) ? `${given.length} of them` : describeValue(given),
      expected: `an array of ${count}`,
      fix: "Return one number for each completion, in their order; null for one without an opinion.",
    });
  }
  return Float64Array.from({ length: count }, (_, i) => {
    const score: unknown = given[i];
    if (score === null) return Number.NaN;
    if (typeof score === "number" && Number.isFinite(score)) return score;
    throw new AscentError(typeof score === "number" ? "non-finite" : "option", {
      what: `${what}: completion ${i}`,
      got: describeValue(score),
      expected: "a finite number, or null where it has no opinion",
      fix: "Correct the function for this completion: one such number would spoil the whole batch.",
    });
  });
}
