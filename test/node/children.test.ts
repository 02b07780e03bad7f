/** Work in processes of its own: what comes back, errors among it, and turns that are taken. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { inTurns } from "../../src/node/children/inTurns.ts";
import { runInChild } from "../../src/node/children/runInChild.ts";

const folder = mkdtempSync(join(tmpdir(), "ascent-children-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "child.mjs");
const dist = (path: string) => JSON.stringify(pathToFileURL(join("dist", path)).href);
writeFileSync(
  file,
  `import { serve } from ${dist("node/children/serve.js")};
   import { AscentError } from ${dist("errors.js")};
   serve(async (request, { signal, report }) => {
     if (request === "refuse") throw new AscentError("option", { what: "No", got: "x", fix: "Say yes." });
     if (request === "throw") throw new TypeError("a fault");
     if (request === "die") { console.error("last words"); process.exit(3); }
     if (request === "wait") {
       report("waiting");
       await new Promise((resolve) => { const idle = setInterval(() => { if (signal.aborted) { clearInterval(idle); resolve(); } }, 5); });
       return "saved";
     }
     report({ half: Number.NaN });
     return { got: request, none: undefined };
   });`,
);

test("a result comes back as it is, NaN and all", async () => {
  const seen: unknown[] = [];
  const onProgress = (progress: unknown) => seen.push(progress);
  await expect(runInChild({ file }, [1, Number.NaN, -0], { onProgress })).resolves.toEqual({
    got: [1, Number.NaN, -0],
  });
  expect(seen).toEqual([{ half: Number.NaN }]);
});

test("errors come through: ours with their parts, others with their text", async () => {
  await expect(runInChild({ file }, "refuse")).rejects.toMatchObject({ code: "option", problem: { fix: "Say yes." } });
  await expect(runInChild({ file }, "throw")).rejects.toThrow(/TypeError: a fault/);
});

test("a child that dies says so, with what it said last", async () => {
  await expect(runInChild({ file }, "die")).rejects.toThrow(/got exit code 3, and on standard error: last words/);
});

test("the signal asks the child to end, and waits for what it saves", async () => {
  const controller = new AbortController();
  const result = runInChild({ file }, "wait", { signal: controller.signal, onProgress: () => controller.abort() });
  await expect(result).resolves.toBe("saved");
  await expect(runInChild({ file }, "wait", { signal: controller.signal })).resolves.toBe("saved");
});

test("turns: never more than so many at once, all of them, errors after those under way", async () => {
  let atOnce = 0;
  let most = 0;
  const done: number[] = [];
  const work = async (item: number) => {
    most = Math.max(most, ++atOnce);
    await new Promise((resolve) => setTimeout(resolve, item % 3));
    atOnce--;
    if (item === 99) throw new Error("no");
    done.push(item);
  };
  const items = Array.from({ length: 10 }, (_, i) => i);
  await inTurns(items, 3, work);
  expect({ most, atOnce }).toEqual({ most: 3, atOnce: 0 });
  expect(done.sort((a, b) => a - b)).toEqual(items);
  done.length = 0;
  await expect(inTurns([1, 99, 2, 3, 4, 5, 6, 7, 8], 2, work)).rejects.toThrow("no");
  expect(atOnce).toBe(0);
  expect(done.length).toBeLessThan(8);
  await inTurns([1, 2], 2, work, AbortSignal.abort());
  expect(done).not.toContain(8);
});
