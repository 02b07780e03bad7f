/** The child's side: does the one piece of work that the parent asks for, and ends. */
import { AscentError } from "../../errors.ts";
import type { Failure, FromChild, ToChild } from "./messages.ts";

export interface Work<Progress> {
  /** Given when the parent says so, or this process is asked to end: what is under way should be saved. */
  readonly signal: AbortSignal;
  /** Tells the parent how far it is. */
  report(progress: Progress): void;
}

/** Call it once, in a program that `runInChild` starts. */
export function serve<Request, Progress, Result>(
  work: (request: Request, child: Work<Progress>) => Promise<Result>,
): void {
  const controller = new AbortController();
  const say = (message: FromChild, then?: () => void) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => then?.());
  };
  let ended = false;
  const end = (message: FromChild) => {
    ended = true;
    say(message, () => process.connected && process.disconnect());
  };
  // Ctrl-C in a terminal reaches every process of the group: it is the parent that decides what it means.
  process.on("SIGINT", () => {});
  process.on("SIGTERM", () => controller.abort());
  // A parent that was killed may be started again at any moment, and must not meet this process still at work.
  process.on("disconnect", () => {
    if (!ended) process.exit(1);
  });
  process.on("message", (message: ToChild) => {
    if (message.kind === "stop") return controller.abort();
    const child = {
      signal: controller.signal,
      report: (progress: Progress) => say({ kind: "progress", progress }),
    };
    work(message.request as Request, child).then(
      (result) => end({ kind: "result", result }),
      (error: unknown) => end({ kind: "failure", failure: failureOf(error) }),
    );
  });
  say({ kind: "ready" });
}

/** An error for the way to another process or thread. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AscentError) return { code: error.code, problem: error.problem };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
