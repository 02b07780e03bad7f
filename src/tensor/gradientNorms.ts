/**
 * How long a gradient is, and the factor that cuts it to a limit. Parts of it that have nothing in common, as a policy and a
 * critic that share no layer, are measured and cut apart: under one norm the longer one would decide the other's step.
 */

import { checkArgument, numbers } from "../arguments/checks.ts";
import { type Region, refuseRegion } from "./engine.ts";

/** ‖x‖₂ of a flat vector. */
export function norm(x: Region): number {
  if (x?.engine === undefined) refuseRegion("norm", x);
  return Math.sqrt(x.engine.kernels.dot(x.pointer, x.pointer, x.length));
}

/** The factor that brings a gradient of norm `gradientNorm` down to `maxNorm`; 1 when it is short enough already. */
export function clipScale(gradientNorm: number, maxNorm: number): number {
  return gradientNorm > maxNorm ? maxNorm / gradientNorm : 1;
}

/** Norms and factors of the parts of one flat gradient. */
export class GradientNorms {
  /** ‖∇‖₂ of each part, of the gradient measured last. */
  readonly norms: Float64Array;
  /** What brings each part down to the limit. */
  readonly scales: Float64Array;
  readonly #parts: readonly number[];
  readonly #maxNorms: readonly number[];

  /**
   * @param parts lengths of the stretches, one behind the other.
   * @param maxNorms the limit of each; Infinity: it is never cut.
   */
  constructor(parts: readonly number[], maxNorms: readonly number[]) {
    checkArgument("GradientNorms: parts", numbers, parts);
    checkArgument("GradientNorms: maxNorms", numbers, maxNorms);
    this.norms = new Float64Array(parts.length);
    this.scales = new Float64Array(parts.length);
    this.#parts = parts;
    this.#maxNorms = maxNorms;
  }

  /** Measures a gradient of the parts' layout. @returns the sum of the norms: not finite where one is not. */
  measure({ pointer, engine }: Region): number {
    let total = 0;
    let at = pointer;
    for (let i = 0; i < this.#parts.length; i++) {
      const length = this.#parts[i];
      const size = Math.sqrt(engine.kernels.dot(at, at, length));
      this.norms[i] = size;
      this.scales[i] = clipScale(size, this.#maxNorms[i]);
      total += size;
      at += length * 4;
    }
    return total;
  }
}
