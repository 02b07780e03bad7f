/**
 * The checkpoints of a run: numbered files in one folder, the newest few kept. Loading takes the newest good one and says
 * which it refused; a damaged file is never loaded.
 */

import { mkdirSync, readdirSync, readFileSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import {
  anything,
  bytes as bytesCheck,
  checkArgument,
  checkArguments,
  checkOptions,
  optional,
  text,
  wholeNumber,
} from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { type Checkpoint, decodeCheckpoint } from "../files/checkpoint.ts";
import { removeLeftovers, writeFileAtomic } from "./atomic.ts";
import { fileError, namingFile } from "./fileError.ts";

export interface RefusedCheckpoint {
  path: string;
  step: number;
  reason: string;
}

export interface LoadedCheckpoint {
  path: string;
  step: number;
  checkpoint: Checkpoint;
  /** Newer files that were passed over, newest first. */
  refused: RefusedCheckpoint[];
}

interface Entry {
  path: string;
  step: number;
}

const placeChecks = { path: text, version: optional(wholeNumber()) };
const NAME = /^checkpoint-(\d{12,})\.safetensors$/;

/**
 * Writes `bytes` (from `encodeCheckpoint`) as the checkpoint of `step`, then removes all but the newest `keep` of the
 * steps up to it. Files of later steps are left alone: they can only be ones that loading refused, or another run's.
 * @returns the file's path.
 * @throws AscentError "file" when it cannot be written (every earlier checkpoint is then still there), "option" for a bad step or keep.
 */
export function saveCheckpoint(
  folder: string,
  step: number,
  bytes: Uint8Array,
  options: { keep?: number } = {},
): string {
  checkArguments("saveCheckpoint", { folder: text, bytes: bytesCheck }, { folder, bytes });
  checkOptions("saveCheckpoint", { keep: optional(anything) }, options);
  const { keep = 3 } = options;
  requireWhole("step", step, 0);
  requireWhole("keep", keep, 1);
  try {
    mkdirSync(folder, { recursive: true });
    removeLeftovers(folder);
  } catch (error) {
    throw fileError("use the checkpoint folder", folder, error);
  }
  const path = join(folder, `checkpoint-${String(step).padStart(12, "0")}.safetensors`);
  writeFileAtomic(path, bytes);
  const upToNow = listCheckpoints(folder).filter((entry) => entry.step <= step);
  for (const entry of upToNow.slice(keep)) {
    try {
      unlinkSync(entry.path);
    } catch (error) {
      throw fileError("remove the old checkpoint", entry.path, error);
    }
  }
  return path;
}

/**
 * The newest checkpoint in `folder` that is whole and of `version` (when given); undefined when there are none at all.
 * @throws AscentError "file" when there are checkpoints and every one had to be refused.
 */
export function loadLatestCheckpoint(folder: string, version?: number): LoadedCheckpoint | undefined {
  checkArguments("loadLatestCheckpoint", placeChecks, { path: folder, version });
  const refused: RefusedCheckpoint[] = [];
  for (const { path, step } of listCheckpoints(folder)) {
    try {
      return { path, step, checkpoint: readCheckpoint(path, version), refused };
    } catch (error) {
      if (!(error instanceof AscentError)) throw error;
      refused.push({ path, step, reason: error.message });
    }
  }
  if (refused.length === 0) return undefined;
  throw new AscentError("file", {
    what: `None of the checkpoints in ${folder} can be loaded:\n${refused.map(({ reason }) => `  ${reason}`).join("\n")}\n`,
    fix: "Restore one of these files from a copy, or start a new run in another folder.",
  });
}

/**
 * One checkpoint file, checked.
 * @throws AscentError "file", naming the path, when it is missing, damaged or of another version.
 */
export function readCheckpoint(path: string, version?: number): Checkpoint {
  checkArguments("readCheckpoint", placeChecks, { path, version });
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw fileError("read", path, error);
  }
  return namingFile(path, () => decodeCheckpoint(bytes, version));
}

/** The checkpoint files of a folder, newest first; none when there is no such folder. */
export function listCheckpoints(folder: string): Entry[] {
  checkArgument("listCheckpoints: folder", text, folder);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw fileError("list", folder, error);
  }
  return names
    .flatMap((name) => {
      const match = NAME.exec(name);
      return match === null ? [] : [{ path: join(folder, name), step: Number(match[1]) }];
    })
    .sort((a, b) => b.step - a.step);
}

function requireWhole(name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new AscentError("option", {
    what: `saveCheckpoint's ${name} is wrong`,
    got: describeValue(value),
    expected: `a whole number of ${least} or more`,
    fix: "Give the learner's steps, and how many files to keep.",
  });
}
