/** A run's whole state as bytes: the learner's snapshot, and whose it is. */
import { AscentError, type JsonValue, type LearnerSnapshot } from "ascent-rl";
import { decodeCheckpoint, encodeCheckpoint } from "ascent-rl/files";
import { identityOf, type RunSettings, type SettingChange } from "../runSettings.ts";

/** Of what the bytes mean. */
const VERSION = 1;

interface Saved {
  identity: string;
  changes: JsonValue;
  kernels: string;
  learner: JsonValue;
}

export function encodeSnapshot(
  settings: RunSettings,
  changes: readonly SettingChange[],
  kernels: string,
  { arrays, state }: LearnerSnapshot,
): Uint8Array<ArrayBuffer> {
  const saved = { identity: identityOf(settings), changes: changes as unknown as JsonValue, kernels, learner: state };
  return encodeCheckpoint({ version: VERSION, arrays, state: saved }) as Uint8Array<ArrayBuffer>;
}

/** @throws AscentError "file" for damaged bytes, or a state of another run. */
export function decodeSnapshot(
  bytes: Uint8Array,
  settings: RunSettings,
): { snapshot: LearnerSnapshot; kernels: string } {
  const { version, arrays, state } = decodeCheckpoint(bytes);
  const saved = state as unknown as Partial<Saved> | null;
  if (version !== VERSION || typeof saved?.identity !== "string" || saved.learner === undefined) {
    throw new AscentError("file", {
      what: "This is no saved run that this version of the page can read",
      got: `version ${version}`,
      expected: `version ${VERSION}`,
      fix: "Start the run again from its settings: the same seed gives the same run.",
    });
  }
  if (saved.identity !== identityOf(settings)) {
    throw new AscentError("file", {
      what: "The saved state is of a run with other settings",
      fix: "Open it with the settings it was saved with, or start the run again.",
    });
  }
  return { snapshot: { arrays, state: saved.learner }, kernels: saved.kernels ?? "simd" };
}
