/**
 * Tokens as a person looks at them in a terminal or a list of samples: special tokens shown, on one line, not endless. Not for
 * training or rewards, which want the text itself.
 */

import { checkArguments, having, numbers, optional, wholeNumber } from "../../arguments/checks.ts";
import type { TextTokenizer } from "./textTokenizer.ts";

/**
 * The text of some tokens on one line. A line break is ⏎, other control characters are their pictures (␛ for escape), so that
 * what a model writes does nothing to a terminal.
 *
 * @param longest characters at most; what is left out in the middle is …. Default 300.
 * @throws AscentError "option" for an id that is no token.
 */
export function shownText(tokenizer: TextTokenizer, ids: ArrayLike<number>, longest = 300): string {
  checkArguments(
    "shownText",
    { tokenizer: having("a tokenizer", "decode"), ids: numbers, longest: optional(wholeNumber(3)) },
    { tokenizer, ids, longest },
  );
  const characters = Array.from(tokenizer.decode(ids), picture);
  if (characters.length <= longest) return characters.join("");
  const tail = Math.floor((longest - 1) / 3);
  return [...characters.slice(0, longest - 1 - tail), "…", ...characters.slice(characters.length - tail)].join("");
}

function picture(character: string): string {
  const code = character.codePointAt(0)!;
  if (code === 10) return "⏎";
  if (code < 32) return String.fromCodePoint(0x2400 + code);
  // Delete, the second set of control characters, and marks that turn the direction of writing.
  if (code === 127) return "␡";
  const isHidden =
    (code > 127 && code < 160) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return isHidden ? "�" : character;
}
