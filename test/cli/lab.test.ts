/** `ascent lab` prints where the page is, serves it, and ends by Ctrl-C like every command. */
import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { ascentHere, type Running, startAscent, temporaryFolder, until } from "./support.ts";

const folder = temporaryFolder();
const built = fileURLToPath(new URL("../../dist/lab", import.meta.url));
const isBuilt = fs.existsSync(`${built}/index.html`);
let running: Running | undefined;

beforeAll(() => {
  // The page's own suite builds it; here a page of one line will do.
  if (isBuilt) return;
  fs.mkdirSync(built, { recursive: true });
  fs.writeFileSync(`${built}/index.html`, "<title>Ascent: the lab</title>");
});
afterEach(() => running?.child.kill("SIGKILL"));
afterAll(() => {
  if (!isBuilt) fs.rmSync(built, { recursive: true });
  fs.rmSync(folder, { recursive: true });
});

/** The first line that it prints. */
async function line({ child }: Running): Promise<string> {
  let text = "";
  child.stdout?.on("data", (data) => {
    text += data;
  });
  await until(() => text.includes("\n"));
  return text.trim();
}

describe("lab", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("serves the page until %s", async (signal, code) => {
    running = startAscent(folder, "lab", "--port", "0");
    const said = await line(running);
    expect(said).toMatch(/^http:\/\/localhost:\d+\/ {2}\(Ctrl-C ends it\)$/);
    const page = await fetch(said.split(" ")[0]);
    expect(await page.text()).toContain("<title>Ascent: the lab</title>");
    running.child.kill(signal);
    expect(await running.finished).toMatchObject({ code, stderr: "" });
  });

  test.each(["x", "-1", "65536", "1.5"])("--port %s is refused", async (port) => {
    const { code, stderr } = await ascentHere(folder, "lab", `--port=${port}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(/Expected a whole number from 0 to 65535/);
  });

  test("a host that is not this machine's is refused in words", async () => {
    const { code, stderr } = await ascentHere(folder, "lab", "--port", "0", "--host", "192.0.2.1");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ascent: could not serve at port 0 of 192.0.2.1: .* Give a --host of this machine/);
  });
});
