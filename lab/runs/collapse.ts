/**
 * What was seen first when a run collapsed: its return had risen and fell back, and some figure left its usual range before. Pure data; the
 * rules that speak while nothing has collapsed yet are the library's monitor.
 */
import type { TrainingWarning } from "ascent-rl";
import type { History } from "./history.ts";

export interface Sign {
  readonly figure: string;
  readonly steps: number;
  /** Such as "the KL divergence of an update rose to 0.31". */
  readonly words: string;
}

export interface Collapse {
  /** Where the return had lost most of what it had gained. */
  readonly steps: number;
  /** From its best to there. */
  readonly from: number;
  readonly to: number;
  /** Earliest first. */
  readonly signs: readonly Sign[];
  /** All of it in two sentences. */
  readonly words: string;
}

/** Share of what the return had gained whose loss counts as a collapse. */
const LOST = 0.6;
/** How many usual changes from one iteration to the next a gain must be worth before its loss means anything. */
const GAIN = 8;
/** Iterations before the best in which signs are looked for. */
const BEFORE = 10;

/** Undefined while the return has not collapsed. */
export function collapseOf(history: History, warnings: readonly TrainingWarning[] = []): Collapse | undefined {
  const returns = history.column("episodeReturn");
  const steps = history.column("steps");
  if (returns === undefined || steps === undefined) return undefined;
  const fall = fallOf(returns);
  if (fall === undefined) return undefined;
  const { best, end } = fall;
  const begin = Math.max(0, best - BEFORE);
  const found = rules.flatMap((rule) => signOf(rule, history, steps, begin, end));
  const told = warnings
    .filter((warning) => warning.steps >= steps[begin] && warning.steps <= steps[end])
    .map(({ rule, steps, what }) => ({ figure: rule, steps, words: what }));
  const signs = [...found, ...told].sort((a, b) => a.steps - b.steps);
  const fell = `The return fell from ${short(returns[best])} to ${short(returns[end])} by step ${steps[end]}.`;
  const first =
    signs.length === 0
      ? "No figure left its usual range before that."
      : `What was seen first, at step ${signs[0].steps}: ${signs[0].words}.`;
  return { steps: steps[end], from: returns[best], to: returns[end], signs, words: `${fell} ${first}` };
}

function fallOf(returns: ArrayLike<number>): { best: number; end: number } | undefined {
  const finite = Array.from({ length: returns.length }, (_, i) => i).filter((i) => Number.isFinite(returns[i]));
  if (finite.length < 3) return undefined;
  const usual = median(finite.slice(1).map((i, k) => Math.abs(returns[i] - returns[finite[k]])));
  let [best, low] = [finite[0], returns[finite[0]]];
  for (const i of finite) {
    if (returns[i] > returns[best]) best = i;
    else if (best === finite[0]) low = Math.min(low, returns[i]);
    const gain = returns[best] - low;
    if (gain > GAIN * usual && returns[i] < returns[best] - LOST * gain) return { best, end: i };
  }
  return undefined;
}

interface Rule {
  readonly figures: readonly string[];
  /** @param usual median of the figure up to where it is looked for. @param first its first value. */
  speaks(value: number, usual: number, first: number): boolean;
  words(value: number): string;
}

const rules: readonly Rule[] = [
  {
    figures: ["kl", "approxKl"],
    speaks: (value, usual) => value > 0.1 || (value > 0.02 && value > 5 * usual),
    words: (value) => `the KL divergence of an update rose to ${short(value)}`,
  },
  {
    figures: ["clipFraction"],
    speaks: (value, usual) => value > 0.4 && value > 1.5 * usual,
    words: (value) => `${Math.round(100 * value)} % of the ratios were clipped`,
  },
  {
    figures: ["entropy"],
    speaks: (value, _, first) => first > 0 && value < 0.2 * first,
    words: (value) => `the entropy had fallen to ${short(value)}: hardly anything is tried any more`,
  },
  {
    figures: ["explainedVariance"],
    speaks: (value, usual) => value < 0 && usual > 0.2,
    words: (value) => `the critic explained ${short(value)} of the returns' variance, less than a constant would`,
  },
  {
    figures: ["parameterDistance"],
    speaks: (value, usual) => usual > 0 && value > 4 * usual,
    words: (value) => `the weights moved by ${short(value)} in one iteration, several times as far as usual`,
  },
  {
    figures: ["loss", "policyLoss", "valueLoss", "gradientNorm"],
    speaks: (value) => !Number.isFinite(value),
    words: () => "a figure was not a finite number",
  },
];

function signOf(rule: Rule, history: History, steps: ArrayLike<number>, begin: number, end: number): readonly Sign[] {
  for (const figure of rule.figures) {
    const column = history.column(figure);
    if (column === undefined) continue;
    const usual = median(Array.from(column.subarray(0, Math.max(1, begin))).filter(Number.isFinite));
    for (let i = begin; i <= end; i++) {
      if (!rule.speaks(column[i], usual, column[0])) continue;
      return [{ figure, steps: steps[i], words: rule.words(column[i]) }];
    }
  }
  return [];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : sorted[Math.floor(sorted.length / 2)];
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
