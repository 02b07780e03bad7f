/** What a rule of the monitor is: what it looks at, when it speaks, and what it says. The rules themselves are rules.ts. */

import type { Metrics } from "../../learners/learner.ts";

/** What is the same for a whole run. */
export interface RunFacts {
  readonly algorithm: string;
  /** The algorithm's options, complete. */
  readonly options: Readonly<Record<string, unknown>>;
  /** What is trained; figures of the same name can mean other things. Default "policy". */
  readonly of?: "policy" | "language model";
}

/** What a rule sees: the figures of this iteration, of the first one, and of the last ones, newest last. */
export interface Seen {
  readonly facts: RunFacts;
  readonly first: Metrics;
  readonly recent: readonly Metrics[];
  readonly now: Metrics;
}

export interface Rule {
  readonly name: string;
  /** For docs/metrics.md: when it speaks. */
  readonly when: string;
  /** What is wrong and what cures it; undefined while all is well. */
  check(seen: Seen): { what: string; fix: string } | undefined;
}

/** The figures of that name in the last `count` iterations; undefined unless all of them have it and it is finite. */
export function lastOf(recent: readonly Metrics[], name: string, count: number): number[] | undefined {
  if (recent.length < count) return undefined;
  const figures = recent.slice(-count).map((metrics) => metrics[name] ?? Number.NaN);
  return figures.every(Number.isFinite) ? figures : undefined;
}

/** Three significant digits, as a person would write them. */
export function short(figure: number): string {
  const size = Math.abs(figure);
  if (size !== 0 && (size >= 1e6 || size < 1e-3)) return figure.toExponential(1);
  return String(Number(figure.toPrecision(3)));
}
