/** Which machine this is and which of its processes live: what tells a file in use from one that a killed process left. */
import { hostname } from "node:os";

/** This machine's name, in letters that any file name may have. */
export function hostName(): string {
  return hostname().replace(/[^\w.-]/g, "_");
}

/** Whether a process of this machine is running, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
