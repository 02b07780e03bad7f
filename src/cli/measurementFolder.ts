/** Folders that commands which measure write their findings into: theirs alone, and never over other findings. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { AscentError } from "../errors.ts";
import { fileError } from "../node/fileError.ts";

/**
 * Makes the folder.
 *
 * @param files that will be written into it.
 * @throws AscentError "file" when one of them is there already, or the folder cannot be made.
 */
export function claimMeasurement(folder: string, files: readonly string[]): void {
  const present = files.find((name) => existsSync(join(folder, name)));
  if (present !== undefined) {
    throw new AscentError("file", {
      what: `The folder ${folder} already holds a measurement`,
      got: present,
      fix: "Choose another one with --out.",
    });
  }
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw fileError("make the folder", folder, error);
  }
}
