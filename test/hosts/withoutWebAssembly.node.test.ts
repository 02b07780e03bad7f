/** A host without WebAssembly: Node started so that it makes no machine code, as React Native's engine makes none. */

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { loadPolicyFromBytes } from "../../src/index.ts";
import { acting, bundled, smallPolicy } from "./support.ts";

const OBSERVATIONS = Array.from({ length: 50 }, (_, i) => [Math.sin(i), Math.cos(i), Math.sin(3 * i), Math.cos(5 * i)]);

test("policies act in plain JavaScript of themselves, and take the same actions", async () => {
  const { bytes } = await smallPolicy();
  const folder = await mkdtemp(join(tmpdir(), "ascent-host-"));
  const program = `${await bundled(acting("policies/index.ts"))}
    if (typeof WebAssembly !== "undefined") throw new Error("this host has WebAssembly");
    const bytes = Uint8Array.from(${JSON.stringify([...bytes])});
    const refused = await load(bytes, { kernels: "simd" }).catch((error) => error.message);
    const policy = await load(bytes, { seed: 4 });
    const actions = ${JSON.stringify(OBSERVATIONS)}.map((o) => policy.act(o, { deterministic: false }));
    console.log(JSON.stringify({ refused, actions }));`;
  const file = join(folder, "host.mjs");
  await writeFile(file, program);
  const { stdout } = await promisify(execFile)(process.execPath, ["--jitless", file]);
  await rm(folder, { recursive: true });
  const { refused, actions } = JSON.parse(stdout) as { refused: string; actions: number[] };
  const policy = await loadPolicyFromBytes(bytes, { seed: 4, kernels: "simd" });
  expect(actions).toEqual(OBSERVATIONS.map((o) => policy.act(o, { deterministic: false })));
  expect(new Set(actions).size).toBe(2);
  expect(refused).toMatch(/There is no WebAssembly here: got kernels "simd"/);
});
