/** The natural-gradient direction x = (F + cI)⁻¹ g, c the damping, and the curvature that scales it (docs/theory.md, 19). */

import { ConjugateGradient } from "../../numerics/conjugateGradient.ts";
import type { Work } from "../../pauses.ts";
import type { Engine, Region } from "../../tensor/engine.ts";
import { norm } from "../../tensor/gradientNorms.ts";
import type { TrustRegionPrograms } from "./programs.ts";

export interface Direction {
  readonly x: Region;
  /** xᵀ (F + cI) x: what the step is scaled by. */
  readonly curvature: number;
  /** xᵀ F x: half of it is the KL that the quadratic model gives x. */
  readonly klCurvature: number;
  readonly gradientNorm: number;
  readonly iterations: number;
  /** ‖g − (F + cI) x‖ / ‖g‖ */
  readonly residual: number;
}

export function conjugateDirection(
  engine: Engine,
  programs: TrustRegionPrograms,
  { cgMaxSteps, cgDamping }: { cgMaxSteps: number; cgDamping: number },
): { solving(gradient: Region): Work<Direction> } {
  const { kernels } = engine;
  const { vector, fisher } = programs;
  const { length } = vector;
  const solver = new ConjugateGradient(engine, length);
  const product = fisher.program.outputRegion("product");
  function* multiply(from: Region): Work<Region> {
    kernels.axpby(length, 1, from.pointer, 0, vector.pointer);
    yield* fisher.program.running();
    kernels.axpby(length, cgDamping, from.pointer, 1, product.pointer);
    return product;
  }
  return {
    *solving(gradient) {
      yield* fisher.prepare.running();
      const found = yield* solver.solving(gradient, () => multiply(solver.direction), { iterations: cgMaxSteps });
      const curvature = kernels.dot(solver.x.pointer, (yield* multiply(solver.x)).pointer, length);
      const { pointer: x } = solver.x;
      const klCurvature = Math.max(curvature - cgDamping * kernels.dot(x, x, length), 0);
      return { x: solver.x, curvature, klCurvature, gradientNorm: norm(gradient), ...found };
    },
  };
}
