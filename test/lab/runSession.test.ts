/** What the worker of a run does, without a worker: the library's own bits, whatever the page does between two iterations. */
import { describe, expect, test } from "vitest";
import { hashOf } from "../../lab/runs/hash.ts";
import { Pool, placesHere } from "../../lab/runs/pool.ts";
import { PROTOCOL, type RunReply, type RunRequest } from "../../lab/runs/protocol.ts";
import type { RunSettings } from "../../lab/runs/runSettings.ts";
import { languageRun } from "../../lab/runs/worker/languageRun.ts";
import { policyRun } from "../../lab/runs/worker/policyRun.ts";
import { Session } from "../../lab/runs/worker/session.ts";
import { encodePolicy, train } from "../../src/index.ts";

const options = { nEnvs: 2, nSteps: 32, hidden: [8], nEpochs: 2, batchSize: 32 };
const settings: RunSettings = {
  algorithm: "ppo",
  environment: "CartPole-v1",
  steps: 512,
  seed: 3,
  options,
  kernels: "simd",
};

type Reply<Kind extends RunReply["kind"]> = Extract<RunReply, { kind: Kind }>;

/** A session with everything that it said, and somebody who waits for some of it. */
function session(given: RunSettings = settings, start: Partial<Extract<RunRequest, { kind: "start" }>> = {}) {
  const said: RunReply[] = [];
  let look = () => {};
  const made = new Session(
    (reply) => {
      // What is transferred is the page's: a copy, so that it can be looked at here.
      said.push(structuredClone(reply));
      look();
    },
    (one, from) => ("algorithm" in one && one.algorithm === "sft" ? languageRun(one, from) : policyRun(one, from)),
  );
  const ask = (request: RunRequest) => made.take(request);
  ask({ kind: "start", version: PROTOCOL, settings: given, speed: "full", keepEvery: 1e9, ...start });
  return {
    said,
    ask,
    /** The next of this kind behind what was taken before. */
    next<Kind extends RunReply["kind"]>(kind: Kind, count = 1): Promise<Reply<Kind>> {
      return new Promise((resolve, reject) => {
        look = () => {
          const found = said.filter((reply) => reply.kind === kind);
          if (found.length >= count) resolve(found[count - 1] as Reply<Kind>);
          const failed = said.find((reply) => reply.kind === "failed");
          if (failed !== undefined && kind !== "failed") reject(new Error(failed.message));
        };
        look();
      });
    },
    rows: () => said.reduce((sum, reply) => sum + (reply.kind === "iterations" ? reply.rows : 0), 0),
  };
}

async function inNode(given: RunSettings = settings): Promise<string> {
  const { environment, steps, seed, options, kernels, changes } = given;
  const { learner } = await train("ppo", { environment, steps, seed, options, kernels, changes });
  return hashOf(encodePolicy(learner.policy()));
}

describe("a session", () => {
  test("gives the bits of train, and every figure of every iteration", async () => {
    const run = session();
    expect((await run.next("paused")).steps).toBe(0);
    run.ask({ kind: "resume" });
    const { hash, policy, steps } = await run.next("finished");
    expect([hash, steps]).toEqual([await inNode(), 512]);
    expect(hashOf(policy)).toBe(hash);
    expect(run.rows()).toBe(8);
    const [{ names }] = run.said.filter((reply) => reply.kind === "columns");
    const values = run.said.flatMap((reply) => (reply.kind === "iterations" ? [...reply.values] : []));
    expect(values.length).toBe(8 * names.length);
    expect(values.filter((_, i) => i % names.length === names.indexOf("steps"))).toEqual(
      Array.from({ length: 8 }, (_, i) => 64 * (i + 1)),
    );
  });

  test("steps, pauses, a policy and a snapshot taken, somebody who looks: no bit is another", async () => {
    const run = session();
    await run.next("paused");
    run.ask({ kind: "watch", on: true });
    run.ask({ kind: "step" });
    expect((await run.next("paused", 2)).steps).toBe(64);
    run.ask({ kind: "bytes", id: 1, of: "policy" });
    run.ask({ kind: "bytes", id: 2, of: "snapshot" });
    const scene = await run.next("scene");
    expect(scene.scene.words).toMatch(/cart|pole/i);
    run.ask({ kind: "speed", speed: 100 });
    run.ask({ kind: "resume" });
    const { hash } = await run.next("finished");
    run.ask({ kind: "watch", on: false });
    expect(hash).toBe(await inNode());
  });

  test("goes on from a snapshot, bit for bit, across a change", async () => {
    const changes = [{ atStep: 250, options: { learningRate: 1e-4, clipRange: 0.1 } }];
    const changed = { ...settings, changes };
    const first = session(changed);
    for (let i = 1; i <= 5; i++) {
      await first.next("paused", i);
      first.ask({ kind: "step" });
    }
    await first.next("paused", 6);
    first.ask({ kind: "bytes", id: 7, of: "snapshot" });
    const { bytes } = await first.next("bytes");
    const second = session(changed, { from: bytes });
    expect((await second.next("started")).facts.steps).toBe(320);
    second.ask({ kind: "resume" });
    expect((await second.next("finished")).hash).toBe(await inNode(changed));
    await expect(session({ ...settings, seed: 4 }, { from: bytes }).next("finished")).rejects.toThrow(
      /saved state is of a run with other settings/,
    );
    await expect(session(settings, { from: bytes.slice(0, 500) }).next("finished")).rejects.toThrow(
      /SHA-256|safetensors|header/,
    );
  });

  test("a change while it runs is recorded, and the record repeats it in Node", async () => {
    const run = session();
    await run.next("paused");
    run.ask({ kind: "step" });
    await run.next("paused", 2);
    run.ask({ kind: "change", id: 1, options: { learningRate: 1e-5 } });
    run.ask({ kind: "change", id: 2, options: { gaeLambda: 0.5 }, atStep: 200 });
    const { changes } = await run.next("changed", 2);
    expect(changes).toEqual([
      { atStep: 64, options: { learningRate: 1e-5 } },
      { atStep: 200, options: { gaeLambda: 0.5 } },
    ]);
    run.ask({ kind: "change", id: 3, options: { hidden: [3] } });
    expect((await run.next("refused")).message).toMatch(/hidden cannot change in the midst of a run/);
    run.ask({ kind: "resume" });
    expect((await run.next("finished")).hash).toBe(await inNode({ ...settings, changes }));
  });

  test("starts from a policy's file; one that is damaged is said to be", async () => {
    const run = session();
    run.ask({ kind: "resume" });
    const { policy } = await run.next("finished");
    const tuned = session(settings, { initialPolicy: policy });
    tuned.ask({ kind: "resume" });
    const { hash } = await tuned.next("finished");
    expect(hash).not.toBe(await inNode());
    policy[policy.length - 1] ^= 1;
    await expect(session(settings, { initialPolicy: policy }).next("finished")).rejects.toThrow(
      /SHA-256 does not match/,
    );
  });

  test("says what is wrong with its settings, in the library's words", async () => {
    await expect(session({ ...settings, environment: "CartPole" }).next("finished")).rejects.toThrow(/CartPole-v1/);
    await expect(session({ ...settings, options: { gama: 1 } }).next("finished")).rejects.toThrow(
      /Did you mean "gamma"/,
    );
  });

  test("sends its state on its own now and then", async () => {
    const run = session(settings, { keepEvery: 0 });
    run.ask({ kind: "resume" });
    const { bytes, steps } = await run.next("kept", 3);
    expect(steps).toBe(192);
    const { hash } = await run.next("finished");
    const again = session(settings, { from: bytes });
    again.ask({ kind: "resume" });
    expect((await again.next("finished")).hash).toBe(hash);
  });

  test("trains a language model on a world, with samples as text", async () => {
    const given = {
      algorithm: "sft",
      environment: "reverse",
      steps: 64,
      seed: 0,
      options: { batchSize: 16 },
      kernels: "simd",
    } as const;
    const run = session(given);
    run.ask({ kind: "resume" });
    const { hash, policy, snapshot } = await run.next("finished");
    const { samples } = await run.next("samples");
    expect(samples).toHaveLength(3);
    expect(samples[0].prompt.length).toBeGreaterThan(0);
    expect(Object.keys(samples[0])).toContain("reward");
    const again = session({ ...given, steps: 96 }, { from: snapshot });
    again.ask({ kind: "resume" });
    expect((await again.next("started")).facts).toMatchObject({ steps: 64, trains: "language model" });
    await again.next("finished");
    const tuned = session(given, { initialPolicy: policy });
    tuned.ask({ kind: "resume" });
    expect((await tuned.next("finished")).hash).not.toBe(hash);
    await expect(session({ ...given, changes: [{ atStep: 1, options: {} }] }).next("finished")).rejects.toThrow(
      /cannot change/,
    );
  });
});

describe("the pool", () => {
  test("so many at a time, in the order that they came; who leaves the line never begins", () => {
    const pool = new Pool(2);
    const begun: number[] = [];
    const turns = [0, 1, 2, 3, 4].map((i) => pool.take(() => void begun.push(i)));
    expect(begun).toEqual([0, 1]);
    turns[3].release();
    turns[0].release();
    turns[0].release();
    expect(begun).toEqual([0, 1, 2]);
    turns[1].release();
    turns[2].release();
    expect(begun).toEqual([0, 1, 2, 4]);
  });

  test.each([
    [1, 1],
    [2, 1],
    [4, 3],
    [64, 8],
  ])("%i processors: %i", (processors, places) => expect(placesHere(processors)).toBe(places));
});
