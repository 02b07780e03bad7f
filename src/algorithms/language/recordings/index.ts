/** All kinds of recordings about language models: of the models themselves, and of what is learnt with them. */

import type { RecordingKind } from "../../../language/recordings/recordingKind.ts";
import { recordingKinds } from "../../../language/recordings/recordingKinds.ts";
import { lossRecordings } from "./lossRecordings.ts";

/** The first that matches is taken. */
export const languageRecordings: readonly RecordingKind[] = [...recordingKinds, lossRecordings];
