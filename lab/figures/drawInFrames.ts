/**
 * Drawing when something has changed, and only then: all pictures of the page share one requestAnimationFrame. What a drawing
 * reads of signals is what it waits for.
 */
import { effect } from "@preact/signals";

const wanted = new Set<() => void>();
let asked = false;

function frame(): void {
  asked = false;
  const now = [...wanted];
  wanted.clear();
  for (const draw of now) draw();
}

/** Calls `draw` in the next frame, once. */
export function inNextFrame(draw: () => void): void {
  wanted.add(draw);
  if (asked) return;
  asked = true;
  requestAnimationFrame(frame);
}

/** Draws in the next frame, and in the frame after each change of a signal that the last drawing read. @returns ends it */
export function drawInFrames(draw: () => void): () => void {
  let stop = () => {};
  const redraw = () => {
    stop();
    let first = true;
    stop = effect(() => {
      // The second call is the news that something changed: it reads nothing, so no third one comes.
      if (first) draw();
      else inNextFrame(redraw);
      first = false;
    });
  };
  inNextFrame(redraw);
  return () => {
    wanted.delete(redraw);
    stop();
  };
}
