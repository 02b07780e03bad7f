/** Trained policies from disk. */
import { checkArgument, checkOptions, text } from "../arguments/checks.ts";
import type { Space } from "../envs/spaces.ts";
import type { PolicyDescription } from "../policies/description.ts";
import { createPolicy, type Policy, type PolicyOptions, policyOptions } from "../policies/policy.ts";
import { readPolicyFile } from "./runs/initialPolicy.ts";

/**
 * A policy ready to act. Which spaces it has is known when it is loaded; who knows them before gives them as types, and is
 * taken at their word: `loadPolicy<Box, Discrete>(path)`.
 *
 * @param path a run's folder, or a policy.safetensors file.
 * @example const policy = await loadPolicy("runs/ppo-CartPole-v1-0"); policy.act([0.1, 0, 0, 0]);
 * @throws AscentError "file" when there is none, or it is damaged or of another format.
 */
export async function loadPolicy<ObservationSpace extends Space = Space, ActionSpace extends Space = Space>(
  path: string,
  options: PolicyOptions = {},
): Promise<Policy<ObservationSpace, ActionSpace>> {
  checkArgument("loadPolicy: path", text, path);
  checkOptions("loadPolicy", policyOptions, options);
  return createPolicy(await readPolicy<ObservationSpace, ActionSpace>(path), options);
}

/** The same as data: spaces, network, scaling and weights. */
export async function readPolicy<ObservationSpace extends Space = Space, ActionSpace extends Space = Space>(
  path: string,
): Promise<PolicyDescription<ObservationSpace, ActionSpace>> {
  checkArgument("readPolicy: path", text, path);
  return readPolicyFile<ObservationSpace, ActionSpace>(path).policy;
}
