/**
 * Hosts that refuse to compile WebAssembly from bytes, such as a page without 'wasm-unsafe-eval' or a Worker of Cloudflare's:
 * a realm of V8 that may not make code at run time. They act with a module that was compiled before.
 */

import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { beforeAll, expect, test } from "vitest";
import { createEngine, type KernelChoice, loadPolicyFromBytes, type Policy, train } from "../../src/index.ts";
import { acting, bundled, root, smallPolicy } from "./support.ts";

type Load = typeof loadPolicyFromBytes;

const builds = ["simd", "fma"] as const;
const wasm = (build: string) => readFileSync(`${root}src/tensor/kernels/generated/${build}.wasm`);
const observations = Array.from({ length: 20 }, (_, i) => [Math.sin(i), Math.cos(i), Math.sin(3 * i), Math.cos(5 * i)]);
const actions = (policy: Policy) => observations.map((o) => policy.act(o, { deterministic: false }));

let load: Load;
let bytes: Uint8Array;
beforeAll(async () => {
  const { atob, TextDecoder, TextEncoder } = globalThis;
  const closed = createContext(
    { atob, TextDecoder, TextEncoder, Uint8Array },
    { codeGeneration: { wasm: false, strings: false } },
  );
  runInContext(await bundled(acting("policies/index.ts"), "iife"), closed);
  load = (closed as { load: Load }).load;
  ({ bytes } = await smallPolicy());
});

test("the refusal says what to do", async () => {
  await expect(load(bytes)).rejects.toThrow(
    /does not compile WebAssembly from bytes: got ".*disallowed.*wasm-unsafe-eval.*ascent-rl\/kernels\/simd\.wasm.*"javascript"/,
  );
});

test.each(builds)("%s, compiled elsewhere, gives the same actions", async (build) => {
  const kernels = await WebAssembly.compile(wasm(build));
  const policy = await load(bytes, { kernels });
  const reference = await loadPolicyFromBytes(bytes, { kernels: build });
  expect(actions(policy)).toEqual(actions(reference));
});

test("a module says which build it is", async () => {
  for (const build of builds) {
    const engine = await createEngine({ build: await WebAssembly.compile(wasm(build)) });
    expect(engine.build).toBe(build);
  }
});

test("training takes a module too", async () => {
  const kernels = await WebAssembly.compile(wasm("simd"));
  const options = { environment: "CartPole-v1", steps: 64, options: { nEnvs: 2, nSteps: 16 } };
  const { policy } = await train("ppo", { ...options, kernels });
  const named = await train("ppo", { ...options, kernels: "simd" });
  expect(policy.description.weights).toEqual(named.policy.description.weights);
});

test.each([
  [
    "an empty module",
    async () => WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
    /got something else/,
  ],
  ["bytes", async () => wasm("simd"), /got something else/],
  ["a name of ours on another version", otherVersion, /got kernels of another version/],
])("%s is refused", async (_, make: () => Promise<KernelChoice>, message) => {
  await expect(loadPolicyFromBytes(bytes, { kernels: await make() })).rejects.toThrow(message);
});

/** The kernels with another version's mark. */
async function otherVersion(): Promise<KernelChoice> {
  const changed = Buffer.from(wasm("simd"));
  changed[changed.length - 1] ^= 1;
  return WebAssembly.compile(changed);
}
