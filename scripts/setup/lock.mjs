/**
 * One set-up at a time in one tree: a lock file naming the process that holds it. A lock whose process is gone is taken over.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { say } from "./report.mjs";

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function holderOf(path) {
  try {
    return Number(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** Takes the lock at `path`, waiting as long as another running process holds it; it is released when this process ends. */
export function takeLock(path) {
  for (let told = false, empty = 0; ; ) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      const release = () => {
        if (holderOf(path) === process.pid) rmSync(path, { force: true });
      };
      process.once("exit", release);
      return release;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const holder = holderOf(path);
    // A lock seen empty may be one just being written; one that stays empty was left by a process killed in between.
    empty = holder === 0 || Number.isNaN(holder) ? empty + 1 : 0;
    if (empty > 20 || (holder > 0 && !isRunning(holder))) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told && holder > 0) {
      say(`waiting for the set-up that process ${holder} is running`);
      told = true;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
  }
}
