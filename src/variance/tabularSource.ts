/** An exact world as a source of gradients: softmax policy with a logit for each state and action, everything in float64. */

import {
  checkArguments,
  checkOptions,
  type OptionChecks,
  optional,
  seed as seedCheck,
  text,
  typed,
  wholeNumber,
} from "../arguments/checks.ts";
import type { BootstrappedEpisodes } from "../estimators/bootstrapped.ts";
import { rewardToGo } from "../estimators/returns.ts";
import { mdpCheck } from "../mdp/argumentChecks.ts";
import {
  estimatorMoments,
  finiteHorizonGradient,
  sampleTrajectories,
  type TabularMdp,
  type Trajectories,
  tabularSoftmax,
} from "../mdp/index.ts";
import { due } from "../pauses.ts";
import { RandomStream, streams } from "../random/index.ts";
import type { GradientSource } from "./source.ts";

export interface TabularSourceOptions {
  trajectories: number;
  seed: number;
  /** Logits [states × actions]. Default: normal with deviation ½, from the seed. */
  parameters?: Float64Array;
  /** Episodes that the value baseline is fitted on; none of them is used again. Default 2000. */
  fitEpisodes?: number;
}

const sourceOptions: OptionChecks<TabularSourceOptions> = {
  trajectories: wholeNumber(1),
  seed: seedCheck,
  parameters: optional(typed("a Float64Array", "Float64Array")),
  fitEpisodes: optional(wholeNumber(1)),
};

/** @throws AscentError "option" when the MDP has no horizon. */
export function tabularSource(name: string, mdp: TabularMdp, options: TabularSourceOptions): GradientSource {
  checkArguments("tabularSource", { name: text, mdp: mdpCheck }, { name, mdp });
  checkOptions("tabularSource", sourceOptions, options);
  const { trajectories, seed, fitEpisodes = 2000 } = options;
  const model = tabularSoftmax(mdp.states, mdp.actions);
  const start = new RandomStream(seed, streams.parameters);
  const theta = options.parameters ?? Float64Array.from({ length: model.parameterCount }, () => 0.5 * start.normal());
  const policy = model.policy(theta);
  const scores = model.scores(theta);
  const width = model.parameterCount;
  const random = new RandomStream(seed, streams.episodeBatches);
  const stateValues = fitValues(mdp, sampleTrajectories(mdp, policy, fitEpisodes, random));
  const parts = options.parameters === undefined ? "random softmax policy" : "given softmax policy";
  let drawn: Trajectories;
  return {
    name,
    parameters: width,
    trajectories,
    exact: finiteHorizonGradient(mdp, model, theta),
    moments: ({ weighting, baseline, gaeLambda }, discounting, count = trajectories) =>
      estimatorMoments(mdp, model, theta, {
        ...{ weighting, baseline, gaeLambda, discounting },
        ...{ trajectories: count, values: stateValues },
      }),
    policy: `${parts}; V is the mean reward-to-go of each state in ${fitEpisodes} other episodes`,
    *next() {
      if (due()) yield;
      drawn = sampleTrajectories(mdp, policy, trajectories, random);
      return episodesOf(mdp, drawn, stateValues);
    },
    *trajectoryGradients(weights, out) {
      const { offsets, states, actions } = drawn;
      for (const [column, weight] of weights.entries()) {
        const rows = out[column].fill(0);
        for (let i = 0; i < drawn.count; i++) {
          for (let k = offsets[i]; k < offsets[i + 1]; k++) {
            // A tabular score is zero outside the logits of its own state.
            const first = states[k] * mdp.actions;
            const score = (first + actions[k]) * width + first;
            const row = i * width + first;
            for (let a = 0; a < mdp.actions; a++) rows[row + a] += scores[score + a] * weight[k];
          }
        }
        if (due()) yield;
      }
    },
  };
}

function episodesOf(mdp: TabularMdp, drawn: Trajectories, stateValues: Float64Array): BootstrappedEpisodes {
  return {
    offsets: drawn.offsets,
    rewards: drawn.rewards,
    values: Float64Array.from(drawn.states, (state) => stateValues[state]),
    finalValues: new Float64Array(drawn.count),
    terminated: new Uint8Array(drawn.count).fill(1),
    gamma: mdp.gamma,
  };
}

/** Mean reward-to-go of the visits of each state: the least-squares fit of a table V(s) [states]. */
function fitValues(mdp: TabularMdp, seen: Trajectories): Float64Array {
  const returns = new Float64Array(seen.states.length);
  rewardToGo(seen, mdp.gamma, returns);
  const sums = new Float64Array(mdp.states);
  const visits = new Float64Array(mdp.states);
  seen.states.forEach((state, k) => {
    sums[state] += returns[k];
    visits[state]++;
  });
  return sums.map((sum, state) => (visits[state] > 0 ? sum / visits[state] : 0));
}
