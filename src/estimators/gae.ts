/**
 * Generalised advantage estimation (Schulman et al. 2016, eq. 16; docs/theory.md, 11) over flat [time][environment] arrays.
 *
 *   δ_t = r_t + γ V(s_{t+1}) − V(s_t),   A_t = δ_t + γλ A_{t+1},   target_t = A_t + V(s_t)
 *
 * Where an episode terminated V(s_{t+1}) is 0; where it was only cut off it is the value of the observation it ended on.
 * In both cases the sum stops there. If both flags are set, terminated wins. λ = 1 is Monte Carlo minus V, λ = 0 one-step TD.
 */

import { checkArgument, having, wholeNumber } from "../arguments/checks.ts";
import { requireEntries, requireOutput, requireShare } from "./episodes.ts";

export interface AdvantageInputs {
  readonly steps: number;
  readonly environments: number;
  /** [steps × environments] */
  readonly rewards: ArrayLike<number>;
  /** V(s_t) [steps × environments] */
  readonly values: ArrayLike<number>;
  /** [steps × environments], 1 or 0 */
  readonly terminated: ArrayLike<number>;
  readonly truncated: ArrayLike<number>;
  /** V of the observation the episode ended on [steps × environments]; read where truncated only. */
  readonly finalValues: ArrayLike<number>;
  /** V(s_T) behind the last step [environments]. */
  readonly lastValues: ArrayLike<number>;
  /** γ in [0, 1] */
  readonly gamma: number;
  /** λ in [0, 1] */
  readonly lambda: number;
}

/**
 * Writes A_t to `advantages` and A_t + V(s_t) to `targets`, both [steps × environments].
 *
 * @throws AscentError "shape" for lengths that do not fit, "option" for γ or λ outside [0, 1].
 */
export function generalisedAdvantages(
  inputs: AdvantageInputs,
  advantages: Float32Array | Float64Array,
  targets: Float32Array | Float64Array,
): void {
  checkArgument("generalisedAdvantages: inputs", having("an object of arrays"), inputs);
  const { steps, environments, rewards, values, terminated, truncated, finalValues, lastValues, gamma, lambda } =
    inputs;
  checkArgument("generalisedAdvantages: steps", wholeNumber(1), steps);
  checkArgument("generalisedAdvantages: environments", wholeNumber(1), environments);
  requireShare("generalisedAdvantages: γ", gamma);
  requireShare("generalisedAdvantages: λ", lambda);
  const rows = { rewards, values, terminated, truncated, finalValues };
  for (const [name, array] of Object.entries(rows)) {
    requireEntries(`generalisedAdvantages: ${name}`, array, steps * environments, "step");
  }
  requireEntries("generalisedAdvantages: lastValues", lastValues, environments, "environment");
  requireOutput("generalisedAdvantages: advantages", advantages, steps * environments);
  requireOutput("generalisedAdvantages: targets", targets, steps * environments);
  writeAdvantages(inputs, advantages, targets);
}

/** As `generalisedAdvantages`, of arrays that fit for certain: a rollout's own, at every update. */
export function writeAdvantages(
  {
    steps,
    environments,
    rewards,
    values,
    terminated,
    truncated,
    finalValues,
    lastValues,
    gamma,
    lambda,
  }: AdvantageInputs,
  advantages: Float32Array | Float64Array,
  targets: Float32Array | Float64Array,
): void {
  for (let env = 0; env < environments; env++) {
    let advantage = 0;
    let nextValue = lastValues[env];
    for (let t = steps - 1; t >= 0; t--) {
      const i = t * environments + env;
      let carried = gamma * lambda * advantage;
      if (terminated[i] !== 0) {
        nextValue = 0;
        carried = 0;
      } else if (truncated[i] !== 0) {
        nextValue = finalValues[i];
        carried = 0;
      }
      advantage = rewards[i] + gamma * nextValue - values[i] + carried;
      advantages[i] = advantage;
      targets[i] = advantage + values[i];
      nextValue = values[i];
    }
  }
}
