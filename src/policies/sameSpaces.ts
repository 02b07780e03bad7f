/** Whether two things are of the same spaces: a policy or recorded episodes, and an environment to use them with. */

import { describe, type Space, spaceToJson } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";

interface Spaces {
  observationSpace: Space;
  actionSpace: Space;
}

/**
 * @param subject what is compared, at the beginning of a sentence: "The policy", "The recorded episodes".
 * @param own its spaces, and the id of the environment it comes from.
 * @throws AscentError "space" unless the other environment has these spaces.
 */
export function requireSameSpaces(
  subject: string,
  own: Spaces & { environment: string },
  environment: Spaces & { id: string },
): void {
  for (const name of ["observationSpace", "actionSpace"] as const) {
    if (JSON.stringify(spaceToJson(own[name])) === JSON.stringify(spaceToJson(environment[name]))) continue;
    const what = name === "actionSpace" ? "actions" : "observations";
    throw new AscentError("space", {
      what: `${subject} of ${own.environment} cannot be used with ${environment.id}: other ${what}`,
      got: describe(own[name]),
      expected: describe(environment[name]),
      fix: `Name ${own.environment} or an environment of the same spaces.`,
    });
  }
}
