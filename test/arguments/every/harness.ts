/**
 * What `everyFunction.node.test.ts` does with each public function: valid arguments, each in turn replaced by values of
 * another kind. The tables beside it say only what is valid; which of the wrong values fit nevertheless follows from that.
 */

import { AscentError } from "../../../src/errors.ts";

/** Values of a kind that a user may give by mistake, by what they are. */
const strangers: Readonly<Record<string, () => unknown>> = {
  nothing: () => undefined,
  null: () => null,
  text: () => "1",
  bigint: () => 1n,
  NaN: () => Number.NaN,
  true: () => true,
  object: () => ({}),
  list: () => [],
  function: () => () => 1,
  promise: () => Promise.resolve(1),
};
export type Stranger =
  | "nothing"
  | "null"
  | "text"
  | "bigint"
  | "NaN"
  | "true"
  | "object"
  | "list"
  | "function"
  | "promise";

/** For arguments of which any value is a question, not a mistake. */
export const anyKind = Object.keys(strangers) as readonly Stranger[];

class Argument {
  readonly value: unknown;
  /** The strangers that are no mistake here. */
  readonly fits: readonly string[];
  /** Its members are replaced too. */
  readonly members: Readonly<Record<string, unknown>> | undefined;
  /** Keys that it does not have are a mistake. */
  readonly closed: boolean;

  constructor(value: unknown, fits: readonly string[], members?: Readonly<Record<string, unknown>>, closed = false) {
    this.value = value;
    this.fits = fits;
    this.members = members;
    this.closed = closed;
  }
}

/** An argument for which these strangers do too. */
export function also(value: unknown, ...fits: readonly Stranger[]): unknown {
  return new Argument(plain(value), [...fits, ...ownKind(value)]);
}

/** An argument that may be left out. */
export function maybe(value: unknown, ...fits: readonly Stranger[]): unknown {
  return also(value, "nothing", ...fits);
}

/** An object whose members are arguments themselves. More members are welcome. */
export function parts(members: Readonly<Record<string, unknown>>): unknown {
  return new Argument(plainMembers(members), [], members);
}

/** An object of options that may be left out, of which all may be left out; other keys are a mistake. */
export function options(members: Readonly<Record<string, unknown>>): unknown {
  return new Argument(plainMembers(members), ["nothing", "object"], optional(members), true);
}

/** An object of settings that has to be there; other keys are a mistake. */
export function settings(members: Readonly<Record<string, unknown>>): unknown {
  return new Argument(plainMembers(members), [], members, true);
}

/** A call that went wrong: which argument became what, and what came of it. */
type Mistake = string;

/** Calls a function with the valid arguments, then with each of them replaced. `args` makes them afresh for every call. */
export async function mistakesOf(run: (args: unknown[]) => unknown, args: () => unknown[]): Promise<Mistake[]> {
  const found: Mistake[] = [];
  const valid = await outcome(run, args().map(plain));
  if (valid !== "done") found.push(`the valid call: ${valid}`);
  for (const [index, given] of args().entries()) {
    for (const { what, make } of replacements(given)) {
      const call = args().map(plain);
      call[index] = make(call[index]);
      const came = await outcome(run, call);
      if (came !== "AscentError") found.push(`argument ${index + 1}${what}: ${came}`);
    }
  }
  return found;
}

async function outcome(run: (args: unknown[]) => unknown, args: unknown[]): Promise<string> {
  try {
    await run(args);
    return "done";
  } catch (error) {
    if (!(error instanceof AscentError)) return String(error).split("\n")[0];
    const { what, got } = error.problem;
    const complete = what !== "" && (got === undefined || !got.includes("[object"));
    return complete ? "AscentError" : `an AscentError that does not say what it got: ${error.message}`;
  }
}

interface Replacement {
  what: string;
  make(valid: unknown): unknown;
}

function replacements(given: unknown): Replacement[] {
  const { fits, members, closed } = given instanceof Argument ? given : new Argument(given, ownKind(given));
  const all: Replacement[] = Object.entries(strangers)
    .filter(([name]) => !fits.includes(name))
    .map(([name, make]) => ({ what: ` = ${name}`, make }));
  if (closed) all.push({ what: " with another key", make: (valid) => ({ ...(valid as object), strangeKey: 1 }) });
  for (const [key, member] of Object.entries(members ?? {})) {
    for (const { what, make } of replacements(member)) {
      all.push({
        what: `.${key}${what}`,
        make: (valid) => ({ ...(valid as object), [key]: make((valid as Record<string, unknown>)[key]) }),
      });
    }
  }
  return all;
}

/** The strangers of the kind of a valid value: whether these are the right ones is another question. */
function ownKind(value: unknown): Stranger[] {
  if (typeof value === "string") return ["text"];
  if (typeof value === "boolean") return ["true"];
  if (typeof value === "function") return ["function"];
  return Array.isArray(value) ? ["list"] : [];
}

function optional(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(members).map(([key, member]) => [
      key,
      member instanceof Argument
        ? new Argument(member.value, [...member.fits, "nothing"], member.members, member.closed)
        : maybe(member),
    ]),
  );
}

function plainMembers(members: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, plain(member)]));
}

function plain(argument: unknown): unknown {
  return argument instanceof Argument ? argument.value : argument;
}
