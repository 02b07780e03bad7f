/** The worlds of text that there are where there is a disk: the built-in ones, and those whose text an optional package holds. */

import { corpusWorld } from "../../language/worlds/corpus.ts";
import type { TextWorld } from "../../language/worlds/textWorld.ts";
import { textWorldNamed, textWorldNames } from "../../language/worlds/worldRegistry.ts";
import { mobyDick } from "./realText.ts";

const TITLE = "Moby-Dick";

/** By name; made when asked for. */
const REAL: Readonly<Record<string, () => TextWorld>> = {
  "moby-dick": () => corpusWorld(mobyDick(), { name: "moby-dick", title: TITLE }),
  "moby-dick-pairs": () => corpusWorld(mobyDick(), { name: "moby-dick-pairs", title: TITLE, vocabularySize: 1024 }),
};

export const worldNames: readonly string[] = [...textWorldNames, ...Object.keys(REAL)];

/**
 * The world of this name.
 *
 * @throws AscentError "option" for an unknown name, "file" where the package with its text is not installed, with the line that
 *   installs it.
 */
export function worldNamed(name: string): TextWorld {
  return Object.hasOwn(REAL, name) ? REAL[name]() : textWorldNamed(name);
}
