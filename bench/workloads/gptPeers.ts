/** The training step of the small GPT in other libraries, timed by the scripts of bench/peers: one process each, one after the other. */

import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface GptPeer {
  /** Library, version and form of the code. */
  name: string;
  milliseconds: number;
  /** Of the first steps. */
  losses: readonly number[];
}

interface Result {
  version: string;
  forms: Record<string, { milliseconds: number; losses: number[] }>;
}

/** @param folder what gptStep.ts's `writeGiven` has put there. */
export function gptPeers(folder: string): GptPeer[] {
  const python = process.env["PYTHON"] ?? "python3";
  const scripts: [name: string, program: string, script: string][] = [
    ["PyTorch", python, "gpt_step_torch.py"],
    ["jax", python, "gpt_step_jax.py"],
  ];
  if (process.env["JAX_JS"]) scripts.push(["jax-js", process.execPath, "gpt_step_jaxjs.mjs"]);
  return scripts.flatMap(([name, program, script]) => {
    const { version, forms } = run(program, script, folder);
    return Object.entries(forms).map(([form, times]) => ({ name: `${name} ${version}, ${form}`, ...times }));
  });
}

function run(program: string, script: string, folder: string): Result {
  const path = fileURLToPath(new URL(`../peers/${script}`, import.meta.url));
  const output = execFileSync(program, [path, folder], {
    encoding: "utf8",
    // One core, as the scripts say; without this XLA and oneDNN take more.
    env: { ...process.env, OMP_NUM_THREADS: "1", MKL_NUM_THREADS: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output.trim().split("\n").at(-1)!) as Result;
}
