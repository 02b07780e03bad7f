/** Steps of a figure that moves: once a frame while it plays and is in sight. */
import { effect, type Signal, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { inNextFrame } from "./drawInFrames.ts";

const sights = new WeakMap<Signal<boolean>, Signal<boolean>>();

/** Whether the figure that was given this `playing` is on the screen; the figure sets it. */
export function sightOf(playing: Signal<boolean>): Signal<boolean> {
  let sight = sights.get(playing);
  if (!sight) {
    sight = signal(false);
    sights.set(playing, sight);
  }
  return sight;
}

/** @param step called with the time since the last frame in ms, at most 100: what was hidden for a minute does not leap. */
export function useAnimation(playing: Signal<boolean>, step: (elapsed: number) => void): void {
  useEffect(() => {
    const sight = sightOf(playing);
    let running = false;
    let last = 0;
    const frame = () => {
      if (!running) return;
      const now = performance.now();
      const elapsed = Math.min(100, now - last);
      last = now;
      step(elapsed);
      inNextFrame(frame);
    };
    const stop = effect(() => {
      const wanted = playing.value && sight.value;
      if (wanted && !running) {
        last = performance.now();
        inNextFrame(frame);
      }
      running = wanted;
    });
    return () => {
      running = false;
      stop();
    };
  }, []);
}
