/**
 * Watches the figures of a run and says in words, once for each rule, what has gone wrong and which setting usually cures it.
 * It changes nothing of the run. The rules are rules.ts, those of
 * language models languageRules.ts.
 */

import {
  checkArgument,
  checkArguments,
  having,
  named,
  type OptionChecks,
  oneOf,
  optional,
  text,
} from "../../arguments/checks.ts";
import type { Metrics } from "../../learners/learner.ts";
import { languageRules } from "./languageRules.ts";
import type { Rule, RunFacts } from "./rule.ts";
import { rules } from "./rules.ts";
import type { TrainingWarning } from "./warning.ts";

/** Iterations that rules can look back on. */
const KEPT = 100;

const factChecks: OptionChecks<RunFacts> = {
  algorithm: text,
  options: named("an object of options"),
  of: optional(oneOf(["policy", "language model"])),
};

export class Monitor {
  readonly #facts: RunFacts;
  readonly #rules: readonly Rule[];
  readonly #said = new Set<string>();
  readonly #recent: Metrics[] = [];
  #first: Metrics | undefined;

  constructor(facts: RunFacts) {
    checkArgument("Monitor: facts", having("an object with algorithm and options", "algorithm", "options"), facts);
    checkArguments("Monitor", factChecks, { of: undefined, ...facts });
    this.#facts = facts;
    this.#rules = facts.of === "language model" ? languageRules : rules;
  }

  /**
   * @param now figures of the iteration just made, by the names of docs/metrics.md.
   * @returns what is wrong and was not said before; mostly nothing.
   */
  watch(now: Metrics): TrainingWarning[] {
    this.#first ??= now;
    this.#recent.push(now);
    if (this.#recent.length > KEPT) this.#recent.shift();
    const seen = { facts: this.#facts, first: this.#first, recent: this.#recent, now };
    const warnings: TrainingWarning[] = [];
    for (const { name, check } of this.#rules) {
      if (this.#said.has(name)) continue;
      const found = check(seen);
      if (found === undefined) continue;
      this.#said.add(name);
      warnings.push({ rule: name, steps: now["steps"] ?? 0, ...found });
    }
    return warnings;
  }
}
