/** What a parent and a child process say to each other; numbers pass as they are, NaN too. */
import type { ErrorCode, Problem } from "../../errors.ts";

export type ToChild = { kind: "request"; request: unknown } | { kind: "stop" };

export type FromChild =
  | { kind: "ready" }
  | { kind: "progress"; progress: unknown }
  | { kind: "result"; result: unknown }
  | { kind: "failure"; failure: Failure };

/** An error that went through; of a programming fault only its text is left. */
export type Failure = { code: ErrorCode; problem: Problem } | { text: string };
