/** Which errors of a training run are of its settings, and which may pass. */
import { AscentError } from "../../errors.ts";

/** Faults of the settings, which the same run has again; others, as of a full disk or a killed process, are tried again. */
const LASTING: readonly string[] = ["non-finite", "option", "environment", "space", "shape"];

/** Whether a run that threw this has them again however often it is made. */
export function isLasting(error: unknown): error is AscentError {
  return error instanceof AscentError && LASTING.includes(error.code);
}
