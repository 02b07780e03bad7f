/** What the page and the worker in which the policy acts say to each other, as plain data. */
import type { PlayedState, Space } from "ascent-rl";

/** What `ascent play` says of what it serves; of a file that the reader opened, what the file says. */
export interface PlayStart {
  environment: string;
  algorithm: string;
  seed: number;
  stochastic: boolean;
  /** Of the file, for the reader. */
  path: string;
}

export type PlayRequest =
  | { kind: "load"; bytes: Uint8Array; environment: string | undefined }
  /** An episode from its beginning. */
  | { kind: "begin"; seed: number; stochastic: boolean }
  | { kind: "stochastic"; on: boolean }
  /** With an action as flat columns, that one in the policy's place. */
  | { kind: "step"; action?: number[] };

export type PlayReply =
  | { kind: "loaded"; environment: string; algorithm: string; actionSpace: Space; draws: boolean }
  | { kind: "state"; seed: number; state: PlayedState }
  | { kind: "failed"; message: string };
