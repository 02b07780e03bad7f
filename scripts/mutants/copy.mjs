/**
 * A copy of the tree, as it is now, to plant bugs in: every file that git knows or would add, the built kernels and dist/, and
 * the packages by a link. Nothing here writes into the tree it is a copy of.
 */
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { shipKernels } from "../kernels/ship.mjs";

const GENERATED = "src/tensor/kernels/generated";
const ASSEMBLY = "src/tensor/kernels/assembly";

/** Runs Node in a folder; a run that takes longer than `seconds` is ended with all it started. */
export function runNode(folder, args, seconds) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      endGroup(child);
    }, seconds * 1000);
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ status, late, output });
    });
  });
}

function endGroup(child) {
  try {
    process.kill(process.platform === "win32" ? child.pid : -child.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** A fresh copy of the files named, in a temporary folder. */
export function copyTree(root, files) {
  const folder = mkdtempSync(join(tmpdir(), "ascent-mutants-"));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  for (const built of [GENERATED, "dist"]) cpSync(join(root, built), join(folder, built), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "junction");
  return {
    folder,
    /** Plants a bug and builds what is built of it. @returns what puts the copy back. */
    async plant({ file, find, put }) {
      const path = join(folder, file);
      const text = readFileSync(path, "utf8");
      writeFileSync(
        path,
        text.replace(find, () => put),
      );
      const built = await build(folder, file);
      return {
        problem: built,
        restore: () => {
          writeFileSync(path, text);
          for (const name of [GENERATED, "dist"]) {
            rmSync(join(folder, name), { recursive: true, force: true });
            cpSync(join(root, name), join(folder, name), { recursive: true });
          }
        },
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Kernels of their own, or dist/, of the file that was changed. @returns why that is not possible, where it is not. */
async function build(folder, file) {
  if (file.startsWith(ASSEMBLY)) {
    const { status, output } = await runNode(folder, ["scripts/build-kernels.mjs"], 300);
    if (status !== 0) return `the kernels do not compile:\n${output}`;
    rmSync(join(folder, "dist/tensor/kernels/generated"), { recursive: true });
  }
  const compiler = "node_modules/typescript/lib/tsc.js";
  const { output } = await runNode(folder, [compiler, "-p", "tsconfig.build.json", "--outDir", "dist"], 300);
  shipKernels(join(folder, GENERATED), join(folder, "dist/kernels"));
  // A name that nothing uses any more is as a reviewer might leave it; other errors of types would be seen before any test.
  const errors = output.split("\n").filter((line) => /error TS(?!6133|6196|6192)/.test(line));
  return errors.length > 0 ? `types are wrong:\n${errors.join("\n")}` : undefined;
}
