/**
 * Compiles the AssemblyScript kernels twice, for plain SIMD128 and for relaxed SIMD with fused multiply-add. Each is written as
 * a .wasm file, and as a TypeScript module that carries it as text, so that Node and browsers load it alike, without files or
 * fetches: `simd` in characters that gzip squeezes to what the bytes would come to (kernels/text.mjs), and `fma` as its
 * differences from `simd`. Memory is imported (env.memory): the host decides its size. Static data lies below the
 * exported or computed __heap_base. A custom section tells which build it is, and of which kernels.
 *
 *   node scripts/build-kernels.mjs [ENTRY.ts OUTPUT_FOLDER]
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { applyDelta, writeDelta } from "./kernels/delta.mjs";
import { withSection } from "./kernels/section.mjs";
import { decodeText, encodeText } from "./kernels/text.mjs";

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
    // Again until the code gets no smaller.
    "--converge",
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
    // That the last round made nothing smaller is how converging ends.
    stderr: { write: (text) => text.startsWith("Last converge") || process.stderr.write(text) },
    writeFile: (name, content) => {
      if (name.endsWith(".wasm")) binary = Buffer.from(content);
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

function write(name, content) {
  writeFileSync(join(folder, `${name}.new`), content);
  renameSync(join(folder, `${name}.new`), join(folder, name));
}

/** A TypeScript module of texts. */
function writeModule(name, summary, texts) {
  const lines = Object.entries(texts).map(([key, text]) => `export const ${key}: string =\n  "${text}";\n`);
  write(`${name}.ts`, `/** ${summary}. Written by scripts/build-kernels.mjs. */\n${lines.join("")}`);
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
  const binaries = {};
  for (const [name, { features }] of Object.entries(builds)) binaries[name] = await compile(entry, features);
  const identity = createHash("sha256").update(binaries.simd).digest("hex").slice(0, 16);
  for (const name of Object.keys(builds)) {
    binaries[name] = withSection(binaries[name], "ascent-kernels", `${name} ${identity}`);
    write(`${name}.wasm`, binaries[name]);
  }
  const { simd, fma } = binaries;
  const { edits, literals } = writeDelta(simd, fma);
  if (!applyDelta(simd, edits, literals).equals(fma))
    throw new Error("The differences of fma from simd do not give fma.");
  writeModule("identity", "Which kernels these are", { identity });
  const text = encodeText(simd);
  if (!decodeText(text).equals(simd)) throw new Error("The text of simd does not give simd.");
  writeModule(
    "simd",
    `Kernels for ${builds.simd.summary}, as text (${simd.length} bytes): kernels/embedded.ts reads it`,
    {
      text,
    },
  );
  const rest = `(${fma.length} bytes), as differences from simd: kernels/embedded.ts reads them`;
  writeModule("fma", `Kernels for ${builds.fma.summary} ${rest}`, { edits, literals: encodeText(literals) });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
