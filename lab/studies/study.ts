/**
 * The computation behind a figure: a pure generator that yields better and better outputs. It runs in a worker, which stops it
 * between outputs when the input changes or nobody looks, and in tests in Node. Inputs and outputs are plain data that can be
 * cloned; many numbers are a Float64Array.
 */
export type Study<Input, Output> = (input: Input) => Generator<Output, void> | AsyncGenerator<Output, void>;

/** What a file of a study exports. */
export interface StudyModule<Input, Output> {
  study: Study<Input, Output>;
}

export type InputOf<Module> = Module extends StudyModule<infer Input, infer _Output> ? Input : never;
export type OutputOf<Module> = Module extends StudyModule<infer _Input, infer Output> ? Output : never;

/** From the page: compute this; what was computed before is of no interest any more. */
export interface StudyRequest {
  number: number;
  study: string;
  input: unknown;
}

/** From the worker. */
export type StudyReply =
  | { number: number; kind: "output"; output: unknown }
  | { number: number; kind: "done" }
  | { number: number; kind: "failed"; message: string };
