/** The Box that a wrapper needs to find as a space of what it wraps. */
import { AscentError } from "../../errors.ts";
import { type Box, describe, type Space } from "../spaces.ts";

/** @throws AscentError "space" unless `space` is a Box. */
export function boxOf(wrapper: string, what: "actions" | "observations", space: Space, fix: string): Box {
  if (space.kind === "box") return space;
  throw new AscentError("space", {
    what: `${wrapper} needs Box ${what}`,
    got: describe(space),
    expected: "a Box",
    fix,
  });
}
