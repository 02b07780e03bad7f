/** Whether things may move by themselves: prefers-reduced-motion says no, and figures then begin paused. */
import { type Signal, useSignal } from "@preact/signals";

const query = matchMedia("(prefers-reduced-motion: reduce)");

export function prefersReducedMotion(): boolean {
  return query.matches;
}

/** The `playing` of a figure: on from the start, except where motion is not wanted. */
export function usePlaying(): Signal<boolean> {
  return useSignal(!prefersReducedMotion());
}
