/**
 * Compiles the AssemblyScript kernels twice, for plain SIMD128 and for relaxed SIMD with fused multiply-add, and both again without
 * what no policy asks for (kernels/actingPart.mjs). The whole ones are written as .wasm files, and all as TypeScript modules that
 * carry them as text, so that Node and browsers load them alike, without files or fetches: those that act in characters that gzip
 * squeezes to what the bytes would come to (kernels/text.mjs), the others as differences from them. Memory is imported (env.memory): the host decides its size. Static data lies below the
 * exported or computed __heap_base. A custom section tells which build it is, and of which kernels.
 *
 *   node scripts/build-kernels.mjs [ENTRY.ts OUTPUT_FOLDER]
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { ActingPart } from "./kernels/actingPart.mjs";
import { applyDelta, writeDelta } from "./kernels/delta.mjs";
import { withSection } from "./kernels/section.mjs";
import { decodeText, encodeText } from "./kernels/text.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const builds = {
  simd: { features: ["simd"], summary: "plain SIMD128" },
  fma: { features: ["simd", "relaxed-simd"], summary: "SIMD128 with relaxed fused multiply-add" },
};

async function compile(entry, features, transforms = []) {
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
    transforms,
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

/** A TypeScript module that carries one binary as its differences from another. */
function writeDifferences(name, summary, from, to) {
  const { edits, literals } = writeDelta(from, to);
  if (!applyDelta(from, edits, literals).equals(to)) throw new Error(`The differences of ${name} do not give it.`);
  const summaryOf = `${summary} (${to.length} bytes): kernels/embedded.ts reads them`;
  writeModule(name, summaryOf, { edits, literals: encodeText(literals) });
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
  const whole = {};
  const acting = {};
  for (const [name, { features }] of Object.entries(builds)) {
    whole[name] = await compile(entry, features);
    acting[name] = await compile(entry, features, [ActingPart]);
  }
  const identity = createHash("sha256").update(whole.simd).digest("hex").slice(0, 16);
  writeModule("identity", "Which kernels these are", { identity });
  for (const name of Object.keys(builds)) {
    whole[name] = withSection(whole[name], "ascent-kernels", `${name} ${identity}`);
    write(`${name}.wasm`, whole[name]);
  }
  const text = encodeText(acting.simd);
  if (!decodeText(text).equals(acting.simd)) throw new Error("The text of the kernels that act does not give them.");
  const { simd, fma } = builds;
  const size = `${acting.simd.length} bytes`;
  writeModule("acting", `Kernels that act for ${simd.summary}, as text (${size}): kernels/embedded.ts reads it`, {
    text,
  });
  writeDifferences("actingFma", `Kernels that act for ${fma.summary}, from acting`, acting.simd, acting.fma);
  writeDifferences("simd", `Kernels for ${simd.summary}, from acting`, acting.simd, whole.simd);
  writeDifferences("fma", `Kernels for ${fma.summary}, from simd`, whole.simd, whole.fma);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
