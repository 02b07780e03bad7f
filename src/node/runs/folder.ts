/**
 * A run's folder: which files it has, and the rule that a run never writes over another. What the run was started with
 * is config.ts, its figures recorder.ts.
 */
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { AscentError } from "../../errors.ts";
import { removeLeftovers } from "../atomic.ts";
import { fileError } from "../fileError.ts";

/** Names inside the folder. TensorBoard's event files lie beside them. */
export const runFiles = {
  config: "config.json",
  policy: "policy.safetensors",
  progress: "progress.csv",
  timing: "timing.csv",
  curve: "learning-curve.svg",
  summary: "summary.json",
  checkpoints: "checkpoints",
} as const;

/**
 * Makes the folder for a new run.
 *
 * @throws AscentError "file" when it has anything in it already, or cannot be made.
 */
export function claimFolder(folder: string): void {
  const names = namesIn(folder);
  if (names.length > 0) {
    const isRun = names.includes(runFiles.config);
    throw new AscentError("file", {
      what: `The folder ${folder} ${isRun ? "already holds a run" : "is not empty"}`,
      fix: isRun ? "Continue it with --resume, or choose another folder with --out." : "Choose another one with --out.",
    });
  }
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fileError("make the folder", folder, error);
  }
}

/** What lies in the folder, without the temporary files of writers that were killed; nothing when there is no such folder. */
function namesIn(folder: string): string[] {
  try {
    removeLeftovers(folder);
    return readdirSync(folder);
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
