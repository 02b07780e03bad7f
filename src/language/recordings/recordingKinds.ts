/** All kinds of recordings about language models, and the way from a file to its kind. */

import { logitsRecordings } from "./logits.ts";
import { defaultTolerance, type RecordingKind, type RecordingPlace } from "./recordingKind.ts";
import type { RecordingReport } from "./tally.ts";
import { tokenizerRecordings } from "./tokenizerFixtures.ts";

/** The first that matches is taken. */
export const recordingKinds: readonly RecordingKind[] = [logitsRecordings, tokenizerRecordings];

/** What a recording is, and how to replay it. */
export interface FoundRecording {
  readonly name: string;
  readonly tolerance: number;
  replay(): Promise<RecordingReport>;
}

/** The recording in a file as one of these kinds, undefined where it is none. @param tolerance default: the kind's own. */
export function findRecording(content: unknown, place: RecordingPlace, tolerance?: number): FoundRecording | undefined {
  const kind = recordingKinds.find((one) => one.matches(content, place));
  if (kind === undefined) return undefined;
  const allowed = tolerance ?? kind.tolerance?.(content) ?? defaultTolerance;
  return { name: kind.name, tolerance: allowed, replay: async () => kind.replay(content, place, allowed) };
}
