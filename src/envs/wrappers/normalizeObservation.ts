/**
 * Observations of one environment scaled by their running mean and deviation. Training has `normalizeObservations` for a whole batch,
 * which shares its statistics and goes into the policy's file: this is for loops of one's own.
 */
import {
  above,
  checkArgument,
  checkOptions,
  having,
  type OptionChecks,
  optional,
  trueOrFalse,
} from "../../arguments/checks.ts";
import { momentsForm } from "../../files/momentsForm.ts";
import { type MomentsState, RunningMoments, scaleOf } from "../../math/runningMoments.ts";
import { refuseSaved } from "../checks.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import { type Box, box, type Space } from "../spaces.ts";
import { boxOf } from "./boxOf.ts";
import { passThrough, remembering } from "./passThrough.ts";

export interface NormalizeObservationOptions {
  /** Normalised numbers are held in ±clip. Default 10. */
  clip?: number;
  /** Whether what is seen moves the statistics. Default true; false to evaluate. */
  update?: boolean;
  /** Statistics to begin with: what `moments()` of another one gave. */
  moments?: MomentsState;
}

const observationOptions: OptionChecks<NormalizeObservationOptions> = {
  clip: optional(above(0)),
  update: optional(trueOrFalse),
  moments: optional(having("what moments() gave", "mean", "variance", "count")),
};

/** An environment that tells the statistics of its observations so far. */
export interface Normalized {
  moments(): MomentsState;
}

/**
 * Observations as (x − mean) / √(variance + 1e-8), in ±clip; mean and variance of all that was seen until then, first observations too
 * (Chan, Golub & LeVeque 1983), in float64. The statistics outlast episodes and are in the saved state.
 *
 * @throws AscentError "space" unless observations are a Box, "file" for moments of another number of columns.
 */
export function normalizeObservation<Action, ActionSpace extends Space>(
  environment: Environment<ArrayLike<number>, Action, Space, ActionSpace>,
  options: NormalizeObservationOptions = {},
): Environment<Float32Array, Action, Box, ActionSpace> & Normalized {
  checkArgument("normalizeObservation: environment", environmentCheck, environment);
  checkOptions("normalizeObservation", observationOptions, options);
  const { clip = 10, update = true } = options;
  const fix = "Only numbers of a Box have a mean: leave normalizeObservation out.";
  const { shape, low } = boxOf("normalizeObservation", "observations", environment.observationSpace, fix);
  const moments = new RunningMoments(low.length);
  const form = momentsForm(low.length);
  if (options.moments !== undefined) {
    const given = form.safeParse(options.moments);
    if (!given.success) refuseSaved("normalizeObservation", given.error);
    moments.load(given.data);
  }
  const scaled = <Result extends { observation: ArrayLike<number> }>(result: Result) => {
    const row = Float64Array.from(result.observation);
    if (update) moments.update(row, 1);
    const { mean, variance } = moments;
    const observation = Float32Array.from(row, (x, j) =>
      Math.min(Math.max((x - mean[j]) * scaleOf(variance[j]), -clip), clip),
    );
    return { ...result, observation };
  };
  const wrapped = passThrough<Float32Array, Action, Box, ActionSpace>(environment, {
    observationSpace: box({ low: -clip, high: clip, shape }),
    reset: (resetOptions) => scaled(environment.reset(resetOptions)),
    step: (action) => scaled(environment.step(action)),
    ...remembering("normalizeObservation", environment, {
      form,
      save: () => moments.save(),
      load: (kept) => moments.load(kept),
    }),
  });
  return { ...wrapped, moments: () => moments.save() };
}
