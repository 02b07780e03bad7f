/**
 * What a long computation has found, for a figure that can be paused: it is not begun before the figure plays for the first time,
 * goes on from then while it is in sight, and what is shown of it stands still while the figure is paused.
 */
import { type ReadonlySignal, type Signal, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";

export interface Held<Output> {
  /** What is to be shown now; undefined before there is anything. To be read where pictures and summaries are made. */
  now: () => Output | undefined;
  /** Whether it has begun. */
  begun: ReadonlySignal<boolean>;
}

export function useHeld<Output>(playing: Signal<boolean>, output: ReadonlySignal<Output | undefined>): Held<Output> {
  const begun = useSignal(playing.peek());
  const shown = useRef<Output | undefined>(undefined);
  useSignalEffect(() => {
    if (playing.value) begun.value = true;
  });
  return {
    begun,
    now: () => {
      if (!begun.value) return undefined;
      // Read while it is paused too: a computation that nobody reads ends.
      const latest = output.value;
      if (playing.value || shown.current === undefined) shown.current = latest;
      return shown.current;
    },
  };
}
