/**
 * A run's folder: which files it has, and the rules that a run never writes over another and that one process at a time
 * works in it. What the run was started with is config.ts, its figures recorder.ts.
 */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AscentError } from "../../errors.ts";
import { isTemporary, removeLeftovers } from "../atomic.ts";
import { fileError } from "../fileError.ts";
import { takeLock } from "./lock.ts";

/** Names inside the folder. TensorBoard's event files lie beside them. */
export const runFiles = {
  config: "config.json",
  policy: "policy.safetensors",
  /** Of a language model's run, in place of the policy: what Transformers writes. */
  model: "model",
  /** Of a language model's run: completions as it went, one JSON object a line. */
  samples: "samples.jsonl",
  progress: "progress.csv",
  timing: "timing.csv",
  curve: "learning-curve.svg",
  summary: "summary.json",
  checkpoints: "checkpoints",
  /** Only while a process is at work in the folder. */
  lock: "run.lock",
} as const;

/**
 * Makes the folder for a new run, and locks it.
 *
 * @returns what releases the lock.
 * @throws AscentError "file" when it has anything in it already, or cannot be made.
 */
export function claimFolder(folder: string): () => void {
  requireEmpty(folder);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fileError("make the folder", folder, error);
  }
  const release = lockFolder(folder);
  try {
    // Once more: another run may have come and gone between the first look and the lock.
    requireEmpty(folder);
    return release;
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * Locks the folder of a run against other processes: two of them would cut off each other's figures and remove each
 * other's checkpoints.
 *
 * @returns what releases the lock.
 * @throws AscentError "file" when another process is at work there.
 */
export function lockFolder(folder: string): () => void {
  const release = takeLock(pathsIn(folder).lock, `The run in ${folder}`);
  removeLeftovers(folder);
  return release;
}

function requireEmpty(folder: string): void {
  const names = namesIn(folder);
  if (names.length === 0) return;
  const isRun = names.includes(runFiles.config);
  throw new AscentError("file", {
    what: `The folder ${folder} ${isRun ? "already holds a run" : "is not empty"}`,
    fix: isRun ? "Continue it with --resume, or choose another folder with --out." : "Choose another one with --out.",
  });
}

/** What lies in the folder, the lock and temporary files aside; nothing when there is no such folder. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name !== runFiles.lock && !isTemporary(name));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw fileError("look into", folder, error);
  }
}

/** Paths of the run's files. */
export function pathsIn(folder: string): Record<keyof typeof runFiles, string> {
  const entries = Object.entries(runFiles).map(([key, name]) => [key, join(folder, name)]);
  return Object.fromEntries(entries) as Record<keyof typeof runFiles, string>;
}
