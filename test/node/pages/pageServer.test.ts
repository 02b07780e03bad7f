/** Pages are served from their folder, with their types and policy, and nothing beside it; what cannot be served is said. */
import * as fs from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AscentError } from "../../../src/errors.ts";
import { CONTENT_SECURITY_POLICY, type PageServer, servePages } from "../../../src/node/pages/pageServer.ts";

const outer = fs.mkdtempSync(join(tmpdir(), "ascent-pages-"));
const folder = join(outer, "lab");
let server: PageServer;

beforeAll(async () => {
  fs.mkdirSync(join(folder, "assets"), { recursive: true });
  fs.writeFileSync(join(folder, "index.html"), "<p>lab</p>");
  fs.mkdirSync(join(folder, "below"));
  fs.writeFileSync(join(folder, "below/index.html"), "<p>below</p>");
  fs.writeFileSync(join(folder, "play.html"), "<p>play</p>");
  fs.writeFileSync(join(folder, "assets/a b.js"), "export {};");
  fs.writeFileSync(join(folder, "kernels.wasm"), "asm");
  fs.writeFileSync(join(outer, "secret.txt"), "not to be read");
  fs.symlinkSync(join(outer, "secret.txt"), join(folder, "link.txt"));
  server = await servePages({
    folder,
    routes: {
      "data.json": (url) => ({ type: "application/json", body: JSON.stringify(url.searchParams.get("n")) }),
      "broken.json": () => {
        throw new AscentError("file", { what: "a file is gone", fix: "Put it back." });
      },
      "none.json": () => undefined,
    },
  });
});

afterAll(async () => {
  await server.close();
  fs.rmSync(outer, { recursive: true });
});

const get = async (path: string, init?: RequestInit) => {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, init);
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    headers: response.headers,
    text: await response.text(),
  };
};

/** What `fetch` would tidy up before it sends it. */
function raw(line: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(server.port, "127.0.0.1", () =>
      socket.write(`${line}\r\nHost: a\r\nConnection: close\r\n\r\n`),
    );
    let text = "";
    socket.on("data", (data) => {
      text += data;
    });
    socket.on("close", () => resolve(text));
  });
}

describe("files", () => {
  test.each([
    ["/", "<p>lab</p>", "text/html; charset=utf-8"],
    ["/index.html", "<p>lab</p>", "text/html; charset=utf-8"],
    ["/index.html?v=1", "<p>lab</p>", "text/html; charset=utf-8"],
    ["/below/", "<p>below</p>", "text/html; charset=utf-8"],
    ["/assets/a%20b.js", "export {};", "text/javascript; charset=utf-8"],
    ["/kernels.wasm", "asm", "application/wasm"],
  ])("%s", async (path, text, type) => {
    expect(await get(path)).toMatchObject({ status: 200, text, type });
  });

  test("every answer carries the policy that the pages keep", async () => {
    for (const path of ["/", "/nothing"]) {
      const { headers } = await get(path);
      expect(headers.get("content-security-policy")).toBe(CONTENT_SECURITY_POLICY);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe-eval(?<!wasm-unsafe-eval)/);
  });

  test.each([
    "/nothing.js",
    "/assets",
    "/assets/",
    "/link.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/none.json",
  ])("%s is not found", async (path) => {
    const { status, text } = await get(path);
    expect([status, text.includes("not to be read")]).toEqual([404, false]);
  });

  test.each([
    ["GET /../secret.txt HTTP/1.1", /404/],
    ["GET //../secret.txt HTTP/1.1", /40[04]/],
    ["GET /%00 HTTP/1.1", /400/],
    ["GET /%ff HTTP/1.1", /400/],
  ])("%s", async (line, status) => {
    const answer = await raw(line);
    expect(answer).toMatch(status);
    expect(answer).not.toContain("not to be read");
  });

  test("HEAD has the length and no text; nothing is taken", async () => {
    const head = await get("/", { method: "HEAD" });
    expect([head.status, head.headers.get("content-length"), head.text]).toEqual([200, "10", ""]);
    expect((await get("/", { method: "POST", body: "x" })).status).toBe(405);
  });
});

describe("routes", () => {
  test("answers are made when asked for, with the address' question", async () => {
    expect(await get("/data.json?n=5")).toMatchObject({ status: 200, text: '"5"', type: "application/json" });
  });

  test("one that fails says why, and the server goes on", async () => {
    expect(await get("/broken.json")).toMatchObject({ status: 500, text: "a file is gone. Put it back.\n" });
    expect((await get("/")).status).toBe(200);
  });

  test("names that objects have anyway are no routes", async () => {
    expect((await get("/constructor")).status).toBe(404);
  });

  test("another page of the folder can be the first one", async () => {
    const other = await servePages({ folder, index: "play.html" });
    expect(await (await fetch(other.address)).text()).toBe("<p>play</p>");
    await other.close();
  });
});

describe("what cannot be served", () => {
  test("a port that is taken", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    await expect(servePages({ folder, port })).rejects.toThrow(
      new RegExp(
        `could not serve at port ${port} of 127.0.0.1: got a port that another program has. Give another --port`,
      ),
    );
    await new Promise((resolve) => taken.close(resolve));
  });

  test("an address of another machine", async () => {
    await expect(servePages({ folder, host: "192.0.2.1" })).rejects.toThrow(/does not have. Give a --host/);
  });
});

test("closing ends connections that wait", async () => {
  const other = await servePages({ folder });
  const socket = connect(other.port, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.resume();
  await other.close();
  await ended;
});
