/**
 * What a sweep consists of and in which order, from the outcomes of its runs alone. Every decision looks only at trials that come
 * before, and waits for them: so a sweep's trials, scores and files are the same for any number of runs beside each other, for any
 * order in which they end, and after any stop. While a trial waits, later ones are run.
 */
import { type Pruner, rungsOf, survives } from "./pruners/pruner.ts";
import { learns, type Sampler, sampleSettings } from "./samplers/sampler.ts";
import { type Scale, seedScore } from "./score.ts";
import type { Settings, Space } from "./space.ts";
import type { Trial } from "./trial.ts";

export interface SweepRules {
  space: Space;
  sampler: Sampler;
  pruner: Pruner;
  /** How many there are at most. */
  trials: number;
  /** Of the sampler. */
  seed: number;
  /** Samplers that learn choose trial k knowing the trials up to k − parallel, whether or not more have ended. */
  parallel: number;
  /** Runs of a trial: one for each seed and environment. */
  seeds: number;
  environments: readonly Scale[];
}

/** One training run: places in the sweep's lists of seeds and environments. */
export interface Unit {
  trial: number;
  seed: number;
  environment: number;
}

/** The return of a run, or that it could not be made; undefined while it is not finished. */
export type OutcomeOf = (unit: Unit) => number | "failed" | undefined;

export interface SweepState {
  /** Those that can be known yet, by number. */
  trials: Trial[];
  /** Runs that can be begun, or have been and are not finished, the most urgent first. */
  open: Unit[];
  /** Whether there is nothing left to do, and nothing to wait for. */
  done: boolean;
}

export class SweepOrder {
  readonly #rules: SweepRules;
  readonly #rungs: readonly number[];
  /** Chosen settings by number: what a choice depends on does not change any more once it can be made. */
  readonly #chosen: (Settings | undefined)[] = [];

  constructor(rules: SweepRules) {
    this.#rules = rules;
    this.#rungs = rungsOf(rules.pruner, rules.seeds);
  }

  /** The state that the outcomes lead to. */
  state(outcomeOf: OutcomeOf): SweepState {
    const trials: Trial[] = [];
    const open: Unit[] = [];
    let complete = true;
    for (let number = 0; number < this.#rules.trials; number++) {
      if (!this.#canChoose(trials, number)) {
        complete = false;
        break;
      }
      const settings = this.#settings(trials, number);
      if (settings === undefined) break;
      trials.push(this.#follow({ number, settings, state: "running", scores: [] }, trials, open, outcomeOf));
    }
    return { trials, open, done: complete && trials.every(({ state }) => state !== "running") };
  }

  #canChoose(trials: readonly Trial[], number: number): boolean {
    const { sampler, parallel } = this.#rules;
    if (!learns(sampler) || number in this.#chosen) return true;
    return trials.slice(0, Math.max(0, number - parallel + 1)).every(({ state }) => state !== "running");
  }

  #settings(trials: readonly Trial[], number: number): Settings | undefined {
    if (number in this.#chosen) return this.#chosen[number];
    const { sampler, space, seed, parallel } = this.#rules;
    const known = trials.slice(0, Math.max(0, number - parallel + 1));
    this.#chosen[number] = sampleSettings(sampler, space, seed, number, known);
    return this.#chosen[number];
  }

  /** A trial as far as its runs have come, and its runs that are next. */
  #follow(trial: Trial, before: readonly Trial[], open: Unit[], outcomeOf: OutcomeOf): Trial {
    const { seeds, environments, pruner } = this.#rules;
    const scores: number[] = [];
    const now = { ...trial, scores };
    for (let seed = 0; seed < seeds; seed++) {
      if (this.#rungs.includes(seed)) {
        if (!before.every((other) => other.state !== "running" || other.scores.length >= seed)) return now;
        if (!survives(pruner, now, seed, before)) return { ...now, state: "pruned" };
      }
      const returns = environments.map((_, environment) => outcomeOf({ trial: trial.number, seed, environment }));
      if (returns.includes(undefined)) {
        this.#openUntilRung(trial.number, seed, open, outcomeOf);
        return now;
      }
      if (returns.includes("failed")) return { ...now, state: "failed" };
      scores.push(seedScore(returns as number[], environments));
    }
    return { ...now, state: "complete" };
  }

  /** The seeds up to the next decision do not depend on each other. */
  #openUntilRung(trial: number, from: number, open: Unit[], outcomeOf: OutcomeOf): void {
    const { seeds, environments } = this.#rules;
    const until = this.#rungs.find((rung) => rung > from) ?? seeds;
    for (let seed = from; seed < until; seed++) {
      for (let environment = 0; environment < environments.length; environment++) {
        const unit = { trial, seed, environment };
        if (outcomeOf(unit) === undefined) open.push(unit);
      }
    }
  }
}
