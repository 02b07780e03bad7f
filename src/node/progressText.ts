/** The words of a progress display: time left, shares and figures. No output of its own. */

export interface ReporterStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

export interface Reporter {
  /** The run has reached `step`; numbers are shown with three significant digits. */
  update(step: number, figures: Readonly<Record<string, number | string>>): void;
  /** A line of its own, above the bar. */
  message(text: string): void;
  /** The last state, and no more after it. Safe to call twice. */
  finish(): void;
}

import { compactNumber } from "../charts/compactNumber.ts";

/** Time left, from the average speed since the start. */
export class Clock {
  readonly #start: number;
  readonly #total: number;
  readonly #now: () => number;
  readonly #begun: number;

  constructor(start: number, total: number, now: () => number) {
    this.#start = start;
    this.#total = total;
    this.#now = now;
    this.#begun = now();
  }

  elapsed(): string {
    return formatDuration(this.#now() - this.#begun);
  }

  left(step: number): string {
    if (step <= this.#start) return "--:--";
    return formatDuration(((this.#now() - this.#begun) * Math.max(0, this.#total - step)) / (step - this.#start));
  }
}

/** 75,000 ms -> "1:15", 3,675,000 ms -> "1:01:15". */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

export function describe(figures: Readonly<Record<string, number | string>>): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${typeof value === "number" ? compactNumber(value) : value}`)
    .join(" · ");
}

export function percentage(step: number, total: number): number {
  return total > 0 ? Math.floor((100 * Math.min(step, total)) / total) : 100;
}
