/**
 * Checks that a user's environment keeps to the contract of environment.ts, by running it, and says what to change. It
 * finds faults of the contract, not of the task: it cannot know what the right reward is.
 */
import {
  checkArgument,
  checkOptions,
  having,
  listOf,
  type OptionChecks,
  optional,
  seed,
  wholeNumber,
} from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { deriveSeed, RandomStream } from "../random/stream.ts";
import { streams } from "../random/streams.ts";
import { requireFactory, whyNotEnvironment, whyNotResult } from "./contract.ts";
import type { Environment, EnvironmentFactory } from "./environment.ts";
import { whyNotMask } from "./masks.ts";
import { RoundingWatch } from "./roundingWatch.ts";
import { checkSavedState, toText } from "./savedStateCheck.ts";
import { checkScenes } from "./scenesCheck.ts";
import { imageLayoutOf } from "./spaces/imageLayout.ts";
import {
  choiceColumns,
  describe,
  flatSize,
  readFlat,
  type Space,
  sample,
  sampleFlat,
  spaceFromJson,
  spaceToJson,
  whyNotIn,
} from "./spaces.ts";
import { timeLimit } from "./wrappers.ts";

export interface Finding {
  level: "error" | "warning";
  /** Which rule is broken, such as "same-seed". */
  rule: string;
  /** What was got, what was expected, what to change. */
  message: string;
}

export interface CheckOptions {
  /** Steps of each trial run; default 200. */
  steps?: number;
  /** Seed of the random actions and of reset; default 0. */
  seed?: number;
  /** Truncates episodes at this many steps, as training with the option of that name does; default no limit. */
  maxEpisodeSteps?: number;
}

const checkerOptions: OptionChecks<CheckOptions> = {
  steps: optional(wholeNumber(1)),
  seed: optional(seed),
  maxEpisodeSteps: optional(wholeNumber(1)),
};

/**
 * Runs environments from the factory with random actions; every broken rule is reported once. None broken: empty. The
 * environments are closed at the end.
 *
 * @throws AscentError "environment" unless it is a factory, "option" for options that are none.
 */
export function checkEnvironment(factory: EnvironmentFactory, options: CheckOptions = {}): Finding[] {
  requireFactory("checkEnvironment", factory);
  checkOptions("checkEnvironment", checkerOptions, options);
  const check = new Check(factory, options);
  check.run();
  return check.findings;
}

/** The findings as text, one a line, or a line that says there are none. */
export function formatFindings(findings: readonly Finding[]): string {
  checkArgument(
    "formatFindings: findings",
    listOf(having("a finding", "rule", "message"), "a list of findings"),
    findings,
  );
  if (findings.length === 0) return "No faults found.";
  return findings.map(({ level, rule, message }) => `${level} ${rule}: ${message}`).join("\n");
}

/** Streams of the seeds that trial runs reset with; 1 and 2 are of the actions. */
const SEEDS = { first: 3, before: 4, other: 5, saved: 6 } as const;

/** Thrown to leave a trial run that cannot go on; the finding is recorded already. */
class Stop extends Error {}

class Check {
  readonly findings: Finding[] = [];
  readonly #factory: EnvironmentFactory;
  readonly #steps: number;
  readonly #seed: number;
  readonly #limit: number | undefined;
  readonly #made: Environment[] = [];

  constructor(factory: EnvironmentFactory, { steps = 200, seed = 0, maxEpisodeSteps }: CheckOptions) {
    this.#factory = factory;
    this.#steps = steps;
    this.#seed = seed;
    this.#limit = maxEpisodeSteps;
  }

  run(): void {
    this.#attempt(() => {
      const environment = this.#make();
      this.#checkSpaces(environment);
      this.#checkStepBeforeReset(this.#make());
      const trace = this.#trial(environment, "first", this.#steps);
      this.#checkSeeds(trace);
      const trial = { seed: this.#seed, restarts: SEEDS.saved, steps: this.#steps, act: this.#action.bind(this) };
      const make = () => this.#make();
      checkSavedState(make, trial, (...finding) => this.#report(...finding));
      checkScenes(make, trial, (...finding) => this.#report(...finding));
    });
    for (const environment of this.#made) this.#attempt(() => environment.close?.());
  }

  #make(): Environment {
    const made: unknown = this.#factory();
    const wrong = whyNotEnvironment(made);
    if (wrong !== undefined) {
      this.#fail("environment", `got ${wrong.got} from the factory, expected an environment. ${wrong.fix}`);
    }
    const environment = made as Environment;
    this.#made.push(environment);
    return this.#limit === undefined ? environment : timeLimit(environment, this.#limit);
  }

  #report(rule: string, message: string, level: Finding["level"] = "error"): void {
    if (!this.findings.some((finding) => finding.rule === rule)) this.findings.push({ level, rule, message });
  }

  #fail(rule: string, message: string): never {
    this.#report(rule, message);
    throw new Stop();
  }

  #attempt(body: () => void): void {
    try {
      body();
    } catch (error) {
      if (error instanceof Stop) return;
      const text = error instanceof Error ? error.message : String(error);
      this.#report(
        "throws",
        `got the error "${text}", expected none with actions of the space. Handle every action of it.`,
      );
    }
  }

  #checkSpaces(environment: Environment): void {
    for (const name of ["observationSpace", "actionSpace"] as const) {
      const space: unknown = environment[name];
      try {
        spaceFromJson(JSON.parse(JSON.stringify(spaceToJson(space as Space))));
      } catch {
        this.#fail(
          "spaces",
          `got ${name} = ${describeValue(space)}, expected a space. Make it with box, discrete, multiDiscrete, multiBinary or dict.`,
        );
      }
      if (name === "actionSpace") this.#checkActionBounds(space as Space);
      else this.#checkImages(space as Space);
    }
  }

  #checkImages(space: Space): void {
    if (space.kind === "dict") for (const field of Object.values(space.fields)) this.#checkImages(field);
    if (space.kind !== "box" || space.shape.length !== 3 || imageLayoutOf(space.shape).clear) return;
    const [channels, height, width] = space.shape;
    this.#report(
      "image-layout",
      `got ${describe(space)}, which is read as ${channels} channels of ${height} × ${width}, expected [channels, height, ` +
        `width]. If the channels are last, train with imageLayout: "hwc"; if it is no image, with cnn: "none".`,
      "warning",
    );
  }

  #checkActionBounds(space: Space): void {
    if (space.kind !== "box" || [...space.low, ...space.high].every(Number.isFinite)) return;
    this.#report(
      "action-bounds",
      "got a Box action space with infinite bounds, expected finite ones. Bound it: actions are scaled and clipped by them.",
      "warning",
    );
  }

  #checkStepBeforeReset(environment: Environment): void {
    const action = sample(environment.actionSpace, new RandomStream(this.#seed, streams.checker));
    try {
      environment.step(action);
    } catch {
      return;
    }
    this.#report(
      "step-before-reset",
      "got a result from step() before any reset(), expected an error. Throw one: such a call is always a mistake.",
      "warning",
    );
  }

  /** Runs with random actions, checking everything that comes back; returns all of it, for comparing runs. */
  #trial(environment: Environment, seeds: keyof typeof SEEDS, steps: number): string[] {
    const random = new RandomStream(this.#seed, streams.checker, 1);
    const trace: string[] = [];
    const rounding = new RoundingWatch(environment.observationSpace);
    let episodes = 0;
    const start = () => {
      const result: unknown = environment.reset({
        seed: deriveSeed(this.#seed, streams.checker, SEEDS[seeds], episodes++),
      });
      if (typeof result !== "object" || result === null || !("observation" in result)) {
        const { got, expected, fix } = whyNotResult("reset", result);
        this.#fail("reset", `got ${got} from reset(), expected ${expected}. ${fix}`);
      }
      this.#checkObservation(environment, result.observation, "reset()");
      trace.push(toText(result.observation));
      this.#reportRounding(rounding.see(result.observation));
      return result.observation;
    };
    let previous = start();
    for (let t = 0; t < steps; t++) {
      const result = environment.step(this.#action(environment, random));
      this.#checkStep(environment, result);
      const { observation, reward, terminated, truncated } = result;
      if (typeof observation === "object" && observation === previous) {
        this.#report(
          "shared-observation",
          "got the same observation object from two calls, expected a new one each. Return a copy, or earlier ones change.",
          "warning",
        );
      }
      trace.push(toText([observation, reward, terminated, truncated]));
      this.#reportRounding(rounding.see(observation));
      previous = terminated || truncated ? start() : observation;
    }
    this.#reportRounding(rounding.stillColumn());
    return trace;
  }

  #reportRounding(equal: string | undefined): void {
    if (equal === undefined) return;
    this.#report(
      "float32-observation",
      `got ${equal}, which are equal in float32, expected numbers that float32 tells apart. Take off what they have in ` +
        "common, or train with normalizeObservations, which reads all digits.",
      "warning",
    );
  }

  #action(environment: Environment, random: RandomStream): unknown {
    const space = environment.actionSpace;
    if (environment.actionMask === undefined) return sample(space, random);
    const mask: unknown = environment.actionMask();
    const reason = whyNotMask(space, mask);
    if (reason !== undefined) {
      this.#fail(
        "action-mask",
        `got ${reason}, expected a Uint8Array of 0 and 1 for ${describe(space)}. Return one entry a category.`,
      );
    }
    const allowed = mask as Uint8Array;
    const action = new Float32Array(flatSize(space));
    sampleFlat(space, random, action, 0);
    let from = 0;
    for (const { column, start, size } of choiceColumns(space)) {
      const choices = Array.from({ length: size }, (_, j) => j).filter((j) => allowed[from + j] === 1);
      from += size;
      action[column] = start + choices[random.integer(choices.length)];
    }
    return readFlat(space, action, 0);
  }

  #checkStep(environment: Environment, result: unknown): void {
    if (typeof result !== "object" || result === null || !("observation" in result)) {
      const { got, expected, fix } = whyNotResult("step", result);
      this.#fail("step", `got ${got} from step(), expected ${expected}. ${fix}`);
    }
    const { observation, reward, terminated, truncated } = result as Record<string, unknown>;
    if (typeof reward !== "number" || !Number.isFinite(reward)) {
      this.#fail("reward", `got reward ${describeValue(reward)}, expected a finite number. Return one on every step.`);
    }
    for (const [name, flag] of Object.entries({ terminated, truncated })) {
      if (typeof flag !== "boolean") {
        this.#fail(
          "flags",
          `got ${name} = ${describeValue(flag)}, expected true or false. Return both flags on every step.`,
        );
      }
    }
    this.#checkObservation(environment, observation, "step()");
  }

  #checkObservation(environment: Environment, observation: unknown, call: string): void {
    const space = environment.observationSpace;
    const found = findNonFinite(observation);
    if (found !== undefined) {
      this.#fail("finite-observation", `got ${found} in the observation of ${call}, expected finite numbers.`);
    }
    const reason = whyNotIn(space, observation);
    if (reason !== undefined) {
      this.#fail(
        "observation",
        `got an observation of ${call} where ${reason}, expected one of ${describe(space)}. Correct it or the space.`,
      );
    }
  }

  #checkSeeds(trace: readonly string[]): void {
    const again = this.#trial(this.#make(), "first", this.#steps);
    const differs = trace.findIndex((text, t) => text !== again[t]);
    if (differs >= 0) {
      this.#report(
        "same-seed",
        `got different results from the same seed and actions (at result ${differs}: ${trace[differs]} and ${again[differs]}), ` +
          "expected equal ones. Draw all randomness from a generator that reset({ seed }) seeds.",
      );
    }
    const reused = this.#make();
    this.#trial(reused, "before", Math.min(20, this.#steps));
    const second = this.#trial(reused, "first", this.#steps);
    const leak = trace.findIndex((text, t) => text !== second[t]);
    if (differs < 0 && leak >= 0) {
      this.#report(
        "reset",
        `got another episode from an environment used before than from a new one (at result ${leak}), expected the same. ` +
          "Let reset() put back everything.",
      );
    }
    const other = this.#trial(this.#make(), "other", this.#steps);
    if (other.every((text, t) => text === trace[t])) {
      this.#report(
        "different-seed",
        "got the same episodes from two seeds, expected different ones. Ignore this if nothing in the task is random; " +
          "otherwise use the seed of reset.",
        "warning",
      );
    }
  }
}

function findNonFinite(value: unknown): string | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? undefined : String(value);
  if (typeof value !== "object" || value === null) return undefined;
  for (const part of Object.values(value)) {
    const found = findNonFinite(part);
    if (found !== undefined) return found;
  }
  return undefined;
}
