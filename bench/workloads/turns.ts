/**
 * A peer that takes turns: a script of bench/peers that waits for a line, does the work once, and answers with the seconds it
 * took. So both sides meet the same machine in the same minute. It needs the Python that PYTHON names.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface TurnTaker {
  /** Libraries and their versions. */
  name: string;
  /** Seconds of one turn. */
  turn(line: string): Promise<number>;
  end(): void;
}

/** @param script in bench/peers; its first line of output is JSON with "version". */
export async function turnTaker(script: string): Promise<TurnTaker> {
  const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  const child: ChildProcess = spawn(process.env["PYTHON"] ?? "python3", [path], {
    env: { ...process.env, OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended before its turn did.`);
    return value as string;
  };
  const { version } = JSON.parse(await next()) as { version: string };
  return {
    name: version,
    turn: async (line) => {
      child.stdin!.write(`${line}\n`);
      return Number(await next());
    },
    end: () => child.stdin!.end(),
  };
}
