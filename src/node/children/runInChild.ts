/** The parent's side: one piece of work in a process of its own. What the child says that is no message comes out in errors. */
import { type ChildProcess, fork } from "node:child_process";
import { AscentError } from "../../errors.ts";
import type { Failure, FromChild, ToChild } from "./messages.ts";

export interface ChildProgram {
  /** A JavaScript file that calls `serve`. */
  file: string;
  args?: readonly string[];
}

export interface ChildOptions<Progress> {
  /** Asks the child to save and end; what it then gives is the result. */
  signal?: AbortSignal;
  onProgress?(progress: Progress): void;
}

/** Characters of a child's standard error that are kept for the message, should it die. */
const KEPT = 4000;

/** Children that live: this process takes them with it when it ends at once. */
const living = new Set<ChildProcess>();

function killAll(): void {
  for (const child of living) child.kill("SIGKILL");
}

/**
 * @returns what the child's work gave.
 * @throws the child's error; AscentError "state" when the process ended before there was a result.
 */
export async function runInChild<Request, Progress, Result>(
  program: ChildProgram,
  request: Request,
  { signal, onProgress }: ChildOptions<Progress> = {},
): Promise<Result> {
  const child = fork(program.file, program.args ?? [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  if (living.size === 0) process.on("exit", killAll);
  living.add(child);
  const say = (message: ToChild) => {
    if (child.connected) child.send(message, () => {});
  };
  const stop = () => say({ kind: "stop" });
  let complaints = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-KEPT);
  });
  try {
    return await new Promise<Result>((resolve, reject) => {
      let outcome: (() => void) | undefined;
      child.on("message", (message: FromChild) => {
        if (message.kind === "progress") onProgress?.(message.progress as Progress);
        else if (message.kind === "result") outcome = () => resolve(message.result as Result);
        else if (message.kind === "failure") outcome = () => reject(errorOf(message.failure));
        else {
          say({ kind: "request", request });
          if (signal?.aborted) stop();
        }
      });
      signal?.addEventListener("abort", stop);
      child.on("error", reject);
      // Only when it is gone has it let go of its files and locks.
      child.on("close", (code, killedBy) => (outcome ?? (() => reject(diedOf(code, killedBy, complaints))))());
    });
  } finally {
    signal?.removeEventListener("abort", stop);
    living.delete(child);
    if (living.size === 0) process.off("exit", killAll);
  }
}

/** What `failureOf` was given, as far as it comes through. */
export function errorOf(failure: Failure): Error {
  return "code" in failure ? new AscentError(failure.code, failure.problem) : new Error(failure.text);
}

function diedOf(code: number | null, signal: string | null, complaints: string): AscentError {
  const said = complaints.trim();
  return new AscentError("state", {
    what: "The process ended before its work was done",
    got: `${signal ?? `exit code ${code}`}${said === "" ? "" : `, and on standard error: ${said}`}`,
    fix: "If memory ran out, let fewer run at a time (--jobs); what it has saved is there to go on from.",
  });
}
