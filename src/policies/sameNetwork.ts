/**
 * What a network is, as plain data: everything that makes other actions or values of the same parameters. Equal sizes do not
 * make two networks the same: an activation, a distribution or the bounds of a space have no parameters.
 */

import { describe, type Space, spaceToJson } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import type { JsonValue } from "../files/exactJson.ts";
import { sha256, toHex } from "../files/sha256.ts";
import type { NetworkOptions } from "./actorCritic.ts";
import { imageParts } from "./encode.ts";

/** A network of these options between these spaces. */
export interface NetworkOf {
  observationSpace: Space;
  actionSpace: Space;
  network: NetworkOptions;
}

/** Values by the names of their options, and the two spaces as text. */
export type NetworkIdentity = Record<string, JsonValue>;

/** What options that are left out mean. */
export const networkDefaults: Readonly<Record<string, JsonValue>> = {
  hidden: [64, 64],
  activation: "tanh",
  shared: false,
  cnn: "auto",
  imageLayout: "auto",
  scalePixels: true,
  recurrent: "none",
  recurrentSize: 64,
  distribution: "gaussian",
  normalizeActions: true,
  stateDependentStd: false,
};

/** Options that say where parameters begin, or how they are trained, not what they mean. */
const ASIDE: readonly string[] = ["orthogonalInit", "logStdInit", "sdeSampleFreq", "sdeLearnFeatures"];
/** What only the critic depends on. */
export const criticOptions: readonly string[] = ["shared", "criticHidden"];

const OF_BOXES: readonly string[] = ["distribution", "stateDependentStd", "normalizeActions"];
const OF_IMAGES: readonly string[] = ["cnn", "imageLayout", "scalePixels"];

export function networkIdentity({ observationSpace, actionSpace, network }: NetworkOf): NetworkIdentity {
  const given = Object.entries(network).filter(([, value]) => value !== undefined);
  const options: Record<string, JsonValue> = { ...networkDefaults, ...Object.fromEntries(given) };
  const without = [
    ...ASIDE,
    ...(hasBox(actionSpace) ? [] : OF_BOXES),
    ...(imageParts(observationSpace).length > 0 ? [] : OF_IMAGES),
    ...(options["recurrent"] === "none" ? ["recurrentSize"] : []),
    ...(options["shared"] === true || isEqual(options["criticHidden"], options["hidden"]) ? ["criticHidden"] : []),
  ];
  const kept = Object.entries(options).filter(([name]) => !without.includes(name));
  return {
    observationSpace: spaceText(observationSpace),
    actionSpace: spaceText(actionSpace),
    ...Object.fromEntries(kept),
  };
}

/** Names of what differs. */
export function networkDifferences(a: NetworkIdentity, b: NetworkIdentity): string[] {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => !isEqual(a[name], b[name]));
}

function isEqual(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Such as `hidden [64,64], activation "tanh"`. */
export function networkText(identity: NetworkIdentity, names: readonly string[]): string {
  return names.map((name) => `${name} ${JSON.stringify(identity[name]) ?? "none"}`).join(", ");
}

/**
 * @param saved of a snapshot, of any form.
 * @throws AscentError "file" unless it is that of the learner's own network.
 */
export function requireSavedNetwork(saved: unknown, own: NetworkIdentity): void {
  const theirs = typeof saved === "object" && saved !== null ? (saved as NetworkIdentity) : {};
  const names = networkDifferences(theirs, own);
  if (names.length === 0) return;
  throw new AscentError("file", {
    what: `The saved state is of another network: ${names.join(", ")}`,
    got: networkText(theirs, names),
    expected: networkText(own, names),
    fix:
      "Resume with the network it was saved with. Learning rates, clip ranges, discounts and other settings of learning may " +
      "change; the network, the normalisers, the optimiser and the rollout's size may not.",
  });
}

function hasBox(space: Space): boolean {
  return space.kind === "box" || (space.kind === "dict" && Object.values(space.fields).some(hasBox));
}

/** What people read of a space, and what tells it from others that read the same. */
function spaceText(space: Space): string {
  const bytes = new TextEncoder().encode(JSON.stringify(spaceToJson(space)));
  return `${describe(space)} #${toHex(sha256(bytes)).slice(0, 12)}`;
}
