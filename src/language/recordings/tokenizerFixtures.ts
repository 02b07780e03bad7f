/** What a tokenizer made of texts and conversations (fixtures.json beside its files): equal or not, whatever the tolerance. */

import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { type TextTokenizer, textTokenizer } from "../tokenizer/textTokenizer.ts";
import { hasMembers, notARecording, type RecordingKind, type RecordingPlace } from "./recordingKind.ts";
import { type RecordingReport, Tally } from "./tally.ts";

const wholes = z.array(z.int());

const fixturesForm = z.object({
  strings: z.array(
    z.object({
      text: z.string(),
      ids: wholes,
      tokens: z.array(z.string()).optional(),
      decoded: z.string().optional(),
      decoded_skip_special: z.string().optional(),
    }),
  ),
  conversations: z
    .array(
      z.object({
        messages: z.array(z.object({ role: z.string(), content: z.string() })),
        add_generation_prompt: z.boolean(),
        rendered: z.string(),
        ids: wholes,
      }),
    )
    .default([]),
  special_ids: z.record(z.string(), z.int()).default({}),
  total_vocab: z.int().optional(),
});

type Fixtures = z.infer<typeof fixturesForm>;

/** fixtures.json in a tokenizer's folder. */
export const tokenizerRecordings: RecordingKind = {
  name: "tokenizer fixtures",
  files: "a tokenizer's fixtures.json, with tokenizer.json and tokenizer_config.json beside it",
  matches: (content) => hasMembers(content, "strings") && !hasMembers(content, "logits"),
  replay(content, place, tolerance) {
    const parsed = fixturesForm.safeParse(content);
    if (!parsed.success) throw notARecording(place.file, parsed.error.issues[0]);
    const template = place.read("chat_template.jinja");
    const tokenizer = textTokenizer(
      readText(place, "tokenizer.json"),
      readText(place, "tokenizer_config.json"),
      template === undefined ? undefined : new TextDecoder().decode(template),
    );
    return replayFixtures(tokenizer, parsed.data, new Tally(tolerance));
  },
};

function replayFixtures(tokenizer: TextTokenizer, fixtures: Fixtures, tally: Tally): RecordingReport {
  if (fixtures.total_vocab !== undefined) tally.same("vocabulary size", tokenizer.vocabularySize, fixtures.total_vocab);
  for (const [token, id] of Object.entries(fixtures.special_ids))
    tally.same(`id of ${token}`, tokenizer.idOf(token), id);
  fixtures.strings.forEach(({ text, ids, tokens, decoded, decoded_skip_special: skipped }, i) => {
    const of = `string ${i}`;
    tally.same(
      `${of}: ids`,
      attempt(() => tokenizer.encode(text)),
      ids,
    );
    if (tokens !== undefined)
      tally.same(
        `${of}: tokens`,
        attempt(() => tokenizer.tokens(ids)),
        tokens,
      );
    if (decoded !== undefined)
      tally.same(
        `${of}: decoded`,
        attempt(() => tokenizer.decode(ids)),
        decoded,
      );
    if (skipped !== undefined)
      tally.same(
        `${of}: without special tokens`,
        attempt(() => tokenizer.decode(ids, { skipSpecial: true })),
        skipped,
      );
  });
  fixtures.conversations.forEach(({ messages, add_generation_prompt: generationPrompt, rendered, ids }, i) => {
    const got = attempt(() => tokenizer.chat(messages, { generationPrompt }));
    const isRendered = typeof got === "object";
    tally.same(`conversation ${i}: text`, isRendered ? got.text : got, rendered);
    tally.same(`conversation ${i}: ids`, isRendered ? got.ids : got, ids);
  });
  return tally.report();
}

/** A case that cannot be computed differs from what was recorded; the others are still compared. */
function attempt<Value>(compute: () => Value): Value | string {
  try {
    return compute();
  } catch (error) {
    if (error instanceof AscentError) return error.message;
    throw error;
  }
}

function readText(place: RecordingPlace, name: string): string {
  const bytes = place.read(name);
  if (bytes !== undefined) return new TextDecoder().decode(bytes);
  throw new AscentError("file", {
    what: `${place.file}: ${name} is not beside it`,
    got: "no such file",
    expected: "the tokenizer that was recorded",
    fix: "Put the recording into the tokenizer's folder.",
  });
}
