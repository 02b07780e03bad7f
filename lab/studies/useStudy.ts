/**
 * A study in a worker of its own, for one figure. It runs while somebody reads its output, which pictures and summaries do only in
 * sight, and starts again when a signal that its input reads has changed. What it has found stays when the figure is out of sight.
 */
import { effect, type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { InputOf, OutputOf, StudyReply, StudyRequest } from "./study.ts";

export interface StudyState<Output> {
  /** The best so far; undefined before the first. After a change of the input it is the old one's until there is a new one. */
  output: ReadonlySignal<Output | undefined>;
  error: ReadonlySignal<string | undefined>;
  done: ReadonlySignal<boolean>;
}

/** A canvas drawn anew stops reading for a moment; a worker outlives that. */
const UNWATCHED_MS = 500;

/** @param study its file below lab/chapters, without studies/ and .ts: "03-variance/cloud". */
export function useStudy<Module>(study: string, input: () => InputOf<Module>): StudyState<OutputOf<Module>> {
  const latest = useRef(input);
  latest.current = input;
  const { state, end } = useMemo(
    () => startStudy<InputOf<Module>, OutputOf<Module>>(study, () => latest.current()),
    [],
  );
  useEffect(() => end, []);
  return state;
}

function startStudy<Input, Output>(study: string, input: () => Input): { state: StudyState<Output>; end: () => void } {
  let worker: Worker | undefined;
  let number = 0;
  /** The input that the output belongs to, as text, and whether it is complete. */
  let answered = "";
  let stopInput = () => {};
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const output = signal<Output | undefined>(undefined, {
    watched: () => {
      clearTimeout(waiting);
      if (worker === undefined) start();
    },
    unwatched: () => {
      clearTimeout(waiting);
      waiting = setTimeout(end, UNWATCHED_MS);
    },
  });
  const error = signal<string | undefined>(undefined);
  const done = signal(false);

  function start(): void {
    // Not within the reading that began it: what the input reads is not what the reader waits for.
    queueMicrotask(() => {
      if (worker !== undefined) return;
      stopInput();
      let wanted = "";
      stopInput = effect(() => {
        const now = input();
        const text = JSON.stringify(now);
        if (text === wanted) return;
        wanted = text;
        if (text === answered && done.peek()) return;
        ask(now, text);
      });
    });
  }

  function ask(now: Input, text: string): void {
    worker ??= newWorker();
    number++;
    error.value = undefined;
    done.value = false;
    answered = text;
    worker.postMessage({ number, study, input: now } satisfies StudyRequest);
  }

  function newWorker(): Worker {
    const made = new Worker(new URL("./studyWorker.ts", import.meta.url), { type: "module" });
    made.addEventListener("message", ({ data }: MessageEvent<StudyReply>) => {
      if (data.number !== number) return;
      if (data.kind === "output") output.value = data.output as Output;
      else if (data.kind === "done") done.value = true;
      else error.value = data.message;
    });
    made.addEventListener("error", (event) => {
      event.preventDefault();
      const said = event.message ? `: ${event.message}` : "";
      error.value = `The figure's computation ended${said}. Change a setting to begin again, or load the page anew.`;
      made.terminate();
      if (worker === made) worker = undefined;
      answered = "";
    });
    return made;
  }

  function end(): void {
    clearTimeout(waiting);
    stopInput();
    stopInput = () => {};
    worker?.terminate();
    worker = undefined;
  }

  return { state: { output, error, done }, end };
}
