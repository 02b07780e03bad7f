/** Atomic writes: the old file or the new one, whatever fails and whenever the writer is killed. */
import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AscentError } from "../../src/errors.ts";
import { type AtomicFileSystem, removeFile, removeLeftovers, writeFileAtomic } from "../../src/node/atomic.ts";
import { hostName } from "../../src/node/processes.ts";

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), "ascent-atomic-"));
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

const failing = (call: keyof AtomicFileSystem, code: string): AtomicFileSystem => ({
  ...fs,
  [call]: () => {
    throw Object.assign(new Error(`${code}: rehearsed`), { code });
  },
});

describe("writeFileAtomic", () => {
  test("writes and replaces, leaving nothing else behind", () => {
    const path = join(folder, "a.bin");
    writeFileAtomic(path, "first");
    writeFileAtomic(path, Uint8Array.of(1, 2, 3));
    expect([...fs.readFileSync(path)]).toEqual([1, 2, 3]);
    expect(fs.readdirSync(folder)).toEqual(["a.bin"]);
  });

  test.each([
    ["writeSync", "ENOSPC", /disk is full.*Free some space/],
    ["fsyncSync", "EIO", /input\/output/],
    ["renameSync", "EACCES", /permission was denied/],
    ["openSync", "EROFS", /read-only/],
  ] as const)("keeps the old file when %s fails with %s", (call, code, message) => {
    const path = join(folder, "a.txt");
    writeFileAtomic(path, "old");
    const write = () => writeFileAtomic(path, "new", failing(call, code));
    expect(write).toThrow(AscentError);
    expect(write).toThrow(message);
    expect(write).toThrow(path);
    expect(fs.readFileSync(path, "utf8")).toBe("old");
    expect(fs.readdirSync(folder)).toEqual(["a.txt"]);
  });

  test("on Windows, waits until a file that someone has open can be replaced", () => {
    const path = join(folder, "a.txt");
    writeFileAtomic(path, "old");
    let refusals = 2;
    const system = {
      ...fs,
      renameSync: (from: string, to: string) => {
        if (refusals-- > 0) throw Object.assign(new Error("EPERM: rehearsed"), { code: "EPERM" });
        fs.renameSync(from, to);
      },
    } as AtomicFileSystem;
    const { platform } = process;
    Object.defineProperty(process, "platform", { value: "win32" });
    try {
      writeFileAtomic(path, "new", system);
    } finally {
      Object.defineProperty(process, "platform", { value: platform });
    }
    expect(fs.readFileSync(path, "utf8")).toBe("new");
    expect(refusals).toBe(-1);
  });

  test("goes on after writes that stop early", () => {
    const path = join(folder, "a.bin");
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);
    const slow = {
      ...fs,
      writeSync: (handle: number, data: Uint8Array, at: number, length: number) =>
        fs.writeSync(handle, data, at, Math.min(length, 7)),
    } as unknown as AtomicFileSystem;
    writeFileAtomic(path, bytes, slow);
    expect(new Uint8Array(fs.readFileSync(path))).toEqual(bytes);
  });

  test("names a missing folder", () => {
    expect(() => writeFileAtomic(join(folder, "none", "a"), "x")).toThrow(/does not exist.*Check the path/);
  });

  test("a file system that cannot flush folders is no failure", () => {
    const path = join(folder, "a.txt");
    const system = {
      ...fs,
      openSync: (name: string, flags: string) => {
        if (flags === "r") throw Object.assign(new Error("no"), { code: "EISDIR" });
        return fs.openSync(name, flags);
      },
    } as unknown as AtomicFileSystem;
    writeFileAtomic(path, "x", system);
    expect(fs.readFileSync(path, "utf8")).toBe("x");
  });
});

test("leftovers of dead writers are removed, others stay", () => {
  const pid = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
  // On a shared file system, nothing is known of a process of another machine.
  const names = [
    ...[`.a.bin.${pid}-0@${hostName()}.tmp`, `.a.bin.${process.pid}-7@${hostName()}.tmp`],
    ...[`.a.bin.${pid}-0@elsewhere.tmp`, "a.tmp", ".hidden", "a.bin"],
  ];
  for (const name of names) fs.writeFileSync(join(folder, name), "");
  removeLeftovers(folder);
  expect(fs.readdirSync(folder).sort()).toEqual(names.slice(1).sort());
  const hourAgo = Date.now() / 1000 - 3600;
  for (const name of names.slice(1)) fs.utimesSync(join(folder, name), hourAgo, hourAgo);
  removeLeftovers(folder);
  expect(fs.readdirSync(folder).sort()).toEqual(names.slice(3).sort());
});

test("killing a writer at any moment leaves a whole file", async () => {
  const path = join(folder, "victim.txt");
  const size = 200_000;
  const compiled = compileToJavaScript("node/atomic.ts");
  const code = `import { writeFileAtomic } from ${JSON.stringify(join(compiled, "node/atomic.js"))};
    for (let i = 0; ; i++) {
      writeFileAtomic(${JSON.stringify(path)}, String(i % 10).repeat(${size}));
      if (i === 0) process.stdout.write("going");
    }`;
  for (let round = 0; round < 4; round++) {
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const gone = new Promise((resolve) => child.once("exit", resolve));
    await Promise.race([new Promise((resolve) => child.stdout.once("data", resolve)), gone]);
    await new Promise((resolve) => setTimeout(resolve, 5 + 7 * round));
    child.kill("SIGKILL");
    await gone;
    const text = fs.readFileSync(path, "utf8");
    expect(text.length).toBe(size);
    expect(new Set(text).size).toBe(1);
    removeLeftovers(folder);
    expect(fs.readdirSync(folder)).toEqual(["victim.txt"]);
  }
  fs.rmSync(compiled, { recursive: true });
});

/** A folder with a source file, and what it imports, as JavaScript that any Node can run in a process of its own. */
function compileToJavaScript(source: string): string {
  const root = new URL("../..", import.meta.url).pathname;
  const out = fs.mkdtempSync(join(tmpdir(), "ascent-compiled-"));
  fs.writeFileSync(join(out, "package.json"), '{"type":"module"}');
  execFileSync(process.execPath, [
    join(root, "node_modules/typescript/lib/tsc.js"),
    ...["--ignoreConfig", "--outDir", out, "--rootDir", join(root, "src"), "--module", "NodeNext"],
    ...["--target", "ES2022", "--rewriteRelativeImportExtensions", "--skipLibCheck", "--types", "node"],
    ...["--typeRoots", join(root, "node_modules/@types"), join(root, "src", source)],
  ]);
  return out;
}

test("removing a file: one that is not there is no failure, one that cannot go is", () => {
  const path = join(folder, "a");
  fs.writeFileSync(path, "a");
  removeFile(path);
  expect(fs.readdirSync(folder)).toEqual([]);
  removeFile(path);
  expect(() => removeFile(folder)).toThrow(expect.objectContaining({ code: "file" }));
});
