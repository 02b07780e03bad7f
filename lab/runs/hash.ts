/**
 * The hash that a run is told by: SHA-256 of the bytes of its policy.safetensors, which hold nothing of when and where it ran.
 * `sha256sum runs/…/policy.safetensors` prints the same of the same run in Node. Of a language model it is that of model.safetensors.
 * Computed here, since browsers have a digest of their own only on secure addresses.
 */
import { sha256, toHex } from "ascent-rl/files";

export function hashOf(bytes: Uint8Array): string {
  return toHex(sha256(bytes));
}
