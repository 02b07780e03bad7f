/**
 * Names made by rules: two to four syllables, each a beginning, one or two vowels, and sometimes an end. Rules that write can
 * also read: whether a text is such a name is known exactly, which no list of names could tell.
 */

import type { RandomStream } from "../../random/index.ts";
import { pick } from "./draws.ts";

const BEGINNINGS = [..."bdfghjklmnprstvwz", "br", "dr", "gr", "kr", "st", "th", "sh"];
const VOWELS = [..."aaaeeeiioou", "ai", "ei", "ia", "io"];
const ENDS = [..."lmnrst"];

/** Of a syllable to have an end, inside a name and as its last. */
const END_INSIDE = 0.15;
const END_LAST = 0.5;
/** Of a name to begin with a vowel. */
const BARE_START = 0.25;

export const NAME_CHARACTERS = "abdefghijklmnoprstuvwz";
/** In characters; the rules' longer ones are drawn again. */
export const LONGEST_NAME = 12;

const alternatives = (parts: readonly string[]) => `(?:${[...new Set(parts)].join("|")})`;
const rest = `${alternatives(VOWELS)}${alternatives(ENDS)}?`;
const SHAPE = new RegExp(`^${alternatives(BEGINNINGS)}?${rest}(?:${alternatives(BEGINNINGS)}${rest}){1,3}$`);

export function drawName(random: RandomStream): string {
  for (;;) {
    const count = 2 + Math.floor(random.uniform() * 2.4);
    let name = "";
    for (let i = 0; i < count; i++) {
      if (i > 0 || random.uniform() >= BARE_START) name += pick(random, BEGINNINGS);
      name += pick(random, VOWELS);
      if (random.uniform() < (i === count - 1 ? END_LAST : END_INSIDE)) name += pick(random, ENDS);
    }
    if (name.length <= LONGEST_NAME) return name;
  }
}

/** Whether the rules could have written it. */
export function isName(text: string): boolean {
  return text.length <= LONGEST_NAME && SHAPE.test(text);
}

export function vowelsOf(text: string): number {
  return text.replace(/[^aeiou]/g, "").length;
}
