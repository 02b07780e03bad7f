/**
 * Which versions of Node the tools of this tree run on (Vite and Rolldown ask for 20.19 or 22.12, Vitest for no odd version).
 * The built package asks for less: `engines` in package.json.
 */

/** Major version -> the least minor version; from LATER on every version does. */
const LEAST = { 20: 19, 22: 12 };
const LATER = 24;

export const neededNode = "Node 20.19, 22.12, or 24 or newer (https://nodejs.org)";

/** @param version such as "20.19.0" */
export function isNodeFit(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major >= LATER) return true;
  return minor >= (LEAST[major] ?? Number.POSITIVE_INFINITY);
}
