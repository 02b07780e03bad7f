/**
 * The first mistakes with environments of one's own, named before they become strange errors further in: a class where a
 * function is meant, a Promise, a missing part, old Gym's lists. What environments do while they run is checked by the batch.
 */
import { type Check, callback, checkArgument, having } from "../arguments/checks.ts";
import { describeValue, isClass } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import type { BatchedEnvironment, EnvironmentSpec } from "./batched.ts";
import type { Environment, EnvironmentFactory } from "./environment.ts";
import { whyNotSpace } from "./spaces/kinds.ts";

const FACTORY = "a function that makes one environment";
const SOURCE = `an id, a spec or ${FACTORY}`;

/** An environment of one's own, made already; its spaces are not looked at. */
export const environmentCheck: Check = {
  ...having("an environment with observationSpace, actionSpace, reset and step", "reset", "step"),
  code: "environment",
  fix: "Give an object made by your class or factory, or environmentSpec(id).makeSingle().",
};

export const specCheck: Check = {
  ...having("an EnvironmentSpec", "id", "make", "makeSingle"),
  code: "environment",
  fix: "Give an object with id, summary, maxEpisodeSteps, make(count) and makeSingle().",
};

export const batchCheck: Check = {
  ...having("a batched environment", "count", "observations", "reset", "step"),
  code: "environment",
  fix: "Give what makeBatched or batchFromFactory gives.",
};

/** @throws AscentError "environment" unless it is a function that can be called without `new`. */
export function requireFactory(caller: string, factory: unknown, expected = FACTORY): void {
  if (callback.fits(factory)) return;
  const name = isClass(factory) ? (factory as { name: string }).name : "";
  const isEnvironment = environmentCheck.fits(factory);
  throw new AscentError("environment", {
    what: `${caller}: the environment cannot be made`,
    got: describeValue(factory),
    expected,
    fix: name
      ? `Write () => new ${name}().`
      : isEnvironment
        ? "Training needs several that do not share anything: write () => …, with what makes it inside."
        : 'Such as "CartPole-v1", or () => new MyEnvironment().',
  });
}

/** @throws AscentError "environment" unless it is an id, a spec or a factory; whether there is such an id is not looked at. */
export function requireSource(caller: string, source: unknown): void {
  if (typeof source !== "string" && !specCheck.fits(source)) requireFactory(caller, source, SOURCE);
}

/** @throws AscentError "environment" unless the spec's make gave a batch of that many. */
export function makeFromSpec(spec: EnvironmentSpec, count: number, firstIndex?: number): BatchedEnvironment {
  const batch: unknown = spec.make(count, firstIndex);
  checkArgument(`${spec.id}: what make(${count}) gave`, batchCheck, batch);
  return batch as BatchedEnvironment;
}

/** One environment of the factory. @throws AscentError "environment" that says what is wrong with it. */
export function makeEnvironment(id: string, factory: EnvironmentFactory): Environment {
  const made: unknown = factory();
  const wrong = whyNotEnvironment(made) ?? wrongSpace(made as Environment);
  if (wrong === undefined) return made as Environment;
  throw new AscentError("environment", {
    what: `${id}: the factory made no environment`,
    got: wrong.got,
    expected: "an object with observationSpace, actionSpace, reset and step",
    fix: wrong.fix,
  });
}

/** What is wrong with what a factory made, its spaces not looked at: what was got, and what to do. */
export function whyNotEnvironment(made: unknown): { got: string; fix: string } | undefined {
  const got = describeValue(made);
  if (got === "a Promise") {
    const fix = "Await what it needs before, and give a function that is not async: () => new MyEnvironment(data).";
    return { got, fix };
  }
  if (typeof made !== "object" || made === null) return { got, fix: "Return the environment from the function." };
  const parts = made as Record<string, unknown>;
  const missing = ["reset", "step"].find((name) => typeof parts[name] !== "function");
  if (missing === undefined) return undefined;
  return { got: `${got} whose ${missing} is ${describeValue(parts[missing])}`, fix: `Give it a method ${missing}.` };
}

function wrongSpace(environment: Environment): { got: string; fix: string } | undefined {
  for (const name of ["observationSpace", "actionSpace"] as const) {
    const why = whyNotSpace(environment[name]);
    if (why === undefined) continue;
    return {
      got: `${name} = ${describeValue(environment[name])} (${why})`,
      fix: `Make ${name} with box, discrete, multiDiscrete, multiBinary or dict.`,
    };
  }
  return undefined;
}

/** What a result of reset or step must look like, for the "expected" of errors. */
const FORMS = {
  reset: "{ observation }",
  step: "{ observation, reward, terminated, truncated }",
} as const;

/** Why a result of reset or step is no such result: what was got, what was expected, what to do. */
export function whyNotResult(
  call: keyof typeof FORMS,
  result: unknown,
): { got: string; expected: string; fix: string } {
  const expected = FORMS[call];
  const got = describeValue(result);
  if (got === "a Promise") {
    return {
      got,
      expected,
      fix: `${call} is async: environments must answer at once. Wait before the run, not in it.`,
    };
  }
  if (Array.isArray(result)) {
    const old = call === "step" ? " terminated is a real end, truncated a time limit; old Gym's `done` was both." : "";
    return { got, expected, fix: `Lists are old Gym's form: return an object.${old}` };
  }
  const isObject = typeof result === "object" && result !== null;
  return { got: isObject ? `${got} without observation` : got, expected, fix: `Return an object from ${call}.` };
}
