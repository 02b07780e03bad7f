/**
 * Every function of every public entry refuses arguments of another kind in words: an AscentError, never a TypeError, never
 * a result. Node only, since one of the entries is.
 */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isClass } from "../../src/arguments/describeValue.ts";
import { exempt } from "./every/exempt.ts";
import { mistakesOf } from "./every/harness.ts";
import { makeRows } from "./every/rows.ts";

const root = new URL("../../", import.meta.url);
const { exports: entries } = JSON.parse(readFileSync(new URL("package.json", root), "utf8")) as {
  exports: Record<string, string | { default: string }>;
};

type Callable = (...args: unknown[]) => unknown;

const functions = new Map<string, Callable>();
for (const entry of Object.values(entries)) {
  if (typeof entry === "string" || !entry.default.endsWith(".js")) continue;
  const source = new URL(entry.default.replace("./dist/", "src/").replace(/\.js$/, ".ts"), root);
  const module = (await import(source.pathname)) as Record<string, unknown>;
  for (const [name, value] of Object.entries(module)) {
    if (typeof value !== "function") continue;
    if (functions.has(name) && functions.get(name) !== value)
      throw new Error(`two public functions are called ${name}`);
    functions.set(name, value as Callable);
  }
}

const rows = await makeRows();

test("every public function has a row of valid arguments or a reason for none, and nothing else has", () => {
  const named = [...Object.keys(rows), ...Object.keys(exempt)];
  expect([...functions.keys()].filter((name) => !named.includes(name))).toEqual([]);
  expect(named.filter((name) => !functions.has(name))).toEqual([]);
});

describe("arguments of another kind are refused in words", () => {
  test.each(Object.keys(rows).filter((name) => functions.has(name)))("%s", async (name) => {
    const call = functions.get(name)!;
    const run = (args: unknown[]) => (isClass(call) ? Reflect.construct(call, args) : call(...args));
    expect(await mistakesOf(run, rows[name])).toEqual([]);
  });
});
