/**
 * The declarations that the package ships, as users' compilers read them: the files of cases/, which import the package by
 * name and so reach dist/ through package.json's exports, are compiled in strict projects, under NodeNext and as a bundler
 * would, by this TypeScript and by the oldest one supported. What must not compile stands there behind @ts-expect-error.
 */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import ts from "typescript-5.9";
import { beforeAll, expect, test } from "vitest";
// Nothing of it is used here: it is what makes these tests be run when a source file has changed.
import "../../src/index.ts";
import "../../src/node/index.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const project = (name: string) => fileURLToPath(new URL(`tsconfig.${name}.json`, import.meta.url));

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  return status === 0 ? "" : `exit code ${status}\n${stdout}${stderr}`;
}

beforeAll(() => {
  // Of the sources as they are now; nothing is done when nothing has changed.
  expect(run("scripts/setup.mjs")).toBe("");
}, 300_000);

/** Everything, the declarations of dependencies included. */
test.each(["nodenext", "bundler"])("this TypeScript, %s", { timeout: 120_000 }, (name) => {
  expect(run("node_modules/typescript/lib/tsc.js", "-p", project(name))).toBe("");
});

/** The same files and dist/, without the libraries below, which take this compiler four times as long as all the rest. */
test.each(["nodenext", "bundler"])("TypeScript 5.9, %s", { timeout: 120_000 }, (name) => {
  const config = ts.getParsedCommandLineOfConfigFile(project(name), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
    },
  });
  const { fileNames, options } = config as ts.ParsedCommandLine;
  const program = ts.createProgram(fileNames, options);
  const files = program.getSourceFiles().filter(({ fileName }) => !fileName.includes("/node_modules/"));
  expect(files.filter(({ fileName }) => fileName.includes("/dist/")).length).toBeGreaterThan(50);
  const found = [
    ...program.getOptionsDiagnostics(),
    ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
  expect(
    ts.formatDiagnostics(found, {
      getCanonicalFileName: (file) => file,
      getCurrentDirectory: () => root,
      getNewLine: () => "\n",
    }),
  ).toBe("");
});

test("a mistake would be found", () => {
  const args = ["--noEmit", "--ignoreConfig", "--types", "", "test/types/mistake.ts"];
  expect(run("node_modules/typescript/lib/tsc.js", ...args)).toContain("TS2322");
});
