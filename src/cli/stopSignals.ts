/** Ctrl-C and SIGTERM as an AbortSignal: the first asks the run to end properly, the second ends the process at once. */

type StopSignal = "SIGINT" | "SIGTERM";

/** Exit codes by the shells' custom: 128 + the signal's number. */
const CODES: Readonly<Record<StopSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

/** One Ctrl-C may arrive twice: from the terminal, and once more passed on by npm. */
const SAME_PRESS_MS = 500;

export interface Stop {
  readonly signal: AbortSignal;
  /** Of the process, once the signal was given. */
  exitCode(): number;
  /** Back to the system's own handling. */
  dispose(): void;
}

/** @param onStop called at the first signal. */
export function stopSignals(onStop: (signal: StopSignal) => void): Stop {
  const controller = new AbortController();
  let first: StopSignal | undefined;
  let firstAt = 0;
  const handle = (signal: StopSignal): void => {
    const now = performance.now();
    if (first === undefined) {
      first = signal;
      firstAt = now;
      controller.abort();
      onStop(signal);
    } else if (now - firstAt > SAME_PRESS_MS) {
      process.exit(CODES[signal]);
    }
  };
  process.on("SIGINT", handle);
  process.on("SIGTERM", handle);
  return {
    signal: controller.signal,
    exitCode: () => CODES[first ?? "SIGINT"],
    dispose: () => {
      process.off("SIGINT", handle);
      process.off("SIGTERM", handle);
    },
  };
}
