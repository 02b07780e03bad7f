/** Means of the figures of all minibatch steps of one update. */

import type { Metrics } from "../../learners/learner.ts";
import type { Program } from "../../tensor/program.ts";

export class Totals {
  static readonly #names = ["loss", "policyLoss", "valueLoss", "entropy", "approxKl", "clipFraction"] as const;
  readonly #sums = new Float64Array(Totals.#names.length);
  #gradientNorm = 0;
  #count = 0;

  add(program: Program, gradientNorm: number): void {
    for (let i = 0; i < this.#sums.length; i++) this.#sums[i] += program.scalar(Totals.#names[i]);
    this.#gradientNorm += gradientNorm;
    this.#count++;
  }

  means(): Metrics {
    const figures: Metrics = { updates: this.#count, gradientNorm: this.#gradientNorm / this.#count };
    Totals.#names.forEach((name, i) => {
      figures[name] = this.#sums[i] / this.#count;
    });
    return figures;
  }
}
