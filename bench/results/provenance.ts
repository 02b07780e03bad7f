/** The line under each table: how it was made, from what, on what. */

import { execFileSync } from "node:child_process";
import { cpus } from "node:os";

/**
 * @param command what was typed.
 * @param firstSeed of the rows' seeds, which follow one another.
 */
export function provenance(command: string, firstSeed?: number): string {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "src") === "" ? "" : " with changes";
  const machine = `Node ${process.versions.node}, ${cpus()[0].model.trim()}`;
  const seeds = firstSeed === undefined ? "" : `, seeds from ${firstSeed} on`;
  const date = new Date().toISOString().slice(0, 10);
  return `Made by \`${command}\` at commit ${git("rev-parse", "--short", "HEAD")}${changed}${seeds}, ${machine}, ${date}.`;
}
