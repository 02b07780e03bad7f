/**
 * What a browser fetches to show the page's beginning, as gzip would send it: the document, what it leads to by static imports and
 * links, and the first chapter with its worker and studies. The kernels are the part of it that is named so.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { gzipSync } from "node:zlib";

/** All files of the folder, as paths below it. */
export function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => posix.join(entry.parentPath.slice(folder.length + 1).replaceAll("\\", "/"), entry.name))
    .sort();
}

const STATIC_IMPORT = /(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+)["']/g;
const LINK = /<(?:script|link)\b[^>]*\b(?:src|href)="(\.\/[^"]+)"/g;

/** The file and all that it cannot do without. */
function closure(folder, start, found = new Set()) {
  if (found.has(start)) return found;
  found.add(start);
  if (!/\.(html|js)$/.test(start)) return found;
  const text = readFileSync(join(folder, start), "utf8");
  for (const [, target] of text.matchAll(start.endsWith(".html") ? LINK : STATIC_IMPORT))
    closure(folder, posix.join(posix.dirname(start), target), found);
  return found;
}

/** Bytes of the files of index.html's first load. */
export function firstLoad(folder) {
  const all = filesOf(folder);
  const begun = new Set();
  for (const start of [
    "index.html",
    ...all.filter((path) => /^(chapters|studies)\/01-|^workers\/studyWorker-/.test(path)),
  ])
    closure(folder, start, begun);
  const files = [...begun].sort();
  const gzip = files.reduce((sum, path) => sum + gzipSync(readFileSync(join(folder, path)), { level: 9 }).length, 0);
  return { files, gzip };
}
