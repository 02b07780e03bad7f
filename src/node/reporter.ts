/**
 * Shows how a long training run gets on: a live bar with time left and figures in a terminal, plain lines now and then
 * when the output is piped, nothing when quiet. The bar itself is liveBar.ts.
 */
import {
  aNumber,
  callback,
  checkOptions,
  having,
  type OptionChecks,
  optional,
  trueOrFalse,
} from "../arguments/checks.ts";
import { liveReporter } from "./liveBar.ts";
import { Clock, describe, percentage, type Reporter, type ReporterStream } from "./progressText.ts";

export type { Reporter, ReporterStream };

export interface ReporterOptions {
  /** The step at which the run is complete. */
  total: number;
  /** The step it starts from; more than 0 on resume. */
  start?: number;
  quiet?: boolean;
  /** Where to write; standard error by default. */
  stream?: ReporterStream;
  /** Milliseconds, growing. */
  now?: () => number;
}

const reporterOptions: OptionChecks<ReporterOptions> = {
  total: aNumber,
  start: optional(aNumber),
  quiet: optional(trueOrFalse),
  stream: optional(having("a stream", "write")),
  now: optional(callback),
};

const LINE_EVERY_MS = 10_000;
const LINE_EVERY_SHARE = 0.05;
/** However fast the shares come, lines are no closer than this. */
const LINE_GAP_MS = 200;

/** A reporter that fits where it writes to. */
export function createReporter(options: ReporterOptions): Reporter {
  checkOptions("createReporter", reporterOptions, options);
  const stream = options.stream ?? process.stderr;
  if (options.quiet) return { update() {}, message() {}, finish() {} };
  const { total, start = 0, now = () => performance.now() } = options;
  const clock = new Clock(start, total, now);
  return stream.isTTY ? liveReporter(stream, start, total, clock) : lineReporter(stream, start, total, clock, now);
}

function lineReporter(stream: ReporterStream, start: number, total: number, clock: Clock, now: () => number): Reporter {
  let shownAt = now();
  let shownStep = start;
  let pending: (() => void) | undefined;
  let finished = false;
  const show = (step: number, figures: Readonly<Record<string, number | string>>): void => {
    const done = step >= total;
    const time = done ? `took ${clock.elapsed()}` : `${clock.left(step)} left`;
    const facts = [`${percentage(step, total)}%`, `step ${step} of ${total}`, time, describe(figures)];
    stream.write(`${facts.filter((fact) => fact !== "").join(" · ")}\n`);
    shownAt = now();
    shownStep = step;
    pending = undefined;
  };
  return {
    update(step, figures) {
      if (finished) return;
      const waited = now() - shownAt;
      const moved = step - shownStep;
      const due = waited >= LINE_EVERY_MS || (moved >= total * LINE_EVERY_SHARE && waited >= LINE_GAP_MS);
      if (due) show(step, figures);
      else pending = () => show(step, figures);
    },
    message(text) {
      if (!finished) stream.write(`${text}\n`);
    },
    finish() {
      if (finished) return;
      pending?.();
      finished = true;
    },
  };
}
