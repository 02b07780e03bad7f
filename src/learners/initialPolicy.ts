/**
 * Starting from a trained policy: what has to agree, and what is taken over. It must be the same network between the same
 * spaces, seeing observations the same way; then the first decisions are exactly the given policy's.
 */

import { AscentError } from "../errors.ts";
import { fillBlock, type PolicyDescription } from "../policies/description.ts";
import { criticOptions, networkDifferences, networkIdentity, networkText } from "../policies/sameNetwork.ts";
import { requireSameSpaces } from "../policies/sameSpaces.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";

export interface InitialChoice {
  /** true: its critic too, or an error; false: a critic of new weights. Default: its critic, where it has one that fits. */
  critic?: boolean | undefined;
}

/** The learner that is to start from a policy: what its own would be. */
export type OwnPolicy = Pick<
  PolicyDescription,
  "algorithm" | "environment" | "observationSpace" | "actionSpace" | "network" | "scaling"
>;

/**
 * Copies the policy's weights into the learner's blocks, and its critic's as the choice says. Nothing has been copied when it
 * throws.
 *
 * @returns whether the critic was taken.
 * @throws AscentError "space" for other spaces, "option" for another network or another way of seeing observations, and for a
 *   critic that is asked for and cannot be had.
 */
export function takeWeights(
  blocks: readonly ParameterBlock[],
  initial: PolicyDescription,
  own: OwnPolicy,
  { critic: wish }: InitialChoice,
): boolean {
  requireSameSpaces("The policy", initial, { ...own, id: own.environment });
  requirePolicyNetwork(initial, own);
  requireSameView(initial, own);
  const reason = whyNoCritic(blocks, initial, own);
  if (wish === true && reason !== undefined) {
    throw new AscentError("option", {
      what: `${own.algorithm} cannot take over the critic of the initial policy`,
      got: reason,
      expected: "a critic of the same network",
      fix: "Start with a new critic: leave initialCritic out.",
    });
  }
  const critic = wish !== false && reason === undefined;
  for (const block of blocks) fillBlock(block, initial.weights, critic);
  return critic;
}

function requirePolicyNetwork(initial: PolicyDescription, own: OwnPolicy): void {
  const [theirs, mine] = [networkIdentity(initial), networkIdentity(own)];
  const names = networkDifferences(theirs, mine).filter((name) => !criticOptions.includes(name));
  if (names.length === 0) return;
  throw new AscentError("option", {
    what: `The initial policy has another network than is asked for: ${names.join(", ")}`,
    got: networkText(theirs, names),
    expected: networkText(mine, names),
    fix: "Leave these settings out, and they are the initial policy's; or start from a policy of the network asked for.",
  });
}

function requireSameView({ scaling: theirs }: PolicyDescription, { scaling: mine }: OwnPolicy): void {
  if (theirs?.clip === mine?.clip) return;
  const text = (scaling: PolicyDescription["scaling"]) =>
    scaling === undefined
      ? "normalizeObservations false"
      : `normalizeObservations true, clipObservations ${scaling.clip}`;
  throw new AscentError("option", {
    what: "The initial policy sees observations in another way than is asked for",
    got: text(theirs),
    expected: text(mine),
    fix: "Leave normalizeObservations and clipObservations out, and they are the initial policy's.",
  });
}

function whyNoCritic(
  blocks: readonly ParameterBlock[],
  initial: PolicyDescription,
  own: OwnPolicy,
): string | undefined {
  const [theirs, mine] = [networkIdentity(initial), networkIdentity(own)];
  const names = networkDifferences(theirs, mine);
  if (names.length > 0) return networkText(theirs, names);
  const missing = blocks.flatMap((block) => block.names).filter((name) => initial.weights[name] === undefined);
  return missing.length > 0 ? `none of ${initial.algorithm}` : undefined;
}
