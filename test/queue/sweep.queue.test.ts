/** A sweep over a queue, while everything goes wrong that can: every file equals that of the sweep on one machine. */
import * as fs from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { RandomStream } from "../../src/random/stream.ts";
import { ascent, startAscent, temporaryFolder, until } from "../cli/support.ts";
import { Cable, fingerprint, freePort, RedisServer, Workers } from "./support.ts";

const folder = temporaryFolder();
const sweep = {
  algorithm: "reinforce",
  environments: ["CartPole-v1"],
  steps: 12_000,
  seeds: [3, 4],
  trials: 5,
  evaluationEpisodes: 3,
  settings: { hidden: [8] },
  space: { learningRate: { logUniform: [1e-4, 1e-1] }, baseline: { choice: ["none", "mean"] } },
  sampler: { kind: "tpe", startupTrials: 2, candidates: 4 },
  pruner: { kind: "asha", eta: 2 },
  parallel: 2,
};
let server: RedisServer;
let workers: Workers;
let undisturbed: Record<string, string>;

beforeAll(async () => {
  fs.writeFileSync(join(folder, "sweep.json"), JSON.stringify(sweep));
  server = new RedisServer(join(folder, "redis"), await freePort());
  await server.start();
  expect(ascent(folder, "sweep", "sweep.json", "--out", "alone", "--quiet")).toMatchObject({ code: 0 });
  undisturbed = fingerprint(join(folder, "alone"));
}, 120_000);
afterEach(() => workers?.kill());
afterAll(async () => {
  await server.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const start = (name: string, url = server.url) =>
  startAscent(folder, "sweep", "sweep.json", "--out", name, "--queue", url);
const runsDone = (name: string) => {
  const trials = join(folder, name, "trials");
  if (!fs.existsSync(trials)) return 0;
  return fs.readdirSync(trials, { recursive: true }).filter((file) => String(file).endsWith("summary.json")).length;
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("two workers: the same files; they end with the sweep, and nothing is left on the server", async () => {
  workers = new Workers(folder, server.url);
  workers.start();
  workers.start();
  const run = await start("two").finished;
  expect(run).toMatchObject({ code: 0 });
  expect(run.stderr).toMatch(new RegExp(`runs are given out at redis://127\\.0\\.0\\.1:${server.port}\\n`));
  await workers.ended();
  expect(fingerprint(join(folder, "two"))).toEqual(undisturbed);
});

const kills = Number(process.env["ASCENT_KILLS"] ?? 8);
test(`${kills} kills of random workers: no run is lost, no byte differs`, async () => {
  workers = new Workers(folder, server.url);
  for (let i = 0; i < 3; i++) workers.start();
  const random = new RandomStream(5, 2000);
  const { finished } = start("killed");
  let ended = false;
  const run = finished.then((result) => {
    ended = true;
    return result;
  });
  let killed = 0;
  while (killed < kills && !ended) {
    await pause(random.uniformBetween(100, 1200));
    workers.replace(random.integer(workers.living.length));
    killed++;
  }
  expect(await run).toMatchObject({ code: 0 });
  expect(fingerprint(join(folder, "killed"))).toEqual(undisturbed);
});

test("a worker that is paused loses its run to another, and does no harm when it wakes", async () => {
  workers = new Workers(folder, server.url);
  const sleeping = workers.start();
  const { finished } = start("paused");
  await until(() => fs.existsSync(join(folder, "work-0")) && fs.readdirSync(join(folder, "work-0")).length > 0);
  sleeping.child.kill("SIGSTOP");
  workers.start();
  await until(() => runsDone("paused") >= 2);
  sleeping.child.kill("SIGCONT");
  expect(await finished).toMatchObject({ code: 0 });
  expect(fingerprint(join(folder, "paused"))).toEqual(undisturbed);
});

test("the server is killed and started anew: workers and sweep go on", async () => {
  workers = new Workers(folder, server.url);
  workers.start();
  workers.start();
  const { finished } = start("restarted");
  await until(() => runsDone("restarted") >= 1);
  await server.stop("SIGKILL");
  await pause(1500);
  await server.start();
  expect(await finished).toMatchObject({ code: 0 });
  expect(fingerprint(join(folder, "restarted"))).toEqual(undisturbed);
});

test("a worker that is cut off from the server: another does its run; mended, it works again", async () => {
  const cable = await Cable.to(server.port);
  workers = new Workers(folder, cable.url);
  workers.start();
  const { finished } = start("cut");
  await until(() => runsDone("cut") >= 1);
  cable.cut();
  await pause(3000);
  const others = new Workers(join(folder), server.url);
  others.start();
  await until(() => runsDone("cut") >= 3);
  cable.mend();
  expect(await finished).toMatchObject({ code: 0 });
  others.kill();
  cable.close();
  expect(fingerprint(join(folder, "cut"))).toEqual(undisturbed);
});

test("the sweep itself is killed and goes on: what workers did meanwhile is fetched", async () => {
  workers = new Workers(folder, server.url, ["--lock", "1000", "--jobs", "1", "--keep"]);
  workers.start();
  const { child, finished } = start("orphaned");
  await until(() => runsDone("orphaned") >= 1);
  child.kill("SIGKILL");
  await finished;
  await pause(1500);
  const resumed = ascent(folder, "sweep", "--out", "orphaned", "--resume", "--queue", server.url, "--quiet");
  expect(resumed).toMatchObject({ code: 0 });
  expect(fingerprint(join(folder, "orphaned"))).toEqual(undisturbed);
});

test("Ctrl-C at a worker gives its run back", async () => {
  workers = new Workers(folder, server.url);
  const first = workers.start();
  const { finished } = start("returned");
  await until(() => fs.readdirSync(folder).some((name) => name.startsWith("work-0")) && runsDone("returned") >= 1);
  first.child.kill("SIGINT");
  const ended = await first.finished;
  expect(ended).toMatchObject({ code: 130 });
  expect(ended.stderr).toContain("giving it back");
  workers.start();
  expect(await finished).toMatchObject({ code: 0 });
  expect(fingerprint(join(folder, "returned"))).toEqual(undisturbed);
});

test("settings that cannot be run fail their trial there too", async () => {
  const space = { learningRate: { choice: [1e38, 1e-3] } };
  const failing = { ...sweep, space, sampler: "grid", pruner: "none", steps: 2000, seeds: 1 };
  fs.writeFileSync(join(folder, "failing.json"), JSON.stringify(failing));
  workers = new Workers(folder, server.url);
  workers.start();
  const words = ["sweep", "failing.json", "--out", "failing", "--queue", server.url, "--json"];
  const run = await startAscent(folder, ...words).finished;
  expect(run.code).toBe(0);
  const states = JSON.parse(run.stdout).trials.map(({ state }: { state: string }) => state);
  expect(states).toEqual(["failed", "complete"]);
  expect(fs.readFileSync(join(folder, "failing/trials/0000/CartPole-v1-0/failure.json"), "utf8")).toMatch(/finite/);
});
