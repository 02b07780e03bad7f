/**
 * What a page and the worker of one run say to each other, as plain data. A worker sends one message for the iterations of some
 * milliseconds, its numbers in one transferred array; the order of the columns is said once, and again when it changes.
 */
import type { TrainingWarning } from "ascent-rl";
import type { Scene } from "ascent-rl/scenes";
import type { RunSettings, SettingChange } from "./runSettings.ts";

/** Both sides are of one build of the page; a page that stays open over a new one of its host would otherwise misread the other. */
export const PROTOCOL = 1;

/** Iterations per second, or as fast as it goes. */
export type Speed = number | "full";

/** What can be asked for as bytes: the policy's file, or the whole state. */
export type BytesKind = "policy" | "snapshot";

export type RunRequest =
  | {
      kind: "start";
      version: number;
      settings: RunSettings;
      /** A snapshot to go on from. */
      from?: Uint8Array;
      /** policy.safetensors to start from. */
      initialPolicy?: Uint8Array;
      speed: Speed;
      /** Milliseconds between two states that it sends on its own. */
      keepEvery: number;
    }
  /** It iterates only after this: once made it waits. */
  | { kind: "resume" }
  | { kind: "pause" }
  | { kind: "step" }
  | { kind: "speed"; speed: Speed }
  | { kind: "change"; id: number; options: SettingChange["options"]; atStep?: number }
  | { kind: "watch"; on: boolean }
  | { kind: "bytes"; id: number; of: BytesKind }
  | { kind: "ping" };

/** A completion of a language model, as text. */
export interface Sample {
  readonly prompt: string;
  readonly completion: string;
  readonly reward?: number;
}

export interface StartedFacts {
  /** That it goes on to. */
  readonly total: number;
  /** Made already, of one that goes on. */
  readonly steps: number;
  /** Complete, of its beginning. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly kernels: "simd" | "fma";
  /** False with an environment that cannot save its state: one that goes on begins new episodes. */
  readonly exactResume: boolean;
  readonly trains: "policy" | "language model";
}

export type RunReply =
  | { kind: "started"; version: number; facts: StartedFacts }
  | { kind: "columns"; names: readonly string[] }
  /** Rows of the last columns, one behind the other. */
  | { kind: "iterations"; rows: number; values: Float64Array<ArrayBuffer> }
  /** It waits, behind the iteration of this step. */
  | { kind: "paused"; steps: number }
  | { kind: "changed"; id: number; changes: readonly SettingChange[] }
  /** What was asked for, as it is behind the iteration of this step. */
  | { kind: "bytes"; id: number; steps: number; bytes: Uint8Array<ArrayBuffer> }
  /** What was asked for under this number cannot be. */
  | { kind: "refused"; id: number; message: string }
  /** The state, unasked. */
  | { kind: "kept"; steps: number; bytes: Uint8Array<ArrayBuffer> }
  | { kind: "scene"; scene: Scene }
  | { kind: "samples"; steps: number; samples: readonly Sample[] }
  | { kind: "warning"; warning: TrainingWarning }
  | {
      kind: "finished";
      steps: number;
      /** SHA-256 of the policy's file, which is the bytes of `policy`. */
      hash: string;
      policy: Uint8Array<ArrayBuffer>;
      snapshot: Uint8Array<ArrayBuffer>;
    }
  | { kind: "failed"; message: string /** Line of the worker's own text. */; line?: number }
  | { kind: "alive" };
