/**
 * The same work in the libraries that people compare with, timed by the scripts of bench/peers in the same run. They need a
 * Python with torch, jax and optax; the environment variable PYTHON names it.
 */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface PeerTimes {
  /** Library and version. */
  name: string;
  /** Microseconds by the form of the code (eager, compiled, …), then by the size of the batch. */
  forms: Record<string, Record<string, number>>;
}

const SCRIPTS = { PyTorch: "ppo_update_torch.py", jax: "ppo_update_jax.py" } as const;

/** One thread each, as set by the scripts; they end before this returns. */
export function peerTimes(batches: readonly number[]): PeerTimes[] {
  const python = process.env["PYTHON"] ?? "python3";
  return Object.entries(SCRIPTS).map(([name, script]) => {
    const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
    const output = execFileSync(python, [path, ...batches.map(String)], {
      encoding: "utf8",
      // One core, as the scripts say; without this XLA and oneDNN take more.
      env: { ...process.env, OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const { version, forms } = JSON.parse(output.trim().split("\n").at(-1)!) as {
      version: string;
      forms: PeerTimes["forms"];
    };
    return { name: `${name} ${version}`, forms };
  });
}

/** For each form, the shorter of two runs' times at each batch. */
export function shorter(first: readonly PeerTimes[], second: readonly PeerTimes[]): PeerTimes[] {
  return first.map(({ name, forms }, i) => ({
    name,
    forms: Object.fromEntries(
      Object.entries(forms).map(([form, times]) => [
        form,
        Object.fromEntries(
          Object.entries(times).map(([batch, time]) => [batch, Math.min(time, second[i].forms[form][batch])]),
        ),
      ]),
    ),
  }));
}
