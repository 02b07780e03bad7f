/** Files of a folder by name, for what reads a model or a recording wherever it is. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ReadFile } from "../../language/model/weightFiles.ts";
import { fileError } from "../fileError.ts";

/** @returns gives the bytes of a file, undefined where there is none. @throws AscentError "file" for one that cannot be read. */
export function readFileIn(folder: string): ReadFile {
  return (name) => {
    const path = join(folder, name);
    try {
      return readFileSync(path);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw fileError("read", path, error);
    }
  };
}
