/** Which build of the kernels is taken: by choice, by the environment, and by what the engine and the processor can do. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { actingKernelBytes } from "../../src/tensor/kernels/embedded.ts";
import { kernelBytes } from "../../src/tensor/kernels/embeddedWhole.ts";
import type { LoadedModule } from "../../src/tensor/kernels/load.ts";

type Choice = "auto" | "simd" | "fma";

let load: (choice?: Choice) => Promise<LoadedModule>;
async function freshLoader(): Promise<typeof load> {
  const { loadKernelModule } = await import("../../src/tensor/kernels/load.ts");
  return (choice) => loadKernelModule(kernelBytes, choice);
}
beforeEach(async () => {
  // A fresh module each time: the one in use remembers what it compiled.
  vi.resetModules();
  vi.stubEnv("ASCENT_KERNELS", undefined);
  load = await freshLoader();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const buildOf = async (...choice: Parameters<typeof load>) => (await load(...choice)).build;

/** A processor whose relaxed multiply-add rounds twice. */
function roundTwice() {
  vi.spyOn(WebAssembly, "Instance").mockImplementation(
    class {
      readonly exports = { isFused: () => 0 };
    },
  );
}

test("fused where it runs, which is here", async () => {
  expect(await buildOf()).toBe("fma");
  expect(await buildOf("auto")).toBe("fma");
  expect(await buildOf("simd")).toBe("simd");
});

test("the environment overrides auto, not a choice; empty it says nothing", async () => {
  vi.stubEnv("ASCENT_KERNELS", "simd");
  expect(await buildOf()).toBe("simd");
  expect(await buildOf("fma")).toBe("fma");
  vi.stubEnv("ASCENT_KERNELS", "");
  expect(await buildOf()).toBe("fma");
  vi.stubEnv("ASCENT_KERNELS", "avx");
  await expect(load()).rejects.toThrow(/Unknown kernel build: got "avx", expected auto, simd or fma/);
});

test("auto falls back to plain SIMD where relaxed SIMD is unknown; asked for by name, fma is refused", async () => {
  const { validate } = WebAssembly;
  let fused: BufferSource | undefined;
  vi.spyOn(WebAssembly, "validate").mockImplementation((bytes) => {
    // The fused build is asked about first.
    fused ??= bytes;
    return bytes !== fused && validate(bytes);
  });
  expect(await buildOf()).toBe("simd");
  vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  await expect(load("fma")).rejects.toThrow(/build "fma" does not run here.*ASCENT_KERNELS=simd/);
  vi.resetModules();
  const fresh = await freshLoader();
  await expect(fresh("simd")).rejects.toThrow(/build "simd" does not run here.*Node ≥ 20/);
});

test("a relaxed multiply-add that rounds twice is not the fma build", async () => {
  roundTwice();
  expect(await buildOf()).toBe("simd");
  await expect(load("fma")).rejects.toThrow(/multiply-add that rounds once/);
});

test("an engine that has relaxed SIMD is not asked to turn it on: it would complain on standard error", async () => {
  const host = process as { getBuiltinModule?: unknown };
  const own = host.getBuiltinModule;
  const ask = vi.fn();
  // The first Nodes 20 and 22 have none.
  host.getBuiltinModule = ask;
  vi.spyOn(WebAssembly, "validate").mockReturnValueOnce(true);
  await load("fma").catch(() => undefined);
  host.getBuiltinModule = own;
  expect(ask).not.toHaveBeenCalled();
});

test("kernels that act are a part of the whole: they have the same name for everything, and nothing that learns", async () => {
  const { loadKernelModule } = await import("../../src/tensor/kernels/load.ts");
  for (const build of ["simd", "fma"] as const) {
    const [whole, acting] = [
      await loadKernelModule(kernelBytes, build),
      await loadKernelModule(actingKernelBytes, build),
    ];
    expect(acting.build).toBe(build);
    expect((await loadKernelModule(actingKernelBytes, build)).module).toBe(acting.module);
    const [all, some] = [whole, acting].map(({ module }) => namesOf(module as WebAssembly.Module));
    expect(all).toEqual(expect.arrayContaining(some));
    expect(some).toEqual(expect.arrayContaining(["run", "isFused", "firstNonFinite", "gemmScratchBytes"]));
    expect(all.filter((name) => !some.includes(name))).toEqual(
      expect.arrayContaining(["adam", "sgd", "rmsprop", "dot"]),
    );
  }
});

const namesOf = (module: WebAssembly.Module) => WebAssembly.Module.exports(module).map(({ name }) => name);

test("the kernels say themselves whether they fuse", async () => {
  for (const build of ["simd", "fma"] as const) {
    const { module } = await load(build);
    const env = { memory: new WebAssembly.Memory({ initial: 1 }) };
    const { isFused } = new WebAssembly.Instance(module, { env }).exports as { isFused(): number };
    expect(isFused()).toBe(build === "fma" ? 1 : 0);
  }
});
