/**
 * The rules of the monitor for language models, as data. Those of policies over environments do not hold here: a KL divergence to
 * a reference is no step of an update.
 */

import { lastOf, type Rule, type Seen, short } from "./rule.ts";

/** Updates that means are over. */
const SPAN = 10;
/** Updates looked back on. */
const BACK = 50;

const meanOf = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Mean and standard error of the mean. */
function spread(values: readonly number[]): { mean: number; error: number } {
  const mean = meanOf(values);
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** By how much the mean of the last updates is below that of 40 before them, beyond what its noise makes. */
function fallOf({ recent }: Seen, figure: string): number | undefined {
  const figures = lastOf(recent, figure, BACK);
  if (figures === undefined) return undefined;
  const [early, late] = [spread(figures.slice(0, SPAN)), spread(figures.slice(-SPAN))];
  const fall = early.mean - late.mean;
  return fall > 3 * Math.hypot(early.error, late.error) ? fall : undefined;
}

const chosenFall: Rule = {
  name: "chosen completions become less likely",
  when: "`rewards/margins` grow over 50 updates, while `logps/chosen` falls by more than 1 nat and beyond its noise (means of 10 updates)",
  check(seen) {
    const margins = lastOf(seen.recent, "rewards/margins", BACK);
    const fall = fallOf(seen, "logps/chosen");
    if (margins === undefined || fall === undefined || fall < 1) return undefined;
    const [early, late] = [meanOf(margins.slice(0, SPAN)), meanOf(margins.slice(-SPAN))];
    if (!(late > early && late > 0)) return undefined;
    return {
      what: `the chosen completions become less likely (log-probability down by ${short(fall)} in ${BACK} updates) while the margin grows to ${short(late)}: probability goes to texts that are in none of the pairs`,
      fix: "Add their likelihood to the loss (dpo: loss sigmoid+sft; cpo: likelihood), raise beta, or lower learningRate.",
    };
  },
};

const blindRewards: Rule = {
  name: "rewards tell nothing apart",
  when: "the reward model's `margin` is below 1e-3 in size in 100 updates on end",
  check({ recent, facts }) {
    const margins = facts.algorithm === "reward-model" ? lastOf(recent, "margin", 100) : undefined;
    if (margins === undefined || Math.max(...margins.map(Math.abs)) > 1e-3) return undefined;
    return {
      what: `the rewards of chosen and rejected completions are the same: margins of at most ${short(Math.max(...margins.map(Math.abs)))} in 100 updates`,
      fix: "See that the two completions differ within maxLength, and raise learningRate.",
    };
  },
};

const stuck: Rule = {
  name: "gradient is 0",
  when: "the gradient's norm is exactly 0 in 10 updates on end",
  check({ recent }) {
    const norms = lastOf(recent, "gradientNorm", 10);
    if (norms === undefined || Math.max(...norms) > 0) return undefined;
    return {
      what: "nothing is learnt: the gradient has been 0 for 10 updates",
      fix: "See that the data differ from each other: equal completions, or rewards that are all the same, teach nothing.",
    };
  },
};

export const languageRules: readonly Rule[] = [chosenFall, blindRewards, stuck];
