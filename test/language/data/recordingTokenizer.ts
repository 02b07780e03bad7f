/** The tokenizer of the recordings, from disk: for tests that run in Node. */

import { readFileSync } from "node:fs";
import { type TextTokenizer, textTokenizer } from "../../../src/language/tokenizer/textTokenizer.ts";

export function recordingTokenizer(): TextTokenizer {
  const read = (name: string) =>
    readFileSync(new URL(`../../golden/preferences/tokenizer/${name}`, import.meta.url), "utf8");
  return textTokenizer(read("tokenizer.json"), read("tokenizer_config.json"));
}
