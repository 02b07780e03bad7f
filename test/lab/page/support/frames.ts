/** Times from one animation frame of a page to the next. */
import type { Page } from "playwright-core";

export interface FrameTimes {
  count: number;
  /** Milliseconds, as the others. */
  median: number;
  p95: number;
  longest: number;
}

/** @param duration for so many milliseconds. */
export async function measureFrames(page: Page, duration: number): Promise<FrameTimes> {
  const times = await page.evaluate(
    (length) =>
      new Promise<number[]>((resolve) => {
        const found: number[] = [];
        const begin = performance.now();
        let last = begin;
        const frame = (now: number) => {
          found.push(now - last);
          last = now;
          if (now - begin < length) requestAnimationFrame(frame);
          else resolve(found.slice(1));
        };
        requestAnimationFrame(frame);
      }),
    duration,
  );
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { count: sorted.length, median: at(0.5), p95: at(0.95), longest: at(1) };
}
