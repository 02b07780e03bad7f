/**
 * The kinds of recordings about language models themselves, and the way from a file to its kind. Those of what is learnt with them are
 * in algorithms/language/recordings.
 */

import { groupLossRecordings } from "./groupLosses.ts";
import { groupModelRecordings } from "./groupModels.ts";
import { groupPaddingRecordings } from "./groupPadding.ts";
import { groupAdvantageRecordings, rlooRecordings } from "./groupRewards.ts";
import { logitsRecordings } from "./logits.ts";
import { bestOfNRecordings, bradleyTerryRecordings, optimumRecordings } from "./optima.ts";
import { defaultTolerance, type RecordingKind, type RecordingPlace } from "./recordingKind.ts";
import { gaeRecordings, klControllerRecordings, valueLossRecordings, whitenRecordings } from "./rlhf.ts";
import type { RecordingReport } from "./tally.ts";
import { tokenizerRecordings } from "./tokenizerFixtures.ts";

/** The first that matches is taken. */
export const recordingKinds: readonly RecordingKind[] = [
  logitsRecordings,
  tokenizerRecordings,
  groupAdvantageRecordings,
  groupLossRecordings,
  rlooRecordings,
  groupModelRecordings,
  groupPaddingRecordings,
  whitenRecordings,
  gaeRecordings,
  valueLossRecordings,
  klControllerRecordings,
  bestOfNRecordings,
  bradleyTerryRecordings,
  optimumRecordings,
];

/** What a recording is, and how to replay it. */
export interface FoundRecording {
  readonly name: string;
  readonly tolerance: number;
  replay(): Promise<RecordingReport>;
}

/** The recording in a file as one of these kinds, undefined where it is none. @param tolerance default: the kind's own. */
export function findRecording(
  content: unknown,
  place: RecordingPlace,
  tolerance?: number,
  kinds: readonly RecordingKind[] = recordingKinds,
): FoundRecording | undefined {
  const kind = kinds.find((one) => one.matches(content, place));
  if (kind === undefined) return undefined;
  const allowed = tolerance ?? kind.tolerance?.(content) ?? defaultTolerance;
  return { name: kind.name, tolerance: allowed, replay: async () => kind.replay(content, place, allowed) };
}
