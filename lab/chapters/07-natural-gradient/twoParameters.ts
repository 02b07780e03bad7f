/**
 * The chapter's world and its policy of two parameters: a corridor of five places, θ₁ the logit of going right in the first two
 * of them and θ₂ a third of that in the next two. Small enough to draw, and with a Fisher matrix far from round.
 */
import { chain, type PolicyModel, softmaxOfLogits, type TabularMdp } from "ascent-rl/mdp";

export const corridor: TabularMdp = chain({ length: 5, gamma: 0.9, slip: 0.1 });

export const twoParameters: PolicyModel = softmaxOfLogits({
  states: 5,
  actions: 2,
  parameterCount: 2,
  logits: ([near, far]) => Float64Array.of(0, near, 0, near, 0, 3 * far, 0, 3 * far, 0, 0),
});
