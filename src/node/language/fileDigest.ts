/** SHA-256 of a file, read a piece at a time whatever its size; of a model's folder, of its weights. */

import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isWeightFile } from "../../language/model/weightFiles.ts";
import { fileError } from "../fileError.ts";

/** In hexadecimal. @throws AscentError "file" when it cannot be read. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Uint8Array);
  } catch (error) {
    throw fileError("read", path, error);
  }
  return hash.digest("hex");
}

/** Of all files of weights in a folder, an adapter's too, in the order of their names. */
export async function modelDigest(folder: string): Promise<string> {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const hash = createHash("sha256");
  for (const name of names.filter((one) => isWeightFile(one) || one === "adapter_model.safetensors").sort()) {
    hash.update(`${name} ${await fileDigest(join(folder, name))}\n`);
  }
  return hash.digest("hex");
}
