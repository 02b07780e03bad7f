/** Files of a user's that are imported first, here and in every process and thread that works for this one. */
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { AscentError } from "../errors.ts";

/** As URLs, which mean the same everywhere. */
export function importUrls(files: readonly string[]): string[] {
  return files.map((file) => (file.startsWith("file:") ? file : pathToFileURL(file).href));
}

/** @throws AscentError "file" when one of them is not there; what it throws itself. */
export async function importAll(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    if (!existsSync(fileURLToPath(url))) {
      throw new AscentError("file", {
        what: `There is no file ${fileURLToPath(url)} to import`,
        fix: "Check the path given with --import.",
      });
    }
    await import(url);
  }
}
