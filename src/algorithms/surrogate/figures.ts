/** Figures of one update: means over its minibatch steps, and the policy's spread. */

import type { ActorCritic } from "../../policies/actorCritic.ts";
import type { ParameterBlock } from "../../tensor/parameters.ts";
import type { Program } from "../../tensor/program.ts";
import type { Metrics } from "../../training/learner.ts";

/** Means of the figures of all minibatch steps of one update. */
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

/** Mean σ of a Gaussian policy with its own log σ. */
export function spread(network: ActorCritic, block: ParameterBlock): Metrics {
  const [own] = network.head.parameters;
  if (own === undefined) return {};
  const logStd = block.values(own.tensor.attributes.name!);
  return { logStd: logStd.reduce((a, b) => a + b, 0) / logStd.length };
}
