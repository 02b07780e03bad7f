/**
 * What collecting refuses to go on with: numbers that are not finite, named where they first show, and masks that allow
 * nothing. Steps are those of the rollout.
 */

import type { BatchedEnvironment } from "../envs/batched.ts";
import { unusableMask, unusableMaskRow } from "../envs/masks.ts";
import { AscentError } from "../errors.ts";
import type { Program } from "../tensor/program.ts";
import { timesZero } from "./finite.ts";
import type { Rollout } from "./rollout.ts";

const strange = (x: number) => !Number.isFinite(x);

/** What the environments just gave; to be checked before normalisers mix it into everybody's numbers. */
export function requireFiniteStep(environment: BatchedEnvironment, t: number): void {
  const { rewards, observations, finalObservations, truncated, count, observationSize } = environment;
  let zero = timesZero(rewards) + timesZero(observations);
  for (let i = 0; i < count; i++) {
    if (truncated[i] === 0) continue;
    for (let j = 0; j < observationSize; j++) zero += finalObservations[i * observationSize + j] * 0;
  }
  if (zero === 0) return;
  for (let i = 0; i < count; i++) {
    const row = t * count + i;
    const columns = (of: Float32Array) => of.subarray(i * observationSize, (i + 1) * observationSize);
    if (strange(rewards[i])) refuse(environment, "a reward", rewards[i], row);
    const seen = columns(observations).find(strange);
    if (seen !== undefined) refuse(environment, "an observation", seen, row);
    const last = truncated[i] === 0 ? undefined : columns(finalObservations).find(strange);
    if (last !== undefined) refuse(environment, "the observation an episode was cut off on", last, row);
  }
}

/** Names what is not finite of what the network made of the observations of step t: before the environments get to see it. */
export function refuseDecision(environment: BatchedEnvironment, act: Program, t: number): void {
  for (const [what, array, width] of [
    ["an observation", act.input("observation"), environment.observationSize],
    ["a value", act.output("value"), 1],
    ["an action", act.output("action"), environment.actionSize],
    ["a log-probability", act.output("logProb"), 1],
  ] as const) {
    const at = array.findIndex(strange);
    if (at < 0) continue;
    const value = array[at];
    refuse(environment, what, value, t * environment.count + Math.floor(at / width), act.explainNonFinite());
  }
}

/** The values of the observations that episodes were cut off on at step t. */
export function requireFiniteFinal(environment: BatchedEnvironment, value: Program, t: number): void {
  const { terminated, truncated, count } = environment;
  const values = value.output("value");
  for (let i = 0; i < count; i++) {
    if (truncated[i] === 0 || terminated[i] !== 0 || !strange(values[i])) continue;
    const what = "the value of the observation an episode was cut off on";
    refuse(environment, what, values[i], t * count + i, value.explainNonFinite());
  }
}

/** What came out at the end: normalised rewards, and the values behind the last step. */
export function requireFiniteEnd(environment: BatchedEnvironment, rollout: Rollout, value: Program): void {
  const { rewards, rows, lastValues } = rollout;
  if (timesZero(rewards) + timesZero(lastValues) === 0) return;
  const made = rollout.filled * environment.count;
  const reward = rewards.findIndex((x, row) => row < made && strange(x));
  if (reward >= 0) refuse(environment, "a normalised reward", rewards[reward], reward);
  const last = lastValues.findIndex(strange);
  if (last < 0) return;
  const because = value.explainNonFinite();
  refuse(environment, "the value behind the last step", lastValues[last], rows + last, because);
}

/** Masks that leave nothing to choose from, or are none. */
export function requireChoice(environment: BatchedEnvironment, t: number): void {
  const { id, actionSpace, actionMasks } = environment;
  const row = unusableMaskRow(actionSpace, actionMasks!);
  if (row < 0) return;
  const who = `Collecting stopped: ${id}, environment ${row}`;
  throw unusableMask(who, `at step ${t} of the rollout`, actionSpace, actionMasks!, row);
}

function refuse({ id, count }: BatchedEnvironment, what: string, value: number, row: number, because?: string): never {
  const reason = because === undefined ? "" : ` (${because})`;
  throw new AscentError("non-finite", {
    what: `Collecting stopped: ${what} is not a finite number`,
    got: `${value} from ${id}, environment ${row % count}, step ${Math.floor(row / count)} of the rollout${reason}`,
    expected: "finite numbers",
    fix: "Run checkEnvironment on the environment; if it is sound, lower the learning rate or normalise observations and rewards.",
  });
}
