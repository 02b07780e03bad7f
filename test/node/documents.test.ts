/** The documents hold together: links lead somewhere, commands exist, and sources cite steps of docs/theory.md that are there. */
import * as fs from "node:fs";
import { describe, expect, test } from "vitest";

const root = new URL("../../", import.meta.url);
const read = (path: string) => fs.readFileSync(new URL(path, root), "utf8");
const filesIn = (folder: string, suffix: string): string[] =>
  fs.readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return filesIn(`${folder}${entry.name}/`, suffix);
    return entry.name.endsWith(suffix) ? [`${folder}${entry.name}`] : [];
  });

const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...filesIn("docs/", ".md")];

/** What GitHub calls a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
const anchorsOf = (page: string) => [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading));

describe.each(documents)("%s", (path) => {
  const page = read(path);
  const here = new URL(path, root);

  test("relative links lead to files and headings, and functions named are in them", () => {
    for (const [, text, target] of page.matchAll(/\[([^\]]*)\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file, heading] = target.split("#");
      const url = file === "" ? here : new URL(file, here);
      expect(fs.existsSync(url), target).toBe(true);
      if (heading !== undefined) expect(anchorsOf(fs.readFileSync(url, "utf8")), target).toContain(heading);
      const [, name] = /^`(\w+)`$/.exec(text) ?? [];
      if (name === undefined || !file.endsWith(".ts")) continue;
      expect(fs.readFileSync(url, "utf8"), target).toMatch(new RegExp(`\\b(function\\*?|class) ${name}\\b`));
    }
  });

  test("scripts, and files they are given, exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    for (const [, name] of page.matchAll(/npm run ([\w:-]+)/g)) expect(Object.keys(scripts)).toContain(name);
    for (const [, name] of page.matchAll(/npm run bench -- ([a-z]\w*)/g)) {
      expect(fs.existsSync(new URL(`bench/${name}.ts`, root)), name).toBe(true);
    }
    for (const [command, file] of page.matchAll(/node scripts\/run-ts\.mjs ([\w./-]+\.ts)/g)) {
      if (file !== "FILE.ts") expect(fs.existsSync(new URL(file, root)), command).toBe(true);
    }
    for (const [file] of page.matchAll(/\b(?:examples|test\/golden|src|bench|scripts)\/[\w./-]+\.(?:ts|mjs|json)\b/g)) {
      if (!file.includes("NAME")) expect(fs.existsSync(new URL(file, root)), file).toBe(true);
    }
  });
});

test("commands of the command line exist, with every option they are shown with", async () => {
  const { buildProgram } = await import("../../src/cli/program.ts");
  const { commands } = await buildProgram([]);
  let seen = 0;
  for (const path of documents) {
    const blocks = [...read(path).matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block);
    for (const line of blocks.flatMap((block) => block.split("\n"))) {
      const [, name, rest] = /(?:^| )(?:npm start --|ascent) (\w+)(.*?)(?: #.*)?$/.exec(line) ?? [];
      if (name === undefined) continue;
      const command = commands.find((one) => one.name() === name);
      expect(command, line).toBeDefined();
      const known = ["--help", ...command!.options.map(({ long }) => long)];
      for (const [option] of rest.matchAll(/--[a-z][\w-]*/g)) expect(known, line).toContain(option);
      seen++;
    }
  }
  expect(seen).toBeGreaterThan(15);
});

test("docs/metrics.md says of every rule of the monitor when it speaks", async () => {
  const { rules } = await import("../../src/training/monitor/rules.ts");
  const { languageRules } = await import("../../src/training/monitor/languageRules.ts");
  const page = read("docs/metrics.md");
  for (const { name, when } of [...rules, ...languageRules]) expect(page).toContain(`| ${name} | ${when} |`);
});

describe("docs/theory.md", () => {
  const steps = [...read("docs/theory.md").matchAll(/^\*\*(\d+)\./gm)].map(([, number]) => Number(number));

  test("its steps are numbered without a gap", () => {
    expect(steps).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
  });

  test("sources cite it by numbers that are there, and in no other way", () => {
    const cited = new Set<number>();
    for (const path of ["src/", "test/", "examples/", "bench/"].flatMap((folder) => filesIn(folder, ".ts"))) {
      // A citation may go on behind the line's end.
      const text = read(path).replace(/\n\s*\*\s/g, " ");
      expect(text, path).not.toMatch(/\btheory \d/);
      for (const [, list] of text.matchAll(/docs\/theory\.md, (\d+(?:(?:[–-]|, | and )\d+)*)/g)) {
        for (const number of list.match(/\d+/g)!) cited.add(Number(number));
      }
    }
    expect(cited.size).toBeGreaterThan(15);
    for (const number of cited) expect(steps).toContain(number);
  });
});
