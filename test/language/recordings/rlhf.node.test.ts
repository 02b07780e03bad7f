/** Recorded parts of RLHF and closed forms, by the functions that `ascent replay` uses; and that they notice what is wrong. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findRecording } from "../../../src/language/recordings/recordingKinds.ts";

const folder = new URL("../../golden/preferences/rlhf/", import.meta.url);
const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(new URL(file, folder), "utf8"));

async function replayed(file: string, content: unknown) {
  const found = findRecording(content, { file, folder: "rlhf", read: () => undefined });
  return { name: found?.name, ...(await found?.replay()) };
}

/** Changes the number at a path by a tenth. */
function spoil(content: unknown, ...path: (string | number)[]): void {
  const last = path.pop()!;
  const inside = path.reduce((at, key) => (at as Record<string | number, unknown>)[key], content);
  (inside as Record<string | number, number>)[last] += 0.1;
}

describe.each([
  ["whiten.json", "whitening", 8, ["x", 0, 0]],
  ["gae.json", "token rewards and their advantages", 9, ["scores", 0]],
  ["value_loss.json", "the critic's loss", 6, ["returns", 0, 0]],
  ["kl_controller.json", "the adaptive KL coefficient", 2, ["cases", 0, "kl", 3]],
  ["best_of_n.json", "best-of-n", 48, ["cases", 5, "pmf", 0]],
  ["bradley_terry.json", "Bradley–Terry", 2, ["scores", 0]],
  ["optimum.json", "the optimum of a KL-regularised reward", 17, ["rewards", 0]],
] as const)("%s", (file, name, cases, place) => {
  test("agrees within 1e-4", async () => {
    const report = await replayed(file, read(file));
    expect(report).toMatchObject({ name, cases, failed: [] });
    expect(report.worstError).toBeLessThan(1e-6);
  });

  test("is seen to differ when a number does", async () => {
    const content = read(file);
    spoil(content, ...place);
    expect((await replayed(file, content)).failed).not.toEqual([]);
  });

  test("is refused in words when a part is missing", async () => {
    const { [place[0]]: _, ...rest } = read(file);
    const found = findRecording({ ...rest, [place[0]]: "nothing" }, { file, folder: "rlhf", read: () => undefined });
    if (found !== undefined) await expect(found.replay()).rejects.toThrow(`${file} is not a whole recording`);
  });
});
