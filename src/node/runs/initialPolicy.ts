/** The trained policy that a run starts from, and what config.json says of it. */
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Space } from "../../envs/spaces.ts";
import { sha256, toHex } from "../../files/sha256.ts";
import { decodePolicy, encodePolicy, type PolicyDescription } from "../../policies/description.ts";
import { descriptionOf } from "../../training/initialSettings.ts";
import { fileError, namingFile } from "../fileError.ts";
import type { RunConfig } from "./config.ts";
import { runFiles } from "./folder.ts";
import type { RunRequest } from "./request.ts";

/** Whether its critic is taken too is known only when the learner has been made. */
type Origin = Omit<NonNullable<RunConfig["init"]>, "critic">;

/**
 * Undefined when the run starts from new weights.
 *
 * @throws AscentError "file" when there is no policy at the path, or it is damaged.
 */
export function initialPolicyOf({
  initialPolicy,
}: RunRequest): { policy: PolicyDescription; origin: Origin } | undefined {
  if (initialPolicy === undefined) return undefined;
  const found =
    typeof initialPolicy === "string" ? readPolicyFile(initialPolicy) : { policy: descriptionOf(initialPolicy) };
  const { policy } = found;
  const bytes = "bytes" in found ? found.bytes : encodePolicy(policy);
  const { algorithm, environment } = policy;
  const path = typeof initialPolicy === "string" ? { path: initialPolicy } : {};
  return { policy, origin: { algorithm, env: environment, ...path, sha256: toHex(sha256(bytes)) } };
}

/** @param path a run's folder, or a policy.safetensors file. */
export function readPolicyFile<ObservationSpace extends Space = Space, ActionSpace extends Space = Space>(
  path: string,
): { policy: PolicyDescription<ObservationSpace, ActionSpace>; bytes: Uint8Array } {
  let file = path;
  let bytes: Uint8Array;
  try {
    if (statSync(path).isDirectory()) file = join(path, runFiles.policy);
    bytes = readFileSync(file);
  } catch (error) {
    throw fileError("read the policy", file, error);
  }
  return { policy: namingFile(file, () => decodePolicy<ObservationSpace, ActionSpace>(bytes)), bytes };
}
