/**
 * Words that sound pleasant or unpleasant, and their balance in a text: a formula that stands in for "a positive continuation". It
 * reads words one by one, so "not happy" counts as happy, and "joy joy joy" as the best there is; that is its use here.
 */

import { checkArgument, text as textCheck } from "../../arguments/checks.ts";

const PLEASANT = new Set(
  `admirable beautiful beauty blessed blessing bliss bounty brave bright brother calm charm cheer cheerful comfort content
  courage dear delight divine dream ease fair faith faithful fine fortune free freedom friend friendly friends gay generous
  gentle glad glory golden good goodness grace grand great grin happiness happy heaven heavenly holy honest honor hope
  jolly joy kind kindly laugh lovely love loved loving merry mild music noble peace pleasant please pleasure praise
  pretty proud pure quiet radiant rest safe serene smile smiling soft song splendid sunny sunshine sweet sweetly tender
  thank thanks tranquil treasure triumph true trust warm welcome wise wonder wonderful worthy`.split(/\s+/),
);

const UNPLEASANT = new Set(
  `afraid alas anger angry anguish awful bad bitter black blood bloody broken cruel curse cursed damned danger dangerous dark
  darkness dead deadly death demon despair destroy devil die died dismal doom doomed dread dreadful dreary evil fatal fear
  fearful fiend fierce fiery foul frightful ghastly ghost gloom gloomy grave grief grim groan hate hated hell hideous horrible
  horror howl hurt ill kill killed lost mad madness malice mean misery monster murder murderous pain perish poor rage sad
  savage scream shame shark sick sin sinister slain sorrow storm suffer terrible terror torment tragic ugly vengeance vicious
  vile villain wail war weep wicked woe wound wounded wrath wreck wretched wrong`.split(/\s+/),
);

export interface Valence {
  /** Words found of each list, repetitions counted. */
  readonly pleasant: number;
  readonly unpleasant: number;
  readonly words: number;
  /** Different words. */
  readonly distinct: number;
}

/**
 * Counts over the words of a text: runs of letters, in lower case. A word that the text breaks off at its end counts as it stands.
 *
 * @throws AscentError "option" for what is no text.
 */
export function valenceOf(text: string): Valence {
  checkArgument("valenceOf: text", textCheck, text);
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const among = (list: ReadonlySet<string>) => words.filter((word) => list.has(word)).length;
  const distinct = new Set(words).size;
  return { pleasant: among(PLEASANT), unpleasant: among(UNPLEASANT), words: words.length, distinct };
}
