/** J of the two parameters on a square grid around 0, coarse first: what contours are drawn from. */
import { objective } from "ascent-rl/mdp";
import type { Study } from "../../../studies/study.ts";
import { corridor, twoParameters } from "../twoParameters.ts";

export interface LandscapeInput {
  /** The grid goes from −extent to extent in both. */
  extent: number;
}

export interface LandscapeOutput {
  extent: number;
  /** Points of a side. */
  size: number;
  /** J [size × size], θ₂ by rows from the lowest, θ₁ by columns. */
  objective: Float64Array;
}

const SIZES = [17, 65];

export const study: Study<LandscapeInput, LandscapeOutput> = function* ({ extent }) {
  for (const size of SIZES) {
    const at = (i: number) => -extent + (2 * extent * i) / (size - 1);
    const values = Float64Array.from({ length: size * size }, (_, k) =>
      objective(corridor, twoParameters.policy(Float64Array.of(at(k % size), at(Math.floor(k / size))))),
    );
    yield { extent, size, objective: values };
  }
};
