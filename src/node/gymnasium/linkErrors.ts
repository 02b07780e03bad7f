/** What went wrong between this process and Python, in words: each sort of failure, what it means and what to do. */
import { AscentError, type Problem } from "../../errors.ts";
import type { LinkFailure } from "./pythonLink.ts";

/** The batch that the failure is of. */
export interface LinkPlace {
  /** As the registry has it: "gymnasium:CartPole-v1". */
  id: string;
  python: string;
  seed?: number;
  /** Steps of the batch since its reset. */
  steps?: number;
}

const words = (value: unknown): string => (value === undefined ? "" : String(value).trim());

const KILLED = "What has been saved stays usable: correct the cause, and go on with --resume.";

type Words = (failure: LinkFailure, place: LinkPlace) => Problem;

const sorts: Readonly<Record<string, Words>> = {
  start: ({ code, text }, { id, python }) => ({
    what: `${id} needs Python, and "${python}" could not be started`,
    got: words(code) || words(text),
    expected: "a Python with Gymnasium",
    fix: "Install Python, or name one with --python or ASCENT_PYTHON, such as ASCENT_PYTHON=venv/bin/python.",
  }),
  package: ({ text, python }, { id }) => ({
    what: `${id} needs Gymnasium, and this Python has none`,
    got: `${words(python)}: ${words(text)}`,
    expected: "Gymnasium 1.0 or newer",
    fix: `Install it with: ${words(python)} -m pip install gymnasium. Another Python is named by --python or ASCENT_PYTHON.`,
  }),
  atari: ({ text, python }, { id }) => ({
    what: `${id} needs Atari's emulator, and this Python has none`,
    got: words(text),
    fix: `Install it with: ${words(python)} -m pip install ale-py.`,
  }),
  dependency: ({ text, python }, { id }) => ({
    what: `${id} needs a package that ${words(python)} does not have`,
    got: words(text),
    fix: "Install what it names into that Python.",
  }),
  unknown: ({ text }, { id }) => ({
    what: `Gymnasium has no environment for ${id}`,
    got: words(text),
    fix: "Correct the id; one that a module registers is written gymnasium:MODULE:ID.",
  }),
  space: ({ space, part }, { id }) => ({
    what: `${id} has a space that there is no counterpart for${words(part) === "" ? "" : ` at ${words(part)}`}`,
    got: words(space),
    expected: "Box, Discrete, MultiDiscrete, MultiBinary, or a Dict of them",
    fix: "Wrap the environment in Python so that its spaces are of these kinds, and register the wrapped one.",
  }),
  raised: ({ traceback, call, environment, step, type, text }, { id, seed }) => ({
    what:
      `${id}: ${words(type)} in ${words(call)}` +
      `${environment === undefined ? "" : ` of environment ${words(environment)}`}` +
      `${step === undefined ? "" : ` at step ${words(step)} of its episode`}${seed === undefined ? "" : `, seed ${seed}`}`,
    got: `${words(text)}\n${Array.isArray(traceback) ? traceback.join("\n") : ""}\n`,
    fix: `The fault is in the Python environment. ${KILLED}`,
  }),
  garbage: ({ text }, place) => ({
    what: `${place.id}: what came from Python is no answer ${when(place)}`,
    got: JSON.stringify(words(text)),
    expected: "frames of the bridge's own protocol",
    fix: `Check that "${place.python}" is a Python that prints nothing by itself as it starts.`,
  }),
  died: ({ text, complaints }, place) => ({
    what: `${place.id}: the Python process ended ${when(place)}`,
    got: `${words(text)}${words(complaints) === "" ? "" : `, and on standard error: ${words(complaints)}`}`,
    fix: `SIGKILL often means that memory ran out: let fewer environments run. ${KILLED}`,
  }),
  deadline: ({ ms }, place) => ({
    what: `${place.id}: Python did not answer within ${words(ms)} ms ${when(place)}`,
    fix: `An environment may hang; a slow one needs a longer timeoutMs (gymnasiumEnvironment). ${KILLED}`,
  }),
  closed: (_, { id }) => ({ what: `${id} is closed`, fix: "Make a new batch." }),
};

function when({ seed, steps }: LinkPlace): string {
  return seed === undefined ? "as it started" : `at step ${steps ?? 0} of the batch, seed ${seed}`;
}

/** @returns AscentError "environment" ("space" for a space that cannot be had). */
export function linkProblem(failure: LinkFailure, place: LinkPlace): AscentError {
  const sort = sorts[failure.sort] ?? sorts["garbage"];
  const code = failure.sort === "space" ? "space" : failure.sort === "closed" ? "state" : "environment";
  return new AscentError(code, sort(failure, place));
}
