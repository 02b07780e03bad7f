/**
 * The declarations that the package ships, as users' compilers read them: the files of cases/, which import the package by
 * name and so reach dist/ through package.json's exports, are compiled in strict projects, under NodeNext and as a bundler
 * would, by this TypeScript and by the oldest one supported. What must not compile stands there behind @ts-expect-error.
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript-5.9";
import { beforeAll, describe, expect, test } from "vitest";
import { algorithms, listEnvironments } from "../../src/index.ts";
import { activationNames } from "../../src/nn/activations.ts";
import { documentCode } from "./documentCode.ts";
import { languageService } from "./languageService.ts";
// Nothing of it is used here: it makes these tests be run when a source file has changed.
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
test.each(["nodenext", "bundler", "nodenext.withoutDom", "bundler.withoutDom"])(
  "this TypeScript, %s",
  { timeout: 120_000 },
  (name) => {
    expect(run("node_modules/typescript/lib/tsc.js", "-p", project(name))).toBe("");
  },
);

const casesFolder = fileURLToPath(new URL("cases/", import.meta.url));
const documents = documentCode(
  root,
  ["README.md", "docs/guide.md", "docs/language-models.md", "docs/worlds.md"],
  casesFolder,
);
const services = new Map(
  ["nodenext", "bundler"].map((name) => [name, languageService(project(name), documents)] as const),
);

/**
 * The same files and the code in the documents; and once dist/, but not the libraries below, which take this compiler four
 * times as long as all the rest.
 */
test.each([...services])("TypeScript 5.9, %s", { timeout: 120_000 }, (name, service) => {
  const program = service.getProgram()!;
  const ours = program.getSourceFiles().filter(({ fileName }) => !fileName.includes("/node_modules/"));
  expect(ours.filter(({ fileName }) => fileName.includes("/dist/")).length).toBeGreaterThan(50);
  const files = ours.filter(({ isDeclarationFile }) => name === "nodenext" || !isDeclarationFile);
  const found = [
    ...program.getOptionsDiagnostics(),
    ...files.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
    // Whoever exports what the library gave must be able to name its type.
    ...files
      .filter(({ isDeclarationFile }) => !isDeclarationFile)
      .flatMap((file) => [...program.getDeclarationDiagnostics(file)]),
  ];
  expect(
    ts.formatDiagnostics(found, {
      getCanonicalFileName: (file) => file,
      getCurrentDirectory: () => root,
      getNewLine: () => "\n",
    }),
  ).toBe("");
});

test("no declaration says any", () => {
  const places: string[] = [];
  for (const file of services.get("nodenext")!.getProgram()!.getSourceFiles()) {
    if (!file.fileName.startsWith(join(root, "dist/"))) continue;
    const visit = (node: ts.Node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) places.push(`${file.fileName}: ${node.parent.getText(file)}`);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  expect(places).toEqual([]);
});

describe("in an editor", () => {
  const file = fileURLToPath(new URL("cases/start.ts", import.meta.url));
  const text = readFileSync(file, "utf8");
  const service = services.get("nodenext")!;
  const behind = (words: string) => {
    expect(text).toContain(words);
    return text.indexOf(words) + words.length;
  };
  const completions = (words: string) =>
    service.getCompletionsAtPosition(file, behind(words), {})?.entries.map(({ name }) => name);
  const hover = (words: string) =>
    ts.displayPartsToString(service.getQuickInfoAtPosition(file, behind(words) - 1)?.displayParts);

  test("names are completed: of algorithms, environments, options and their values", () => {
    expect(completions('train("')?.sort()).toEqual(Object.keys(algorithms).sort());
    expect(completions('environment: "')).toEqual(expect.arrayContaining(listEnvironments().map(({ id }) => id)));
    expect(completions("options: { ")).toEqual(expect.arrayContaining(["batchSize", "clipRange", "hidden"]));
    expect(completions('activation: "')?.sort()).toEqual([...activationNames].sort());
    expect(completions("metrics.")).toEqual(expect.arrayContaining(["steps", "episodeReturn", "clipFraction"]));
  });

  test("what a hover shows is short and named", () => {
    expect(hover("const { policy")).toBe("const policy: Policy<Box, Discrete>");
    expect(hover("learner")).toBe("const learner: PolicyLearner<PpoMetrics, Box, Discrete>");
    expect(hover("await train")).toContain('Promise<TrainResult<"ppo", Box, Discrete>>');
    expect(hover("policy.act")).toContain(
      "Policy<Box, Discrete>.act(observation: ArrayLike<number>, options?: ActOptions): number",
    );
  });
});

test("a mistake would be found", () => {
  const args = ["--noEmit", "--ignoreConfig", "--types", "", "test/types/mistake.ts"];
  expect(run("node_modules/typescript/lib/tsc.js", ...args)).toContain("TS2322");
});
