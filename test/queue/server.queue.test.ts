/** What is said of a server that cannot be used, or should be set otherwise; passwords are never shown. */
import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ascent, startAscent, temporaryFolder } from "../cli/support.ts";
import { freePort, RedisServer } from "./support.ts";

const folder = temporaryFolder();
let server: RedisServer;
beforeAll(async () => {
  const settings = ["--requirepass", "sesame", "--maxmemory-policy", "allkeys-lru", "--appendonly", "no", "--save", ""];
  server = new RedisServer(join(folder, "redis"), await freePort(), settings);
  await server.start();
});
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

test.each(["redis://:wrong-secret@127.0.0.1:PORT", "redis://127.0.0.1:PORT"])("%s is refused", (url) => {
  const run = ascent(folder, "worker", "--queue", url.replace("PORT", `${server.port}`));
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(
    /The queue's server at redis:\/\/.*127\.0\.0\.1:\d+ cannot be used: got .*(WRONGPASS|NOAUTH)/,
  );
  expect(run.stderr).not.toContain("wrong-secret");
});

test("where nothing listens, that is said at once", async () => {
  const run = ascent(folder, "worker", "--queue", `redis://:sesame@127.0.0.1:${await freePort()}`);
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/cannot be used: got .*ECONNREFUSED/);
  expect(run.stderr).not.toContain("sesame");
});

test("eviction and missing persistence are pointed out, the password is not shown, and Ctrl-C ends it", async () => {
  const worker = startAscent(folder, "worker", "--queue", `redis://:sesame@127.0.0.1:${server.port}`);
  let said = "";
  worker.child.stderr!.on("data", (text: Buffer) => {
    said += text;
    if (said.includes("keeps nothing on its disk")) worker.child.kill("SIGINT");
  });
  const { code, stderr } = await worker.finished;
  expect(code).toBe(130);
  expect(stderr).toContain(`working for redis://:***@127.0.0.1:${server.port}`);
  expect(stderr).toContain("maxmemory-policy allkeys-lru");
  expect(stderr).toContain("keeps nothing on its disk");
  expect(stderr).not.toContain("sesame");
});
