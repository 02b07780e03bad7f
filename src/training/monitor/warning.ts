/** A warning of the monitor, as data and as words. */

/** One thing that goes wrong, said once. */
export interface TrainingWarning {
  /** Name of the rule, as in docs/metrics.md. */
  readonly rule: string;
  /** Environment steps (samples, of an algorithm that learns from data) made when it was seen. */
  readonly steps: number;
  /** What was seen, with its figure. */
  readonly what: string;
  /** The setting that usually cures it. */
  readonly fix: string;
}

/** As one line for a terminal or a console. */
export function warningText({ what, fix, steps }: TrainingWarning): string {
  return `step ${steps.toLocaleString("en")}: ${what}. ${fix}`;
}
