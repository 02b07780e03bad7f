/** Two policies on a random world, one near the other: what the studies of this chapter share. */
import { type PolicyModel, randomMdp, softmaxPolicy, type TabularMdp, tabularSoftmax } from "ascent-rl/mdp";
import { RandomStream, streams } from "ascent-rl/random";

export interface PolicyPair {
  mdp: TabularMdp;
  model: PolicyModel;
  /** Logits of the policy that is wanted, π. */
  parameters: Float64Array;
  /** μ(a|s), which acts, and π(a|s) [states × actions]. */
  behaviour: Float64Array;
  target: Float64Array;
}

export interface PairChoice {
  states: number;
  actions: number;
  gamma: number;
  horizon?: number;
  /** Deviation of what is added to each logit of μ to make π. */
  distance: number;
  seed: number;
}

/** The world depends on the seed alone, so that a change of the distance leaves it as it is. */
export function policyPair({ states, actions, gamma, horizon, distance, seed }: PairChoice): PolicyPair {
  const mdp = randomMdp(new RandomStream(seed, streams.user, 0), { states, actions, gamma, horizon });
  const random = new RandomStream(seed, streams.user, 1);
  const logits = Float64Array.from({ length: states * actions }, () => 0.5 * random.normal());
  const parameters = logits.map((logit) => logit + distance * random.normal());
  return {
    mdp,
    model: tabularSoftmax(states, actions),
    parameters,
    behaviour: softmaxPolicy(logits, actions),
    target: softmaxPolicy(parameters, actions),
  };
}
