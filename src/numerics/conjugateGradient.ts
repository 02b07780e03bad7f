/**
 * Conjugate gradients (Hestenes & Stiefel 1952) for A x = b on flat vectors in an engine's memory, A given only by its
 * products. All scratch is allocated once; a solve allocates nothing.
 */

import type { Work } from "../pauses.ts";
import type { Engine, Region } from "../tensor/engine.ts";

export interface ConjugateGradientOptions {
  /** Most iterations. */
  iterations: number;
  /** Stop when ‖b − A x‖² ≤ tolerance · ‖b‖², whatever the scale of b. Default 1e-10. */
  tolerance?: number;
}

export interface Solution {
  iterations: number;
  /** ‖b − A x‖ / ‖b‖ as the recursion has it. */
  residual: number;
}

export class ConjugateGradient {
  readonly x: Region;
  readonly #r: Region;
  readonly #p: Region;
  readonly #engine: Engine;

  constructor(engine: Engine, length: number) {
    this.#engine = engine;
    this.x = engine.allocate(length);
    this.#r = engine.allocate(length);
    this.#p = engine.allocate(length);
  }

  /** The vector that products are asked of. */
  get direction(): Region {
    return this.#p;
  }

  /**
   * Leaves the solution in `x`, starting from 0.
   *
   * @param multiply computes A · direction and returns where it lies.
   */
  *solving(
    b: Region,
    multiply: () => Work<Region>,
    { iterations, tolerance = 1e-10 }: ConjugateGradientOptions,
  ): Work<Solution> {
    const { kernels } = this.#engine;
    const { pointer: x, length } = this.x;
    const r = this.#r.pointer;
    const p = this.#p.pointer;
    kernels.axpby(length, 0, b.pointer, 0, x);
    kernels.axpby(length, 1, b.pointer, 0, r);
    kernels.axpby(length, 1, b.pointer, 0, p);
    const start = kernels.dot(r, r, length);
    let squared = start;
    let done = 0;
    while (done < iterations && squared > tolerance * start) {
      const { pointer: product } = yield* multiply();
      const curvature = kernels.dot(p, product, length);
      // A direction of no curvature (a singular matrix without damping) cannot be followed any further.
      if (!(curvature > 0)) break;
      const step = squared / curvature;
      kernels.axpby(length, step, p, 1, x);
      kernels.axpby(length, -step, product, 1, r);
      const next = kernels.dot(r, r, length);
      kernels.axpby(length, 1, r, next / squared, p);
      squared = next;
      done++;
    }
    return { iterations: done, residual: start === 0 ? 0 : Math.sqrt(squared / start) };
  }
}
