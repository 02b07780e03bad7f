/** Completions of a world as text, a character for a token: what rewards are computed from. */

import { AscentError } from "../../errors.ts";
import type { TextTokenizer } from "../tokenizer/textTokenizer.ts";

/** Stands for a token that is no character: padding, or another special token. */
export const NO_LETTER = "\uFFFD";

export interface Letters {
  readonly endToken: number;
  /** The token id of each character. @throws AscentError "option" for a character that is not the world's. */
  idsOf(text: string): number[];
  /** The text up to the end token, and whether there was one; `NO_LETTER` for a token that is no character. */
  read(ids: ArrayLike<number>): { text: string; ended: boolean };
}

/** @param tokenizer one of single characters, with an end token. */
export function lettersOf(tokenizer: TextTokenizer, characters: string): Letters {
  const idOf = new Map<string, number>();
  const letterOf = new Map<number, string>();
  for (const character of characters) {
    const [id] = tokenizer.encode(character);
    idOf.set(character, id);
    letterOf.set(id, character);
  }
  const endToken = tokenizer.eosId;
  if (endToken === undefined) throw new Error("lettersOf: a world's tokenizer has an end token");
  return {
    endToken,
    idsOf: (text) => Array.from(text, (character) => idOf.get(character) ?? unknownCharacter(character, characters)),
    read(ids) {
      let text = "";
      for (let i = 0; i < ids.length; i++) {
        if (ids[i] === endToken) return { text, ended: true };
        text += letterOf.get(ids[i]) ?? NO_LETTER;
      }
      return { text, ended: false };
    },
  };
}

function unknownCharacter(character: string, characters: string): never {
  throw new AscentError("option", {
    what: "The world has no such character",
    got: JSON.stringify(character),
    expected: `one of ${JSON.stringify(characters)}`,
    fix: "Write with the world's own characters only.",
  });
}
