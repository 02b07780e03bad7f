/** What the tests of hosts share: the library as a bundler makes it, and a policy to act with. */

import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { discrete } from "../../src/envs/index.ts";
import { box } from "../../src/envs/spaces.ts";
import { encodePolicy, type PolicyDescription } from "../../src/policies/index.ts";
import { randomPolicy } from "../policies/support.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a page needs to act, as the guide shows it. */
export const acting = (entry: string) =>
  `import { loadPolicyFromBytes } from ${JSON.stringify(`${root}src/${entry}`)};\nglobalThis.load = loadPolicyFromBytes;\n`;

/** The code as one file, minified. */
export async function bundled(code: string, format: "esm" | "iife" = "esm"): Promise<string> {
  const stdin = { contents: code, resolveDir: root, loader: "ts" as const };
  // The paths of tsconfig.json are the tests' own; a user's bundler has package.json.
  const options = { bundle: true, minify: true, write: false, tsconfigRaw: "{}", logLevel: "warning" } as const;
  const { outputFiles } = await build({ ...options, stdin, format, target: "es2022" });
  return outputFiles[0].text;
}

/** A small policy of CartPole's spaces. */
export async function smallPolicy(): Promise<{ description: PolicyDescription; bytes: Uint8Array }> {
  const description = await randomPolicy(box({ low: -4, high: 4, shape: [4] }), discrete(2), { hidden: [64, 64] });
  return { description, bytes: encodePolicy(description) };
}
