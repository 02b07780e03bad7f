/**
 * The exact state of a physics that has none to hand out: how its episode began, and every action since. Putting it back plays
 * the episode again, a step at a time, which gives the same world to the last bit, with all that solvers remember.
 */
import { z } from "zod";
import { refuseSaved } from "../checks.ts";

const form = z.object({
  seed: z.int().min(0),
  /** Of the random stream when the episode began. */
  counter: z.int().min(0),
  /** Where it was begun from a recording. */
  recorded: z.record(z.string(), z.array(z.number())).optional(),
  /** One after the other, each of the same length. */
  actions: z.array(z.number()),
});

export type EpisodeLog = z.output<typeof form>;

/** @throws AscentError "file" for what is no state of this environment. */
export function parseLog(id: string, state: unknown, actionSize: number): EpisodeLog {
  const saved = form.safeParse(state);
  if (!saved.success) refuseSaved(id, saved.error);
  if (saved.data.actions.length % actionSize !== 0) {
    refuseSaved(id, `${saved.data.actions.length} numbers of actions, of which each has ${actionSize}`);
  }
  return saved.data;
}
