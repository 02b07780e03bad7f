/** Fixtures of a tokenizer as `ascent replay` takes them. Node only: they are read from disk. */

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findRecording } from "../../../src/language/recordings/recordingKinds.ts";

const folder = new URL("../../golden/preferences/tokenizer/", import.meta.url);
const read = (path: string) => {
  try {
    return new Uint8Array(readFileSync(new URL(path, folder)));
  } catch {
    return undefined;
  }
};
const place = { file: "fixtures.json", folder: "tokenizer", read };
const fixtures = () =>
  JSON.parse(new TextDecoder().decode(read("fixtures.json"))) as {
    strings: { text: string; ids: number[]; decoded: string }[];
    conversations: { rendered: string }[];
  };

test("all cases agree: sizes, ids of special tokens, four of each text, two of each conversation", async () => {
  const recording = findRecording(fixtures(), place)!;
  expect(recording.name).toBe("tokenizer fixtures");
  expect(await recording.replay()).toEqual({ cases: 1 + 5 + 30 * 4 + 6 * 2, worstError: 0, failed: [] });
});

test("what differs is named, at any tolerance, and the other cases are still compared", async () => {
  const content = fixtures();
  content.strings[3].ids = [275, 400];
  content.conversations[2].rendered += "x";
  const { cases, worstError, failed } = await findRecording(content, place, 10)!.replay();
  expect([cases, worstError]).toEqual([138, 1]);
  expect(failed.map((words) => words.split(": ").slice(0, 2).join(": "))).toEqual([
    "string 3: ids",
    "string 3: tokens",
    "string 3: decoded",
    "string 3: without special tokens",
    "conversation 2: text",
  ]);
  expect(failed[1]).toContain("400");
});

test("without the tokenizer beside it, or with parts missing, it is no whole recording", async () => {
  const alone = { ...place, read: () => undefined };
  await expect(findRecording(fixtures(), alone)!.replay()).rejects.toThrow("tokenizer.json is not beside it");
  await expect(findRecording({ strings: [{ text: "a" }] }, place)!.replay()).rejects.toThrow("got at strings.0.ids");
});
