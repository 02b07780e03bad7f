/** Means of the figures of all minibatch steps of one update. */

import type { Figures } from "../../learners/learner.ts";
import type { Program } from "../../tensor/program.ts";

export class Totals {
  static readonly #names = ["loss", "policyLoss", "valueLoss", "entropy", "approxKl", "clipFraction"] as const;
  readonly #sums = new Float64Array(Totals.#names.length);
  readonly #norms: Float64Array;
  #count = 0;

  /** @param parts of the gradient: the policy's, and the critic's where it is apart. */
  constructor(parts: number) {
    this.#norms = new Float64Array(parts);
  }

  add(program: Program, norms: Float64Array): void {
    for (let i = 0; i < this.#sums.length; i++) this.#sums[i] += program.scalar(Totals.#names[i]);
    for (let i = 0; i < norms.length; i++) this.#norms[i] += norms[i];
    this.#count++;
  }

  means(): Figures {
    const [gradientNorm, valueGradientNorm] = this.#norms.map((total) => total / this.#count);
    const figures: Figures = { updates: this.#count, gradientNorm };
    if (valueGradientNorm !== undefined) figures["valueGradientNorm"] = valueGradientNorm;
    Totals.#names.forEach((name, i) => {
      figures[name] = this.#sums[i] / this.#count;
    });
    return figures;
  }
}
