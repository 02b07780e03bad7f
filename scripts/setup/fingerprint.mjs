/**
 * Fingerprints of files: what the set-up compares to know whether a step's inputs or outputs have changed.
 * `stampOf` looks only at names, sizes and times (fast, may differ for equal content); `hashOf` reads the content.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** All files under the given files and folders, sorted, without those for which `skip(path)` holds; absent ones are left out. */
export function listFiles(root, paths, skip = () => false) {
  const found = [];
  const visit = (path) => {
    if (skip(relative(root, path).split(sep).join("/"))) return;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    else if (stat) found.push({ path, size: stat.size, time: stat.mtimeMs });
  };
  for (const path of paths) visit(join(root, path));
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Names, sizes and, unless `times` is false, modification times, as one short string. */
export function stampOf(root, files, { times = true } = {}) {
  const hash = createHash("sha256");
  for (const { path, size, time } of files) hash.update(`${relative(root, path)}\0${size}\0${times ? time : ""}\n`);
  return hash.digest("hex");
}

/** Names and content, as one short string. */
export function hashOf(root, files) {
  const hash = createHash("sha256");
  for (const { path, size } of files) hash.update(`${relative(root, path)}\0${size}\n`).update(readFileSync(path));
  return hash.digest("hex");
}
