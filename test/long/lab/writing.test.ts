/** A small model before and after it has learnt to please: the whole of chapter 9's training, as the page runs it. */

import { expect, test } from "vitest";
import { study as writing } from "../../../lab/chapters/09-preferences/studies/writing.ts";
import { outputsOf } from "../../lab/lastOutput.ts";

test("a small model writes names before and after dpo: what it is paid grows, and what the pay does not see does not", async () => {
  const outputs = await outputsOf(writing({ world: "names", method: "dpo", beta: 0.1, seed: 0 }));
  const { phase, before, after, steps, reward } = outputs[outputs.length - 1];
  expect(phase).toBe("done");
  expect(outputs[0].phase).toBe("demonstrations");
  expect(before!.samples).toHaveLength(8);
  expect(after!.reward.low).toBeGreaterThan(before!.reward.high);
  expect(after!.measure.value).toBeLessThan(before!.measure.value);
  expect(steps[0]).toBe(0);
  expect(reward[reward.length - 1]).toEqual(after!.reward);
  expect(reward[0]).toEqual(before!.reward);
  // The rules of the world say what the reward is: vowels over 16.
  for (const sample of after!.samples) expect(sample.reward).toBe((sample.text.match(/[aeiou]/g)?.length ?? 0) / 16);
});
