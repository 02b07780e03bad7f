/**
 * Watches the figures of a run and says in words, once for each rule, what has gone wrong and which setting usually cures it.
 * It changes nothing of the run. The rules are rules.ts.
 */

import { checkArgument, checkArguments, having, named, type OptionChecks, text } from "../../arguments/checks.ts";
import type { Metrics } from "../../learners/learner.ts";
import type { RunFacts } from "./rule.ts";
import { rules } from "./rules.ts";
import type { TrainingWarning } from "./warning.ts";

/** Iterations that rules can look back on. */
const KEPT = 100;

const factChecks: OptionChecks<RunFacts> = { algorithm: text, options: named("an object of options") };

export class Monitor {
  readonly #facts: RunFacts;
  readonly #said = new Set<string>();
  readonly #recent: Metrics[] = [];
  #first: Metrics | undefined;

  constructor(facts: RunFacts) {
    checkArgument("Monitor: facts", having("an object with algorithm and options", "algorithm", "options"), facts);
    checkArguments("Monitor", factChecks, { ...facts });
    this.#facts = facts;
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
    for (const { name, check } of rules) {
      if (this.#said.has(name)) continue;
      const found = check(seen);
      if (found === undefined) continue;
      this.#said.add(name);
      warnings.push({ rule: name, steps: now["steps"] ?? 0, ...found });
    }
    return warnings;
  }
}
