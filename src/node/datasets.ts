/** Recorded episodes on disk. */

import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { checkArgument, text } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { sha256, toHex } from "../files/sha256.ts";
import { datasetCheck, type EpisodeDataset } from "../imitation/dataset.ts";
import { decodeDataset, encodeDataset } from "../imitation/datasetFile.ts";
import { writeFileAtomic } from "./atomic.ts";
import { fileError, namingFile } from "./fileError.ts";

export interface StoredDataset {
  dataset: EpisodeDataset;
  /** Of the file's bytes, in hexadecimal. */
  sha256: string;
}

/** @throws AscentError "file" when it cannot be read; what is wrong with it is said with the file's name. */
export function readDataset(path: string): StoredDataset {
  checkArgument("readDataset: path", text, path);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw fileError("read the recorded episodes", path, error);
  }
  return namingFile(path, () => ({ dataset: decodeDataset(bytes), sha256: toHex(sha256(bytes)) }));
}

/** @throws AscentError "file" when there is something at that path already. */
export function requireNewFile(path: string): void {
  if (!existsSync(path)) return;
  throw new AscentError("file", {
    what: `There is something at ${path} already`,
    fix: "Choose another name with --out.",
  });
}

/** Writes the file, making its folder if need be. @throws AscentError "file" as `requireNewFile`, or when it cannot be written. */
export function writeDataset(path: string, dataset: EpisodeDataset): void {
  checkArgument("writeDataset: path", text, path);
  checkArgument("writeDataset: dataset", datasetCheck, dataset);
  requireNewFile(path);
  const bytes = encodeDataset(dataset);
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw fileError("make the folder of", path, error);
  }
  writeFileAtomic(path, bytes);
}
