/**
 * The one error type the library throws on purpose. Its message says what went wrong, what was got and expected where that is
 * the fault, and always what to do. It is not for programming faults inside the library: those stay plain `Error`s.
 */

export type ErrorCode =
  | "shape" // a tensor or array has the wrong shape or length
  | "space" // an action, observation or space is not what it must be
  | "option" // an unknown or ill-typed option
  | "environment" // an environment breaks its contract, or does not exist
  | "non-finite" // NaN or an infinity appeared
  | "file" // a file is missing, corrupt, of the wrong version, or cannot be written
  | "state"; // a call came at the wrong time

export interface Problem {
  /** What failed, naming the function, option, file or environment. */
  what: string;
  got?: string;
  expected?: string;
  /** What the reader can do about it: a full sentence. */
  fix: string;
}

export class AscentError extends Error {
  readonly code: ErrorCode;
  /** What the message is made of. */
  readonly problem: Problem;

  constructor(code: ErrorCode, problem: Problem, options?: ErrorOptions) {
    const facts = [
      problem.got === undefined ? "" : `got ${problem.got}`,
      problem.expected === undefined ? "" : `expected ${problem.expected}`,
    ].filter((fact) => fact !== "");
    const detail = facts.length > 0 ? `: ${facts.join(", ")}` : "";
    super(`${problem.what}${detail}. ${problem.fix}`, options);
    this.name = "AscentError";
    this.code = code;
    this.problem = problem;
  }
}
