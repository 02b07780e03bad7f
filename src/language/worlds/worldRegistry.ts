/** The worlds of text by name. */

import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { didYouMean } from "../../nearest.ts";
import { namesWorld } from "./names.ts";
import { randomWalks } from "./randomWalks.ts";
import { additionWorld, reverseWorld, sortWorld } from "./rewriting.ts";
import { sentenceWorld } from "./sentences.ts";
import type { TextWorld } from "./textWorld.ts";

const WORLDS = {
  "random-walks": randomWalks,
  sort: sortWorld,
  reverse: reverseWorld,
  addition: additionWorld,
  names: namesWorld,
  sentences: sentenceWorld,
} as const satisfies Record<string, () => TextWorld>;

export type TextWorldName = keyof typeof WORLDS;

export const textWorldNames = Object.keys(WORLDS) as readonly TextWorldName[];

/** The world of this name with its default settings. @throws AscentError "option" that lists the names. */
export function textWorldNamed(name: string): TextWorld {
  if (Object.hasOwn(WORLDS, name)) return WORLDS[name as TextWorldName]();
  throw new AscentError("option", {
    what: "There is no world of text of that name",
    got: describeValue(name),
    expected: `one of ${textWorldNames.join(", ")}`,
    fix: `${typeof name === "string" ? didYouMean(name, textWorldNames) : ""}Name one of these.`,
  });
}
