/** Workers made from text, and the question whether a text reads as a program, which only workers of the older kind answer with a line. */

export interface SyntaxProblem {
  message: string;
  /** Of the text, from 1. */
  line: number;
}

/** @param code an expression whose line 2 is the text's line 1. Nothing of it runs: the first thing the worker does is to end. */
export function syntaxOf(code: string, signal?: AbortSignal): Promise<SyntaxProblem | undefined> {
  const { worker, end } = workerOf(`"use strict";throw "read";${code}`, "classic", signal);
  return new Promise((resolve) => {
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      end();
      const reads = !/SyntaxError/.test(event.message ?? "");
      resolve(reads ? undefined : { message: event.message.replace(/^Uncaught /, ""), line: event.lineno - 1 });
    });
  });
}

/** @param signal ends it too. */
export function workerOf(text: string, type: WorkerType, signal?: AbortSignal): { worker: Worker; end: () => void } {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const worker = new Worker(address, { type });
  const end = () => {
    worker.terminate();
    URL.revokeObjectURL(address);
    signal?.removeEventListener("abort", end);
  };
  signal?.addEventListener("abort", end);
  return { worker, end };
}
