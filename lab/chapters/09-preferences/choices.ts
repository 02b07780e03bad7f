/** What the chapter's figures and studies agree on: names, sizes, what controls offer. */
import type { ListedWorldName } from "./listedWorlds.ts";

export const WORLDS: readonly { value: ListedWorldName; text: string }[] = [
  { value: "pairs", text: "nine, of two letters" },
  { value: "answers", text: "four answers" },
];

export const BETAS: readonly number[] = [0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.4, 2, 3, 4];

export const GROUPS: readonly number[] = [2, 4, 8, 16, 32];

export const methodNames = ["DPO", "IPO", "PPO", "RLOO", "GRPO"] as const;
export type MethodName = (typeof methodNames)[number];

/** Texts, or pairs of them, in a batch. */
export const BATCH = 64;
