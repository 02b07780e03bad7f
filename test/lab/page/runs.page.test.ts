/** Runs of the lab in a real browser: Node's bits whatever the page does, and a message that helps when something breaks. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunSettings } from "../../../lab/runs/runSettings.ts";
import { box, discrete, type EnvironmentFactory } from "../../../src/envs/index.ts";
import { encodePolicy, train } from "../../../src/index.ts";
import type { RunsOfPage } from "./runs/main.ts";
import { type RunsPage, runsPage } from "./support/runsPage.ts";

declare const runs: RunsOfPage;

let site: RunsPage;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ascent-lab-"));
  site = await runsPage();
}, 120_000);
afterAll(async () => {
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

const small = { nEnvs: 4, nSteps: 64, hidden: [16], nEpochs: 3 };
const ppo: RunSettings = {
  ...{ algorithm: "ppo", environment: "CartPole-v1", steps: 5120, seed: 3, kernels: "simd" },
  options: small,
};

const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

/** `ascent train` with these words; the hash of what it wrote. */
function ascent(words: string, file = "policy.safetensors"): string {
  const out = join(folder, createHash("sha256").update(words).digest("hex").slice(0, 12));
  const given = [...words.split(" "), "--kernels", "simd", "--out", out, "--quiet", "--eval-episodes", "1"];
  execFileSync(process.execPath, ["dist/cli/main.js", "train", ...given]);
  return sha256(join(out, file));
}

/** Work with settings in the page; types of the wire are not gone through. */
const inPage = <Result>(page: Page, settings: RunSettings, work: (settings: RunSettings) => Promise<Result>) =>
  page.evaluate(work as (given: unknown) => Promise<Result>, settings as unknown);

const trained = (page: Page, settings: RunSettings) =>
  inPage(page, settings, (given) => runs.ending(runs.startRun(given)));

describe("a run in the page is `ascent train` in Node: the hash is sha256sum's of policy.safetensors", () => {
  test.each([
    [
      "ppo with changes",
      { ...ppo, changes: [{ atStep: 2000, options: { learningRate: 1e-4, clipRange: 0.1 } }] },
      "ppo --env CartPole-v1 --steps 5120 --seed 3 --set nEnvs=4 --set nSteps=64 --set hidden=16 --set nEpochs=3 --change 2000:learningRate=1e-4,clipRange=0.1",
    ],
    [
      "trpo with its defaults",
      { ...ppo, algorithm: "trpo", environment: "Pendulum-v1", steps: 4096, options: {} },
      "trpo --env Pendulum-v1 --steps 4096 --seed 3",
    ],
    [
      "reinforce with its preset",
      { ...ppo, algorithm: "reinforce", steps: 3000, options: { nEnvs: 4 } },
      "reinforce --env CartPole-v1 --steps 3000 --seed 3 --set nEnvs=4",
    ],
  ] as [string, RunSettings, string][])("%s", async (_, settings, words) => {
    const page = await site.open();
    expect(await trained(page, settings)).toMatchObject({ state: "finished", hash: ascent(words) });
  });

  test("a language model on a world: model.safetensors", async () => {
    const page = await site.open();
    const settings: RunSettings = { ...ppo, algorithm: "sft", environment: "reverse", steps: 128, options: {} };
    const hash = ascent("sft --world reverse --steps 128 --seed 3", "model/model.safetensors");
    expect(await trained(page, settings)).toMatchObject({ state: "finished", hash });
  });
});

describe("whatever the page does between two iterations", () => {
  test("pauses, steps, speeds, looking on, a policy and a state taken, and starting again: the same bits", async () => {
    const page = await site.open();
    const { hash } = await trained(page, ppo);
    const found = await inPage(page, ppo, async (settings) => {
      const run = runs.startRun(settings, { paused: true });
      const said: unknown[] = [run.state.value];
      run.watch(true);
      for (let i = 0; i < 3; i++) {
        run.step();
        await runs.reaches(run, "paused");
        said.push(run.history.length);
      }
      const frames: number[] = [];
      const stop = run.scene.subscribe((scene) => scene && frames.push(performance.now()));
      run.speed(20);
      run.resume();
      await runs.reaches(run, "running");
      await new Promise((resolve) => setTimeout(resolve, 500));
      said.push((await run.policy()).length > 1000);
      await run.snapshot();
      run.pause();
      await runs.reaches(run, "paused");
      const before = run.history.length;
      await new Promise((resolve) => setTimeout(resolve, 200));
      said.push(run.history.length - before);
      const slow = before;
      const rate = frames.length / ((frames[frames.length - 1] - frames[0]) / 1000);
      run.speed("full");
      run.resume();
      const first = await runs.ending(run);
      stop();
      run.watch(false);
      run.restart();
      const again = await runs.ending(run);
      return { said, slow, rate, first, again };
    });
    expect(found.said).toEqual(["paused", 1, 2, 3, true, 0]);
    // 20 a second, for about half a second.
    expect(found.slow).toBeGreaterThan(5);
    expect(found.slow).toBeLessThan(20);
    expect(found.rate).toBeLessThan(70);
    expect(found.first).toMatchObject({ hash, rows: 20, steps: 5120 });
    expect(found.again).toMatchObject({ hash, rows: 20, steps: 5120 });
  });

  test("pause and play in quick turns: it goes on, or stands, as it was last told", async () => {
    const page = await site.open();
    const { hash } = await trained(page, ppo);
    const found = await inPage(page, ppo, async (settings) => {
      const run = runs.startRun(settings, { speed: 60 });
      const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
      for (let i = 0; i < 60; i++) {
        run.pause();
        if (i % 3 === 0) await wait(i % 7);
        run.resume();
        if (i % 2 === 0) await wait(i % 5);
      }
      run.pause();
      await runs.reaches(run, "paused", "finished");
      const stood = run.state.value;
      await wait(100);
      const rows = run.history.length;
      await wait(100);
      const later = run.history.length;
      run.speed("full");
      run.resume();
      run.resume();
      return { stood, more: later - rows, ...(await runs.ending(run)) };
    });
    expect(found).toMatchObject({ hash, rows: 20, stood: "paused", more: 0 });
  });

  test("a change is recorded at its step, and the record repeats the run in Node", async () => {
    const page = await site.open();
    const { hash, changes } = await inPage(page, ppo, async (settings) => {
      const run = runs.startRun(settings, { paused: true });
      for (let i = 0; i < 2; i++) {
        run.step();
        await runs.reaches(run, "paused");
      }
      await run.change({ learningRate: 1e-5 });
      run.resume();
      return runs.ending(run);
    });
    expect(changes).toEqual([{ atStep: 512, options: { learningRate: 1e-5 } }]);
    expect(hash).toBe(
      ascent(
        "ppo --env CartPole-v1 --steps 5120 --seed 3 --set nEnvs=4 --set nSteps=64 --set hidden=16 --set nEpochs=3 --change 512:learningRate=1e-5",
      ),
    );
  });

  test("a page that was frozen goes on", async () => {
    const page = await site.open();
    const { hash } = await trained(page, ppo);
    await inPage(page, ppo, async (settings) =>
      Object.assign(globalThis, { one: runs.startRun(settings, { speed: 10 }) }),
    );
    const session = await page.context().newCDPSession(page);
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await session.send("Page.setWebLifecycleState", { state: "active" });
    const found = await page.evaluate(() => {
      const { one } = globalThis as unknown as { one: ReturnType<RunsOfPage["startRun"]> };
      one.speed("full");
      return runs.ending(one);
    });
    expect(found).toMatchObject({ hash, rows: 20 });
  });
});

test("in a hidden tab a run goes on, and the policy that acts rests", async () => {
  const page = await site.open();
  const found = await inPage(page, ppo, async (settings) => {
    const run = runs.startRun(settings, { speed: 30 });
    run.watch(true);
    let frames = 0;
    const stop = run.scene.subscribe(() => frames++);
    const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
    await runs.reaches(run, "running");
    await wait(300);
    const shown = frames;
    const turn = (value: string) => {
      Object.defineProperty(document, "visibilityState", { value, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    };
    turn("hidden");
    await wait(100);
    const [before, rows] = [frames, run.history.length];
    await wait(250);
    const [hidden, made] = [frames - before, run.history.length - rows];
    turn("visible");
    await wait(300);
    stop();
    return { shown, hidden, made, again: frames - before };
  });
  expect(found.hidden).toBe(0);
  expect(Math.min(found.shown, found.made, found.again)).toBeGreaterThan(0);
});

describe("kept in the browser", () => {
  test("a reload in mid-run, saved on the way: the same hash, and every figure", async () => {
    const page = await site.open();
    const plain = await trained(page, ppo);
    await inPage(page, ppo, async (settings) => {
      const run = runs.startRun(settings, { speed: 20 });
      const saving = runs.autosave(
        "one",
        () => "a label",
        () => [run],
        100,
      );
      await new Promise<void>((resolve) => {
        run.version.subscribe(() => run.history.length >= 6 && resolve());
      });
      // Hidden, as a tab is before it is closed.
      Object.defineProperty(document, "visibilityState", { value: "hidden" });
      document.dispatchEvent(new Event("visibilitychange"));
      await saving.save();
    });
    await page.reload();
    await page.waitForFunction(() => "runs" in globalThis);
    const [list, found] = await page.evaluate(async () => {
      const saved = await runs.savedRuns();
      const [run] = await runs.goOnWith("one");
      return [saved.map(({ id, label, runs: all }) => [id, label, all[0].steps]), await runs.ending(run)] as const;
    });
    expect(list).toHaveLength(1);
    expect(list[0].slice(0, 2)).toEqual(["one", "a label"]);
    expect(list[0][2]).toBeGreaterThanOrEqual(256 * 2);
    expect(found).toEqual(plain);
  });

  test("storage that is full or closed: a message, what was saved stays, the run goes on", async () => {
    const page = await site.open();
    const { hash } = await trained(page, ppo);
    const found = await inPage(page, ppo, async (settings) => {
      const run = runs.startRun(settings, { paused: true });
      run.step();
      await runs.reaches(run, "paused");
      await runs.saveRuns("one", "before", [run]);
      const saving = runs.autosave(
        "one",
        () => "behind",
        () => [run],
        20,
      );
      const { put } = IDBObjectStore.prototype;
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
      };
      run.step();
      await runs.reaches(run, "paused");
      await new Promise<void>((resolve) => {
        saving.problem.subscribe((problem) => problem !== undefined && resolve());
      });
      saving.stop();
      await saving.save();
      const full = saving.problem.value;
      IDBObjectStore.prototype.put = () => {
        throw new DOMException("closed", "InvalidStateError");
      };
      await saving.save();
      const closed = saving.problem.value;
      IDBObjectStore.prototype.put = put;
      const [kept] = await runs.savedRuns();
      await saving.save();
      const mended = saving.problem.value;
      run.resume();
      const end = await runs.ending(run);
      await runs.forgetRuns("one");
      const gone = await runs.goOnWith("one").catch((error: Error) => error.message);
      return { full, closed, kept: kept.label, mended, end, gone };
    });
    expect(found.full).toMatch(/storage is full: got The quota .*Forget saved runs.*The runs go on/);
    expect(found.closed).toMatch(/could not be saved here: got closed.*Private windows/);
    expect([found.kept, found.mended]).toEqual(["before", undefined]);
    expect(found.end.hash).toBe(hash);
    expect(found.gone).toMatch(/no saved runs of this name any more/);
  });
});

describe("what breaks says what to do, and the last state stays", () => {
  /** Five steps to the right; throws, or never ends, at the step that `at` says. */
  const corridor = (at: number, what: string) => `let steps = 0;
export default () => {
  let x = 0;
  return {
    observationSpace: box({ low: -9, high: 9, shape: [1] }),
    actionSpace: discrete(2),
    reset: () => { x = 0; return { observation: [x] }; },
    step: (action) => {
      x += action === 1 ? 1 : -1;
      if (++steps === ${at}) ${what};
      return { observation: [x], reward: x, terminated: x > 4 || x < -4, truncated: false };
    },
    saveState: () => x,
    loadState: (state) => { x = state; },
  };
};`;
  const own = (source: string): RunSettings => ({
    ...ppo,
    ...{ environment: "Corridor-v0", environmentOptions: { maxEpisodeSteps: 20 }, source, steps: 2048 },
  });

  test("an environment of one's own trains, with the bits that it has in Node", async () => {
    const page = await site.open();
    const found = await trained(page, own(corridor(-1, "0")));
    const make: EnvironmentFactory = () => {
      let x = 0;
      return {
        observationSpace: box({ low: -9, high: 9, shape: [1] }),
        actionSpace: discrete(2),
        reset: () => {
          x = 0;
          return { observation: [x] };
        },
        step: (action) => {
          x += action === 1 ? 1 : -1;
          return { observation: [x], reward: x, terminated: x > 4 || x < -4, truncated: false };
        },
        saveState: () => x,
        loadState: (state) => {
          x = state as number;
        },
      };
    };
    const { learner } = await train("ppo", {
      ...{ environment: make, environmentOptions: { id: "Corridor-v0", maxEpisodeSteps: 20 } },
      ...{ options: small, seed: 3, steps: 2048, kernels: "simd" },
    });
    const hash = createHash("sha256").update(encodePolicy(learner.policy())).digest("hex");
    expect(found).toMatchObject({ state: "finished", hash });
  });

  test("one that throws: its own words; a state from before goes on", async () => {
    const page = await site.open();
    const found = await inPage(page, own(corridor(1000, 'throw new Error("the floor is wet")')), async (settings) => {
      const run = runs.startRun(settings, { keepEvery: 0 });
      const { error, state } = await runs.ending(run);
      return { error, state, kept: run.kept?.steps, bytes: (await run.snapshot()).length, rows: run.history.length };
    });
    expect(found.state).toBe("failed");
    expect(found.error).toMatch(/the floor is wet.*It comes from line 10 of the environment's text/);
    expect(found.kept).toBeGreaterThan(0);
    expect(found.rows).toBeGreaterThan(0);
    expect(found.bytes).toBeGreaterThan(1000);
  });

  test("and from that state it goes on, as often as it fails, to the bits of one that never did", async () => {
    const page = await site.open();
    const { hash } = await trained(page, own(corridor(-1, "0")));
    const found = await inPage(page, own(corridor(1000, 'throw new Error("again")')), async (settings) => {
      const run = runs.startRun(settings, { keepEvery: 0 });
      let failures = 0;
      while ((await runs.reaches(run, "failed", "finished")) === "failed") {
        failures++;
        run.recover();
      }
      return { failures, ...(await runs.ending(run)) };
    });
    expect(found).toMatchObject({ hash, steps: 2048, rows: 8, error: undefined });
    expect(found.failures).toBeGreaterThan(1);
  });

  test("a text that cannot be read, or makes nothing: the message names its line", async () => {
    const page = await site.open();
    const unread = await trained(page, own("export default () => {\n  const x = ;\n};"));
    expect(unread.error).toMatch(/environment's text fails in line 2: got .*SyntaxError/);
    const unmade = await trained(page, own("// A line.\n\nnothing();\nexport default () => {};"));
    expect(unmade.error).toMatch(/nothing is not defined.*line 3 of the environment's text/);
    const empty = await trained(page, own("export default () => {};"));
    expect(empty.error).toMatch(/environment/);
  });

  test("one that never ends is ended, and the page stays alive", { timeout: 90_000 }, async () => {
    const page = await site.open();
    const found = await inPage(page, own(corridor(1000, "while (true) {}")), async (settings) => {
      const run = runs.startRun(settings, { keepEvery: 0 });
      let longest = 0;
      let last = performance.now();
      const timer = setInterval(() => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      }, 5);
      const { error } = await runs.ending(run);
      clearInterval(timer);
      return { error, kept: run.kept?.steps, longest };
    });
    expect(found.error).toMatch(/says nothing any more.*no word of its worker for 15 s.*loop without an end/);
    expect(found.kept).toBeGreaterThan(0);
    expect(found.longest).toBeLessThan(1000);
  });

  test("a damaged policy to start from, and settings that cannot be: the library's words", async () => {
    const page = await site.open();
    const damaged = await inPage(page, ppo, async (settings) => {
      const run = runs.startRun(settings);
      await runs.ending(run);
      const bytes = new Uint8Array(await run.policy());
      bytes[bytes.length - 3] ^= 4;
      return runs.ending(runs.startRun(settings, { initialPolicy: bytes }));
    });
    expect(damaged.error).toMatch(/SHA-256 does not match its content/);
    const wrong = await trained(page, { ...ppo, options: { learningrate: 1 } });
    expect(wrong.error).toMatch(/Did you mean "learningRate"/);
  });

  test("no SIMD: said before anything is loaded", async () => {
    const page = await site.open("WebAssembly.validate = () => false;");
    const found = await inPage(page, ppo, async (settings) => {
      const run = runs.startRun(settings);
      return { state: run.state.value, error: run.error.value };
    });
    expect(found.state).toBe("failed");
    expect(found.error).toMatch(/cannot train: got WebAssembly without SIMD.*newer browser/);
  });
});

describe("groups", () => {
  test("sixteen seeds over the pool: so many at a time, each with its own bits, one band", {
    timeout: 120_000,
  }, async () => {
    const page = await site.open();
    const found = await inPage(page, ppo, async ({ seed: _, ...settings }) => {
      const seeds = Array.from({ length: 16 }, (_, i) => i);
      const group = runs.startGroup({ ...settings, steps: 1024 }, seeds);
      let most = 0;
      const stops = group.runs.map(({ state }) =>
        state.subscribe(() => {
          const going = group.runs.filter((run) => ["starting", "running"].includes(run.state.peek())).length;
          most = Math.max(most, going);
        }),
      );
      const ends = await Promise.all(group.runs.map((run) => runs.ending(run)));
      for (const stop of stops) stop();
      const { steps, n, low, mean, high } = group.band("episodeReturn");
      return {
        most,
        places: navigator.hardwareConcurrency - 1,
        hashes: ends.map(({ hash }) => hash),
        steps,
        n,
        low,
        mean,
        high,
      };
    });
    expect(found.most).toBe(Math.max(1, Math.min(8, found.places)));
    expect(new Set(found.hashes).size).toBe(16);
    expect(found.steps.at(-1)).toBe(1024);
    expect(found.n.at(-1)).toBe(16);
    expect(found.low.at(-1)).toBeLessThan(found.mean.at(-1)!);
    expect(found.high.at(-1)).toBeGreaterThan(found.mean.at(-1)!);
  });

  test("a change holds from the same step in all of them; the difference is that of pairs", {
    timeout: 120_000,
  }, async () => {
    const page = await site.open();
    const found = await inPage(page, ppo, async ({ seed: _, ...settings }) => {
      const a = runs.startGroup(settings, [1, 2, 3], { paused: true });
      const b = runs.startGroup(settings, [1, 2, 3]);
      a.runs[1].step();
      await runs.reaches(a.runs[1], "paused");
      const changes = await a.change({ entCoef: 0.05 });
      a.resume();
      await Promise.all([...a.runs, ...b.runs].map((run) => runs.ending(run)));
      const difference = runs.pairedDifference(a, b, "entropy");
      return { changes, all: a.runs.map((run) => run.settings.changes), difference };
    });
    expect(found.changes).toEqual([{ atStep: 256, options: { entCoef: 0.05 } }]);
    expect(found.all).toEqual([found.changes, found.changes, found.changes]);
    const { mean, n, steps } = found.difference;
    expect(n.every((count) => count === 3)).toBe(true);
    // The figure of an update is taken while it learns: the first that differs is the one behind the change.
    expect(mean[0]).toBe(0);
    expect(steps[0]).toBe(256);
    expect(mean.at(-1)).not.toBe(0);
  });
});
