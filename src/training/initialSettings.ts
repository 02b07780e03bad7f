/**
 * The settings that follow from the policy a run starts from: its network, and whether observations are normalised. What is
 * said otherwise stays as it is said, and the learner then refuses the policy.
 */

import type { Algorithm } from "../algorithms/algorithm.ts";
import { AscentError } from "../errors.ts";
import type { LearnerSnapshot } from "../learners/learner.ts";
import { isValueParameter } from "../policies/actorCritic.ts";
import type { PolicyDescription } from "../policies/description.ts";
import { Policy } from "../policies/policy.ts";
import { criticOptions, networkDefaults, networkIdentity } from "../policies/sameNetwork.ts";

/** A trained policy, ready to act or as data. */
export type InitialPolicy = Policy | PolicyDescription;

interface Beginning {
  initialPolicy?: InitialPolicy;
  initialCritic?: boolean;
  resumeFrom?: LearnerSnapshot;
}

/** @throws AscentError "option" when it is said twice, or by halves, where a run begins. */
export function requireOneBeginning({ initialPolicy, initialCritic, resumeFrom }: Beginning): void {
  if (initialCritic !== undefined && initialPolicy === undefined) {
    throw new AscentError("option", {
      what: "initialCritic says what to do with the critic of a policy to start from, and there is none",
      fix: "Give the policy as initialPolicy (--init on the command line), or leave initialCritic out.",
    });
  }
  if (initialPolicy !== undefined && resumeFrom !== undefined) {
    throw new AscentError("option", {
      what: "A run cannot begin in two ways",
      got: "resumeFrom and initialPolicy",
      expected: "one of them",
      fix: "Resume without the initial policy: all of it is in the state by now.",
    });
  }
}

/** As data. @throws AscentError "option" for anything else. */
export function descriptionOf(initial: InitialPolicy): PolicyDescription {
  if (initial instanceof Policy) return initial.description;
  if (typeof initial === "object" && initial !== null && "weights" in initial && "network" in initial) return initial;
  throw new AscentError("option", {
    what: "initialPolicy is no policy",
    got: typeof initial === "string" ? JSON.stringify(initial) : typeof initial,
    expected: "a Policy, or a PolicyDescription such as learner.policy() gives",
    fix: "Load a file first: loadPolicy(path) of ascent-rl/node, or loadPolicyFromBytes(bytes).",
  });
}

/**
 * Network options that decide what the policy means, those of its critic where it has one, and its normalisation: as far as
 * the algorithm has such settings.
 *
 * @throws AscentError "option" when the policy's network is of a kind that the algorithm has no setting for.
 */
export function initialSettings(algorithm: Algorithm, initial: PolicyDescription): Record<string, unknown> {
  const { observationSpace: _, actionSpace: __, ...identity } = networkIdentity(initial);
  const { sdeSampleFreq, sdeLearnFeatures } = initial.network;
  const hasCritic = Object.keys(initial.weights).some(isValueParameter);
  const wanted: [string, unknown][] = [
    ...Object.entries(identity).filter(([name]) => hasCritic || !criticOptions.includes(name)),
    // A critic of as many units as the policy is not said in so many words.
    ...(hasCritic && identity["criticHidden"] === undefined ? [["criticHidden", undefined] as [string, unknown]] : []),
    ["sdeSampleFreq", sdeSampleFreq],
    ["sdeLearnFeatures", sdeLearnFeatures],
    ["normalizeObservations", initial.scaling !== undefined],
    ...(initial.scaling === undefined ? [] : [["clipObservations", initial.scaling.clip] as [string, unknown]]),
  ];
  const known = (name: string) => Object.hasOwn(algorithm.options.shape, name);
  for (const [name, value] of wanted) {
    const isPlain = !(name in networkDefaults) || criticOptions.includes(name) || value === networkDefaults[name];
    if (known(name) || isPlain) continue;
    throw new AscentError("option", {
      what: `${algorithm.name} cannot start from this policy: it has no setting ${name}`,
      got: `a policy with ${name} ${JSON.stringify(value)}`,
      expected: `${name} ${JSON.stringify(networkDefaults[name])}`,
      fix: "Start another algorithm from it: ppo and a2c take every network.",
    });
  }
  return Object.fromEntries(
    wanted.filter(([name, value]) => known(name) && (value !== undefined || name === "criticHidden")),
  );
}
