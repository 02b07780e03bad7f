/** A sequence of a listed world as text, with its reward and its probability. */
import {
  checkArgument,
  checkOptions,
  finiteNumber,
  having,
  listOf,
  type OptionChecks,
  optional,
  share,
  text,
  wholeNumber,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import { completionScene } from "../../scenes/completionScene.ts";
import { spoken } from "../../scenes/phrases.ts";
import type { Scene } from "../../scenes/scene.ts";
import type { SequenceWorld } from "./sequenceWorld.ts";

export interface SequenceSceneOptions {
  /** How each token is written. Default: a, b, c … */
  letters?: readonly string[];
  reward?: number;
  /** Of the sequence under a policy. */
  probability?: number;
}

const sceneOptions: OptionChecks<SequenceSceneOptions> = {
  letters: optional(listOf(text, "a list of texts")),
  reward: optional(finiteNumber),
  probability: optional(share),
};

/**
 * @param index of the sequence among all of the world's.
 * @throws AscentError "option" for an index that is none, or fewer letters than tokens.
 */
export function sequenceScene(world: SequenceWorld, index: number, options: SequenceSceneOptions = {}): Scene {
  checkArgument("sequenceScene: world", having("a world of sequences", "count", "tokens", "lengths"), world);
  checkArgument("sequenceScene: index", wholeNumber(0, world.count - 1), index);
  checkOptions("sequenceScene", sceneOptions, options);
  const { reward, probability } = options;
  const letters = options.letters ?? Array.from({ length: world.vocabulary }, (_, token) => letter(token));
  if (letters.length < world.vocabulary) {
    throw new AscentError("option", {
      what: "sequenceScene: letters",
      got: `${letters.length} of them`,
      expected: `${world.vocabulary}, one a token`,
      fix: "Give a text for every token.",
    });
  }
  const tokens = world.tokens.subarray(index * world.length, index * world.length + world.lengths[index]);
  const note = probability === undefined ? undefined : `Its probability is ${spoken(100 * probability, 2)} %.`;
  return completionScene({ completion: Array.from(tokens, (token) => letters[token]).join(" "), reward, note });
}

/** a to z, then aa, ab … */
function letter(token: number): string {
  const last = String.fromCharCode(97 + (token % 26));
  return token < 26 ? last : letter(Math.floor(token / 26) - 1) + last;
}
