/** The environments known by name: the built-in ones, and those users register. */
import { checkArgument, text } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { didYouMean } from "../nearest.ts";
import type { BatchedEnvironment, EnvironmentSpec } from "./batched.ts";
import { type BatchOptions, batchFromFactory, checkBatchOptions } from "./batchFromFactory.ts";
import { box2dTasks } from "./box2d/catalogue.ts";
import { classicControl, partiallySeen } from "./classic-control/index.ts";
import { makeFromSpec, requireSource, specCheck } from "./contract.ts";
import { cartPoleImage } from "./images/cartPoleImage.ts";
import { gridImage } from "./images/gridImage.ts";
import type { EnvironmentId, EnvironmentSource, SingleOf } from "./known.ts";
import { maskedCorridor } from "./masked/corridor.ts";
import { mujocoTasks } from "./mujoco/catalogue.ts";

const registry = new Map<string, EnvironmentSpec>(
  [...classicControl, ...partiallySeen, maskedCorridor, gridImage, cartPoleImage, ...box2dTasks, ...mujocoTasks].map(
    (spec) => [spec.id, spec],
  ),
);

/** Environments that are made from what stands behind a prefix of their ids, and those that were asked for. */
const families = new Map<string, (id: string) => EnvironmentSpec>();
const relatives = new Map<string, EnvironmentSpec>();

/** Makes every id that begins with the prefix known; `make` gets the whole id. Lists do not have them. */
export function registerFamily(prefix: string, make: (id: string) => EnvironmentSpec): void {
  families.set(prefix, make);
}

function relativeOf(id: string): EnvironmentSpec | undefined {
  const known = relatives.get(id);
  if (known !== undefined) return known;
  for (const [prefix, make] of families) {
    if (!id.startsWith(prefix) || id.length === prefix.length) continue;
    const spec = make(id);
    relatives.set(id, spec);
    return spec;
  }
  return undefined;
}

/** Makes an environment known by its id. Throws AscentError "environment" when the id is taken by another spec. */
export function registerEnvironment(spec: EnvironmentSpec): void {
  checkArgument("registerEnvironment: spec", specCheck, spec);
  checkArgument("registerEnvironment: spec.id", text, spec.id);
  const present = registry.get(spec.id);
  if (present !== undefined && present !== spec) {
    throw new AscentError("environment", {
      what: `An environment named "${spec.id}" is registered already`,
      got: "another spec with that name",
      expected: "a name that is free",
      fix: "Choose another name, or raise the version: MyTask-v1.",
    });
  }
  registry.set(spec.id, spec);
}

/** The spec of this id. Throws AscentError "environment", naming the nearest known id, when there is none. */
export function environmentSpec<Id extends EnvironmentId>(id: Id): EnvironmentSpec<SingleOf<Id>> {
  checkArgument("environmentSpec: id", text, id);
  const spec = registry.get(id) ?? relativeOf(id);
  // What stands under an id has its spaces: a test compares them all.
  if (spec !== undefined) return spec as EnvironmentSpec<SingleOf<Id>>;
  const known = [...registry.keys()];
  throw new AscentError("environment", {
    what: `There is no environment named "${id}"`,
    expected: `one of ${known.join(", ")}`,
    fix: `${didYouMean(id, known)}Your own environments need registerEnvironment first.`,
  });
}

/** All registered specs, in order of registration. */
export function listEnvironments(): EnvironmentSpec[] {
  return [...registry.values()];
}

/**
 * Loads what environments from this source need before they can be made, such as the physics of MuJoCo. Training, evaluating
 * and the commands do it by themselves; who calls `makeBatched` or a spec's `make` awaits it first.
 *
 * @throws AscentError "environment" when there is no such id, or with the line that installs a missing package.
 */
export async function prepareEnvironment(source: EnvironmentSource): Promise<void> {
  requireSource("prepareEnvironment", source);
  if (typeof source === "function") return;
  await (typeof source === "string" ? environmentSpec(source) : source).prepare?.();
}

/**
 * A batch of `count` environments from an id, a spec, or a user's factory.
 *
 * @param options for factories only, see `batchFromFactory`: a spec has its own id and time limit.
 * @throws AscentError "option" when there are options for an id or a spec, "environment" when there is no such id.
 */
export function makeBatched(source: EnvironmentSource, count: number, options?: BatchOptions): BatchedEnvironment {
  requireSource("makeBatched", source);
  if (typeof source === "function") return batchFromFactory(source, count, options);
  const spec = typeof source === "string" ? environmentSpec(source) : source;
  refuseOptions(spec, options);
  return makeFromSpec(spec, count);
}

function refuseOptions({ id }: EnvironmentSpec, options: BatchOptions = {}): void {
  checkBatchOptions(options);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  if (given.length === 0) return;
  throw new AscentError("option", {
    what: `${id} is registered with an id and a time limit of its own, so environmentOptions cannot change them`,
    got: given.map(([name, value]) => `${name} ${describeValue(value)}`).join(", "),
    expected: "none",
    fix:
      "Leave them out, give a function that makes one environment instead " +
      `(() => timeLimit(environmentSpec("${id}").makeSingle(), steps)), or register a spec of your own.`,
  });
}
