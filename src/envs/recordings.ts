/**
 * Replays recordings of another implementation (Gymnasium's) step by step from their initial states, and says how far
 * this one is from them. It takes the parsed JSON, so it runs in a browser too.
 */
import { z } from "zod";
import { checkArgument, checkOptions, type OptionChecks, optional, wholeNumber } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import type { BatchedEnvironment, EnvironmentSpec } from "./batched.ts";
import { environmentSpec } from "./environmentRegistry.ts";
import { firstIssue } from "./firstIssue.ts";

const numbers = z.array(z.number());
const episodeForm = z.looseObject({
  /** What else there may be, some environments know how they began from. */
  initial: z.record(z.string(), numbers).optional(),
  obs0: numbers,
  actions: z.array(z.union([z.number(), numbers])).min(1),
  obs: z.array(numbers),
  rewards: numbers,
  terminated: z.array(z.boolean()),
  truncated: z.array(z.boolean()),
});
const recordingForm = z.object({ env: z.string(), episodes: z.array(episodeForm).min(1) });

type Episode = z.infer<typeof episodeForm>;

export interface ReplayOptions {
  /**
   * Hold only this many first steps of each episode against the tolerance, and report every step. Where motion is chaotic, as with
   * contacts, differences of rounding grow until nothing agrees: that is told apart from a bug by when it begins.
   */
  steps?: number;
}

const replayOptions: OptionChecks<ReplayOptions> = { steps: optional(wholeNumber(1)) };

/** Of the episodes that have this step. */
export interface StepAgreement {
  /** 0 is an episode's first observation. */
  step: number;
  episodes: number;
  /** Largest absolute differences. */
  observationError: number;
  rewardError: number;
  flagMismatches: number;
}

export interface ReplayReport {
  env: string;
  episodes: number;
  /** Steps that were held against the tolerance. */
  steps: number;
  /** Largest absolute difference of any observation element, first observations included. */
  maxObservationError: number;
  maxRewardError: number;
  /** Steps on which terminated or truncated differ. */
  flagMismatches: number;
  /** Both errors within the tolerance and no flag different. */
  agrees: boolean;
  /** Every step by its number, also beyond those held; with the option `steps` only. */
  perStep?: StepAgreement[];
}

const nonNegative = { expected: "a number ≥ 0", fits: (x: unknown) => typeof x === "number" && x >= 0 };

/**
 * Replays a recording: { env, episodes: [{ initial, obs0, actions, obs, rewards, terminated, truncated }] }, as written
 * with Gymnasium. Errors are measured on every step of every episode, without ever correcting the state; an episode is
 * left at the first step where the flags differ, because nothing after it can be compared. A recording may stop before
 * the episode's end. Observations are compared with all digits where the environment has them (`exactObservations`).
 *
 * @throws AscentError "file" for anything that is not such a recording, "state" where `prepareEnvironment(file.env)` was not awaited
 *   for an environment that needs it.
 */
export function replayGolden(file: unknown, tolerance: number, options: ReplayOptions = {}): ReplayReport {
  checkArgument("replayGolden: tolerance", nonNegative, tolerance);
  checkOptions("replayGolden", replayOptions, options);
  const parsed = recordingForm.safeParse(file);
  if (!parsed.success) {
    refuse("is not a recording of episodes", firstIssue(parsed.error));
  }
  const recording = parsed.data as z.infer<typeof recordingForm>;
  const spec = environmentSpec(recording.env);
  const perStep: StepAgreement[] = [];
  const environment = spec.make(1);
  try {
    recording.episodes.forEach((episode, index) => {
      checkLengths(episode, index, environment);
      replayEpisode(episode, spec, environment, perStep);
    });
  } finally {
    environment.close?.();
  }
  const held = options.steps === undefined ? perStep : perStep.slice(0, options.steps + 1);
  const largest = (error: "observationError" | "rewardError") => Math.max(...held.map((one) => one[error]));
  const report = {
    env: recording.env,
    episodes: recording.episodes.length,
    steps: held.slice(1).reduce((sum, { episodes }) => sum + episodes, 0),
    maxObservationError: largest("observationError"),
    maxRewardError: largest("rewardError"),
    flagMismatches: held.reduce((sum, { flagMismatches }) => sum + flagMismatches, 0),
  };
  const { maxObservationError, maxRewardError, flagMismatches } = report;
  const agrees = maxObservationError <= tolerance && maxRewardError <= tolerance && flagMismatches === 0;
  return { ...report, agrees, ...(options.steps !== undefined && { perStep }) };
}

function replayEpisode(
  episode: Episode,
  spec: EnvironmentSpec,
  environment: BatchedEnvironment,
  perStep: StepAgreement[],
): void {
  if (spec.startFrom === undefined) refuse(`of ${spec.id} cannot be replayed`, "no way to set its initial state");
  environment.reset(0);
  const initial = episode.initial ?? spec.recordedInitial?.(episode);
  if (initial === undefined)
    refuse("is not a recording of episodes", "an episode that does not say how it began: initial");
  spec.startFrom(environment, initial);
  const observations = environment.exactObservations ?? environment.observations;
  const finalObservations = environment.exactFinalObservations ?? environment.finalObservations;
  note(perStep, 0, distance(observations, episode.obs0), 0, false);
  const action = new Float32Array(environment.actionSize);
  for (let t = 0; t < episode.actions.length; t++) {
    action.set([episode.actions[t]].flat());
    environment.step(action);
    const terminated = environment.terminated[0] === 1;
    const truncated = environment.truncated[0] === 1;
    const reached = terminated || truncated ? finalObservations : observations;
    const mismatch = terminated !== episode.terminated[t] || truncated !== episode.truncated[t];
    const rewardError = Math.abs(environment.rewards[0] - episode.rewards[t]);
    note(perStep, t + 1, distance(reached, episode.obs[t]), rewardError, mismatch);
    if (mismatch) return;
  }
}

function note(
  perStep: StepAgreement[],
  step: number,
  observationError: number,
  rewardError: number,
  mismatch: boolean,
): void {
  perStep[step] ??= { step, episodes: 0, observationError: 0, rewardError: 0, flagMismatches: 0 };
  const noted = perStep[step];
  noted.episodes++;
  noted.observationError = Math.max(noted.observationError, observationError);
  noted.rewardError = Math.max(noted.rewardError, rewardError);
  if (mismatch) noted.flagMismatches++;
}

function distance(row: Float32Array | Float64Array, recorded: readonly number[]): number {
  let largest = 0;
  for (let i = 0; i < row.length; i++) {
    const difference = Math.abs(row[i] - recorded[i]);
    // A NaN counts as infinitely far: comparisons with it would hide it.
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

function checkLengths(episode: Episode, index: number, environment: BatchedEnvironment): void {
  const steps = episode.actions.length;
  for (const field of ["obs", "rewards", "terminated", "truncated"] as const) {
    if (episode[field].length !== steps) {
      refuse(`has an incomplete episode ${index}`, `${episode[field].length} ${field} for ${steps} actions`);
    }
  }
  const { observationSize, actionSize } = environment;
  const badObservation = [episode.obs0, ...episode.obs].findIndex((row) => row.length !== observationSize);
  if (badObservation >= 0)
    refuse(`has an observation not of ${observationSize} numbers`, `episode ${index}, observation ${badObservation}`);
  const badAction = episode.actions.findIndex((action) => [action].flat().length !== actionSize);
  if (badAction >= 0) refuse(`has an action not of ${actionSize} numbers`, `episode ${index}, step ${badAction}`);
  const early = episode.actions.findIndex((_, t) => t < steps - 1 && (episode.terminated[t] || episode.truncated[t]));
  if (early >= 0) refuse("goes on after an episode's end", `episode ${index}, step ${early}`);
}

function refuse(what: string, got: string): never {
  throw new AscentError("file", {
    what: `The recording ${what}`,
    got,
    expected: "a whole recording of a registered environment",
    fix: "Check that the file is complete and is the one you meant.",
  });
}
