/**
 * Compiles the AssemblyScript kernels twice, for plain SIMD128 and for relaxed SIMD with fused multiply-add, and writes each
 * as a TypeScript module holding the WebAssembly in base64, so that Node and browsers load it alike, without files or fetches.
 * Memory is imported (env.memory): the host decides its size. Static data lies below the exported or computed __heap_base.
 *
 *   node scripts/build-kernels.mjs [ENTRY.ts OUTPUT_FOLDER]
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const builds = {
  simd: { features: ["simd"], summary: "plain SIMD128" },
  fma: { features: ["simd", "relaxed-simd"], summary: "SIMD128 with relaxed fused multiply-add" },
};

async function compile(entry, features) {
  let binary;
  const base = dirname(entry);
  const options = [
    "-O3",
    "--noAssert",
    "--runtime",
    "stub",
    "--importMemory",
    "--initialMemory",
    "1",
    "--use",
    "abort=",
    // v128 between modules of the kernels themselves never crosses to the host.
    "--disableWarning",
    "112",
  ];
  const args = [relative(base, entry), "--baseDir", base, "--outFile", "kernels.wasm", ...options];
  for (const feature of features) args.push("--enable", feature);
  const { error } = await asc.main(args, {
    stdout: process.stderr,
    stderr: process.stderr,
    writeFile: (name, content) => {
      if (name.endsWith(".wasm")) binary = content;
    },
  });
  if (error) throw error;
  const imports = WebAssembly.Module.imports(await WebAssembly.compile(binary)).map((i) => `${i.module}.${i.name}`);
  if (imports.join() !== "env.memory") {
    throw new Error(
      `The kernels must import env.memory and nothing else; they import ${imports.join(", ") || "nothing"}.`,
    );
  }
  return binary;
}

const [entryArgument, folderArgument] = process.argv.slice(2);
const entry = resolve(entryArgument ?? join(root, "src/tensor/kernels/assembly/index.ts"));
const folder = resolve(folderArgument ?? join(root, "src/tensor/kernels/generated"));

try {
  if (!existsSync(entry)) throw new Error(`${entry} does not exist.`);
  // Relaxed SIMD is behind this flag before Node 22; here only the list of imports is read.
  if (Number.parseInt(process.versions.node, 10) < 22)
    (await import("node:v8")).setFlagsFromString("--experimental-wasm-relaxed-simd");
  mkdirSync(folder, { recursive: true });
  for (const [name, { features, summary }] of Object.entries(builds)) {
    const binary = await compile(entry, features);
    const source =
      `/** Kernels compiled to WebAssembly, ${summary}, in base64 (${binary.length} bytes). Written by scripts/build-kernels.mjs. */\n` +
      `export const wasmBase64: string =\n  "${Buffer.from(binary).toString("base64")}";\n`;
    writeFileSync(join(folder, `${name}.ts.new`), source);
    renameSync(join(folder, `${name}.ts.new`), join(folder, `${name}.ts`));
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
