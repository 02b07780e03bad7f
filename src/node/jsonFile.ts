/** JSON from disk. */
import { readFileSync } from "node:fs";
import { AscentError } from "../errors.ts";
import { fileError } from "./fileError.ts";

/** @throws AscentError "file" when it cannot be read or is not JSON. */
export function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw fileError("read", path, error);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AscentError(
      "file",
      {
        what: `${path} is not JSON`,
        got: (cause as Error).message,
        expected: "one JSON value",
        fix: "Mend it, or restore it from a copy.",
      },
      { cause },
    );
  }
}
