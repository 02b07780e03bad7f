/** What a groups/inputs.json holds: completions of a few prompts, and log-probabilities of their tokens. */

import { z } from "zod";
import { matrix, wholes } from "./recordedNumbers.ts";

export const groupInputsForm = z.object({
  group_size: z.int().min(1),
  prompt_ids: wholes,
  prompt_mask: matrix,
  completion_ids: wholes,
  completion_mask: matrix,
  policy_logps: matrix,
  old_logps: matrix,
  reference_logps: matrix,
  entropies: matrix,
});

export type GroupInputs = z.infer<typeof groupInputsForm>;

/** The mean over the tokens of the completions. @param values [rows × tokens] */
export function meanOverCompletions(values: ArrayLike<number>, { completion_mask: mask }: GroupInputs): number {
  let [sum, count] = [0, 0];
  mask.flat().forEach((on, i) => {
    if (on === 0) return;
    sum += values[i];
    count++;
  });
  return sum / count;
}
