/** The folder tree is the architecture: imports go down it only, no files import each other in a circle, and Node stays on top. */

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

/** From the bottom up; a folder imports from lower levels only, folders of one level not from each other. */
const LEVELS: readonly (readonly string[])[] = [
  ["errors.ts", "nearest.ts", "pauses.ts", "math"],
  ["arguments"],
  ["charts", "files", "random", "tensor", "options"],
  ["scenes"],
  ["envs", "nn", "numerics"],
  ["estimators", "mdp", "distributions", "box2d", "mujoco"],
  ["objectives", "policies"],
  ["rollout", "language"],
  ["imitation", "learners"],
  ["algorithms"],
  ["training"],
  ["overoptimisation", "sweeps", "variance"],
  ["index.ts", "node"],
  ["cli"],
];

const levelOf = new Map(LEVELS.flatMap((names, level) => names.map((name) => [name, level] as const)));

/** What each source file imports, types and dynamic imports included, as paths below src. */
const imports = new Map<string, string[]>();
/** The bare names each source file imports. */
const packages = new Map<string, string[]>();
for (const entry of readdirSync("src", { recursive: true })) {
  const file = String(entry);
  // AssemblyScript is a tree of its own, compiled by itself.
  if (!file.endsWith(".ts") || file.endsWith(".d.ts") || file.startsWith(join("tensor", "kernels", "assembly")))
    continue;
  const named = [...readFileSync(join("src", file), "utf8").matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"\n]+)"/g)];
  const names = named.map(([, name]) => name);
  const own = names.filter((name) => name.startsWith("."));
  imports.set(
    file,
    own.map((name) => normalize(join(dirname(file), name))),
  );
  packages.set(
    file,
    names.filter((name) => !name.startsWith(".")),
  );
}

const topOf = (file: string) => file.split(/[\\/]/)[0];

/** The first circle found, as the files along it; undefined where there is none. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | undefined => {
    const at = path.indexOf(node);
    if (at >= 0) return [...path.slice(at), node];
    if (done.has(node)) return undefined;
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const circle = visit(next);
      if (circle !== undefined) return circle;
    }
    path.pop();
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const circle = visit(node);
    if (circle !== undefined) return circle;
  }
  return undefined;
}

describe("the source tree", () => {
  test("is read: imports are found", () => {
    expect(imports.size).toBeGreaterThan(200);
    expect(imports.get(join("algorithms", "ppo.ts"))).toContain(join("rollout", "collector.ts"));
  });

  test("every folder has a level", () => {
    const tops = new Set([...imports.keys()].map(topOf));
    expect([...tops].filter((top) => !levelOf.has(top))).toEqual([]);
    expect([...levelOf.keys()].filter((name) => !tops.has(name))).toEqual([]);
  });

  test("folders import downwards only", () => {
    const upwards: string[] = [];
    for (const [file, targets] of imports) {
      for (const target of targets) {
        const [from, to] = [topOf(file), topOf(target)];
        if (from !== to && !((levelOf.get(to) ?? 99) < (levelOf.get(from) ?? -1))) upwards.push(`${file} → ${target}`);
      }
    }
    expect(upwards).toEqual([]);
  });

  test("no files import each other in a circle", () => {
    expect(circleIn(imports)).toBeUndefined();
  });

  test("only node and cli import Node's modules", () => {
    const outside = [...packages].filter(([file]) => !["node", "cli"].includes(topOf(file)));
    expect(outside.filter(([, names]) => names.some((name) => name.startsWith("node:"))).map(([file]) => file)).toEqual(
      [],
    );
  });

  test("a circle would be found", () => {
    const graph = new Map([
      ["a", ["b"]],
      ["b", ["c"]],
      ["c", ["b"]],
    ]);
    expect(circleIn(graph)).toEqual(["b", "c", "b"]);
  });
});

describe("the lab", () => {
  /** What each of its files imports, types and dynamic imports included. */
  const named = new Map<string, string[]>();
  for (const entry of readdirSync("lab", { recursive: true })) {
    const file = join("lab", String(entry));
    if (!/\.tsx?$/.test(file)) continue;
    const text = readFileSync(file, "utf8");
    named.set(
      file,
      [...text.matchAll(/(?:^(?:import|export)\b[^"'`;]*\bfrom\s*|^import\s*|\bimport\(\s*)"([^"\n]+)"/gm)].map(
        ([, name]) => name,
      ),
    );
  }
  const { exports: entries } = JSON.parse(readFileSync("package.json", "utf8")) as { exports: Record<string, unknown> };
  /** Runs when the page is built, in Node. */
  const builds = (file: string) => /vite\.config\.ts$|lab[\\/]build[\\/]|Plugin\.ts$/.test(file);
  const all = [...named].flatMap(([file, names]) => names.map((name) => ({ file, name })));

  test("is read: imports are found", () => {
    expect(named.size).toBeGreaterThan(50);
    expect(named.get(join("lab", "figures", "Canvas.tsx"))).toContain("./drawInFrames.ts");
  });

  test("imports its own files, and the package by its public entries", () => {
    const outside = all.filter(
      ({ file, name }) => name.startsWith(".") && !normalize(join(dirname(file), name)).startsWith(join("lab", "/")),
    );
    expect(outside).toEqual([]);
    const ours = all.filter(({ name }) => /^ascent-rl(\/|$)/.test(name));
    expect(ours.length).toBeGreaterThan(20);
    expect(ours.filter(({ name }) => !Object.hasOwn(entries, name.replace("ascent-rl", ".")))).toEqual([]);
    expect(ours.filter(({ name }) => name === "ascent-rl/node")).toEqual([]);
  });

  test("stands on few packages, and on Node only where it is built", () => {
    const known = /^(?:\.|ascent-rl(?:\/|$)|preact(?:\/|$)|@preact\/signals$|uplot(?:\/|$)|idb-keyval$|zod$|virtual:)/;
    expect(all.filter(({ file, name }) => !builds(file) && !known.test(name))).toEqual([]);
    expect(all.filter(({ file, name }) => builds(file) && !/^(?:\.|node:|vite$|temml$)/.test(name))).toEqual([]);
  });

  test("no files import each other in a circle", () => {
    const graph = new Map(
      [...named].map(([file, names]) => [
        file,
        names.filter((name) => name.startsWith(".")).map((name) => normalize(join(dirname(file), name))),
      ]),
    );
    expect(circleIn(graph)).toBeUndefined();
  });
});
