/** The line under each table: how it was made, from what, on what. */

import { execFileSync } from "node:child_process";
import { cpus } from "node:os";

/** @param command what was typed. */
export function provenance(command: string): string {
  const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "src") === "" ? "" : " with changes";
  const machine = `Node ${process.versions.node}, ${cpus()[0].model.trim()}`;
  const date = new Date().toISOString().slice(0, 10);
  return `Made by \`${command}\` at commit ${git("rev-parse", "--short", "HEAD")}${changed}, seeds 0 to n − 1, ${machine}, ${date}.`;
}
