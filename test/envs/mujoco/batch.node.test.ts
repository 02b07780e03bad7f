/** Many instances on one thread: their contract, memory that grows beneath them, states that resume, and what goes wrong. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { checkEnvironment, environmentSpec, makeBatched, prepareEnvironment } from "../../../src/envs/index.ts";
import { engineFor, loadEngine } from "../../../src/envs/mujoco/engine.ts";
import { Physics } from "../../../src/envs/mujoco/physics.ts";
import { sampleFlat } from "../../../src/envs/spaces.ts";
import { AscentError } from "../../../src/errors.ts";
import { halfCheetah, hopper, models, mujocoSpec, walker2d } from "../../../src/mujoco/index.ts";
import { RandomStream } from "../../../src/random/index.ts";

type Batch = ReturnType<typeof makeBatched>;
const ids = Object.keys(models);

beforeAll(async () => {
  expect(() => environmentSpec("HalfCheetah-v5").make(1)).toThrow(/await prepareEnvironment\("HalfCheetah-v5"\)/i);
  await prepareEnvironment("HalfCheetah-v5");
});

function act(batch: Batch, random: RandomStream): void {
  const actions = new Float32Array(batch.count * batch.actionSize);
  for (let i = 0; i < batch.count; i++) sampleFlat(batch.actionSpace, random, actions, i * batch.actionSize);
  batch.step(actions);
}

/** All that a batch gave over some steps, as text. */
function traceOf(batch: Batch, steps: number, random = new RandomStream(3, 77)): string[] {
  return Array.from({ length: steps }, () => {
    act(batch, random);
    return [...(batch.exactObservations ?? []), ...batch.rewards, ...batch.terminated, ...batch.truncated].join();
  });
}

test.each(ids)("%s keeps to the contract", (id) => {
  expect(checkEnvironment(() => environmentSpec(id).makeSingle(), { steps: 12 })).toEqual([]);
});

describe("a batch", () => {
  test("plays as its environments do alone, and episodes start anew within the step they end in", () => {
    const batch = makeBatched("Hopper-v5", 3);
    batch.reset(4);
    const starts = batch.observations.slice();
    const random = new RandomStream(1, 77);
    let ended = 0;
    for (let t = 0; t < 60; t++) {
      act(batch, random);
      for (let i = 0; i < 3; i++) {
        if (batch.terminated[i] === 0) continue;
        ended++;
        const [first, last] = [batch.observations, batch.finalObservations].map((rows) =>
          rows.slice(11 * i, 11 * (i + 1)),
        );
        expect(first).not.toEqual(last);
        expect(first).not.toEqual(starts.slice(11 * i, 11 * (i + 1)));
        // Standing upright again, near 1.25.
        expect(Math.abs(first[0] - 1.25)).toBeLessThan(0.0051);
        expect(batch.infos?.[i]).toMatchObject({ xPosition: expect.any(Number) });
        expect(batch.finalInfos?.[i]).toMatchObject({ rewardSurvive: 0 });
      }
    }
    expect(ended).toBeGreaterThan(3);
    batch.close?.();
  });

  test("an episode starts alike however many stand beside it, and no two alike", () => {
    const [few, many] = [makeBatched("Reacher-v5", 2), makeBatched("Reacher-v5", 5)];
    for (const batch of [few, many]) batch.reset(9);
    expect(many.observations.slice(0, 20)).toEqual(few.observations);
    const rows = Array.from({ length: 5 }, (_, i) => many.observations.slice(10 * i, 10 * i + 10).join());
    expect(new Set(rows).size).toBe(5);
    const before = few.observations.slice();
    traceOf(few, 50);
    expect([...few.truncated]).toEqual([1, 1]);
    expect(few.observations).not.toEqual(before);
    for (const batch of [few, many]) batch.close?.();
  });

  test("infos hold the parts of the reward", () => {
    for (const [id, parts] of [
      ["HalfCheetah-v5", ["rewardForward", "rewardCtrl"]],
      ["Ant-v5", ["rewardForward", "rewardCtrl", "rewardContact", "rewardSurvive"]],
      ["Humanoid-v5", ["rewardForward", "rewardCtrl", "rewardContact", "rewardSurvive"]],
      ["Pusher-v5", ["rewardDist", "rewardCtrl", "rewardNear"]],
      ["InvertedDoublePendulum-v5", ["rewardSurvive", "distancePenalty", "velocityPenalty"]],
    ] as const) {
      const batch = makeBatched(id, 1);
      batch.reset(0);
      act(batch, new RandomStream(0, 77));
      const info = batch.infos?.[0] as Record<string, number>;
      expect(parts.reduce((sum, part) => sum + info[part], 0)).toBeCloseTo(batch.rewards[0], 12);
      batch.close?.();
    }
  });

  test("is refused bad actions, calls before reset and states of others", () => {
    const batch = makeBatched("HalfCheetah-v5", 2);
    expect(() => batch.step(new Float32Array(12))).toThrow(/before reset/);
    expect(() => batch.saveState()).toThrow(/before reset/);
    batch.reset(0);
    expect(() => batch.step(new Float32Array(11))).toThrow(/wrong length/);
    const actions = new Float32Array(12);
    actions[7] = Number.NaN;
    expect(() => batch.step(actions)).toThrow(/environment 1 cannot take the action at step 0.*NaN/);
    const other = makeBatched("HalfCheetah-v5", 1);
    other.reset(0);
    expect(() => batch.loadState(other.saveState())).toThrow(/wrong length/);
    expect(() => batch.loadState({ id: "Hopper-v5" })).toThrow(/not a saved state/);
    for (const one of [batch, other]) one.close?.();
  });
});

describe("options", () => {
  const rewardOf = (task: ReturnType<typeof halfCheetah>, force: number) => {
    const batch = mujocoSpec(task).make(1);
    batch.reset(0);
    batch.step(new Float32Array(batch.actionSize).fill(force));
    const reward = batch.rewards[0];
    batch.close?.();
    return reward;
  };

  test("weights of the reward", () => {
    const costly = rewardOf(halfCheetah({ ctrlCostWeight: 1 }), 0.5);
    expect(rewardOf(halfCheetah(), 0.5) - costly).toBeCloseTo(0.9 * 6 * 0.25, 6);
    expect(rewardOf(halfCheetah({ forwardRewardWeight: 0 }), 0.5)).toBeCloseTo(-0.1 * 6 * 0.25, 6);
  });

  test("an unhealthy hopper may go on", () => {
    const falls = mujocoSpec(hopper({ terminateWhenUnhealthy: false })).make(1);
    falls.reset(0);
    const random = new RandomStream(2, 77);
    for (let t = 0; t < 60; t++) act(falls, random);
    expect(falls.terminated[0]).toBe(0);
    expect(falls.infos?.[0]).toMatchObject({ rewardSurvive: 0 });
    falls.close?.();
  });

  test("the healthy range", () => {
    const strict = mujocoSpec(walker2d({ healthyZRange: [1.26, 2] })).make(1);
    strict.reset(0);
    strict.step(new Float32Array(6));
    expect(strict.terminated[0]).toBe(1);
    strict.close?.();
  });

  test("the position may be seen, and noise be left out", () => {
    const batch = mujocoSpec(halfCheetah({ excludeCurrentPositionsFromObservation: false, resetNoiseScale: 0 })).make(
      1,
    );
    expect(batch.observationSize).toBe(18);
    batch.reset(0);
    expect([...batch.observations]).toEqual(new Array(18).fill(0));
    batch.close?.();
  });

  test("an unknown one, and one of another kind", () => {
    expect(() => hopper({ ctrlCost: 1 } as object)).toThrow(/no option "ctrlCost".*ctrlCostWeight/);
    expect(() => hopper({ healthyZRange: [2, 1] })).toThrow(/healthyZRange.*low ≤ high/);
  });
});

describe("memory", () => {
  test("views survive its growth: thousands of data are made while others move", () => {
    const alone = makeBatched("InvertedPendulum-v5", 1);
    alone.reset(1);
    const expected = traceOf(alone, 40);
    const batch = makeBatched("InvertedPendulum-v5", 1);
    batch.reset(1);
    const random = new RandomStream(3, 77);
    const engine = engineFor("InvertedPendulum-v5");
    const model = engine.MjModel.from_xml_string(models["InvertedPendulum-v5"].replace("256K", "64K"));
    if (model === null) throw new Error("no model");
    const witness = new Physics(engine, model);
    const view = witness.qpos;
    const others: Physics[] = [];
    const seen: string[] = [];
    for (let t = 0; t < 40; t++) {
      for (let k = 0; k < 60; k++) others.push(new Physics(engine, model));
      seen.push(...traceOf(batch, 1, random));
    }
    expect(others).toHaveLength(2400);
    // It did grow: what was seen before is empty.
    expect(view).toHaveLength(0);
    witness.qpos[1] = 0.5;
    expect(witness.qpos[1]).toBe(0.5);
    expect(seen).toEqual(expected);
    for (const one of [...others, witness]) one.close();
    model.delete();
    for (const one of [alone, batch]) one.close?.();
  });

  test("a thousand instances fit, and each is itself", () => {
    const batch = makeBatched("HalfCheetah-v5", 1000);
    batch.reset(0);
    batch.step(new Float32Array(6000));
    const rows = Array.from({ length: 1000 }, (_, i) => batch.observations.slice(17 * i, 17 * i + 17).join());
    expect(new Set(rows).size).toBe(1000);
    batch.close?.();
  });

  test("too many are refused in words, and leave nothing behind", () => {
    const task = { ...halfCheetah(), model: models["HalfCheetah-v5"].replace("256K", "900M") };
    expect(() => mujocoSpec(task).make(4)).toThrow(/no memory for environment \d of 4.*<size memory="256K"\/>/);
    const again = makeBatched("HalfCheetah-v5", 8);
    again.reset(0);
    again.close?.();
    again.close?.();
  });
});

describe("a saved state", () => {
  test.each(["HalfCheetah-v5", "Ant-v5", "HumanoidStandup-v5", "Pusher-v5"])("%s goes on to the last bit", (id) => {
    const [original, copy] = [makeBatched(id, 2), makeBatched(id, 2)];
    original.reset(11);
    const random = new RandomStream(5, 77);
    traceOf(original, 7, random);
    const saved = JSON.parse(JSON.stringify(original.saveState()));
    copy.loadState(saved);
    expect(copy.exactObservations).toEqual(original.exactObservations);
    expect(copy.observations).toEqual(original.observations);
    const counter = random.counter;
    const expected = traceOf(original, 12, random);
    random.counter = counter;
    expect(traceOf(copy, 12, random)).toEqual(expected);
    for (const batch of [original, copy]) batch.close?.();
  });

  test("holds the solver's warm start: without it the next step differs in its last bits", () => {
    const [original, copy] = [makeBatched("Ant-v5", 1), makeBatched("Ant-v5", 1)];
    original.reset(2);
    traceOf(original, 30);
    const saved = original.saveState() as { physics: number[][] };
    const { nq, nv } = { nq: 15, nv: 14 };
    const cold = { ...saved, physics: [saved.physics[0].map((x, j) => (j > nq + nv && j <= nq + 2 * nv ? 0 : x))] };
    copy.loadState(cold);
    expect(traceOf(copy, 5)).not.toEqual(traceOf(original, 5));
    for (const batch of [original, copy]) batch.close?.();
  });
});

describe("what goes wrong", () => {
  test("diverged physics is an error that names environment, step, episode and seed, and gives the state", () => {
    const wild = { ...halfCheetah(), model: models["HalfCheetah-v5"].replace('gear="120"', 'gear="1e13"') };
    const batch = mujocoSpec(wild).make(2);
    batch.reset(21);
    const actions = new Float32Array(12);
    batch.step(actions);
    actions[6] = 1;
    let error: unknown;
    try {
      for (let t = 0; t < 5; t++) batch.step(actions);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AscentError);
    const { code, message } = error as AscentError;
    expect(code).toBe("non-finite");
    expect(message).toMatch(
      /HalfCheetah-v5: the physics diverged in environment 1 at step \d of its episode 0, seed 21/,
    );
    expect(message).toMatch(/qpos \[[-\d.e, ]+\], qvel \[[-\d.e, ]+\] under action \[1, 0, 0, 0, 0, 0\]/);
    batch.close?.();
  });

  test("contacts that find no room, which MuJoCo leaves out without a word, are an error at the episode's end", () => {
    const places = Array.from({ length: 40 }, (_, i) => [i % 8, Math.floor(i / 8)] as const);
    const balls = places.map(([x, y]) => `<body pos="${x} ${y} 1"><freejoint/><geom size="0.1"/></body>`).join("");
    const pushed = '<body pos="9 9 9"><joint name="j"/><geom size="0.1"/></body>';
    const spec = mujocoSpec({
      id: "Balls-v0",
      maxEpisodeSteps: 3,
      model: `<mujoco><size memory="110K"/><option solver="PGS" jacobian="sparse"/><worldbody>
        <geom type="plane" size="9 9 1"/>${balls}${pushed}</worldbody>
        <actuator><motor joint="j" ctrllimited="true" ctrlrange="-1 1"/></actuator></mujoco>`,
      // On the ground, each touching the next.
      start: ({ qpos }) => {
        for (const [i, [x, y]] of places.entries()) qpos.set([0.19 * x, 0.19 * y, 0.09], 7 * i);
      },
      judge: () => undefined,
    });
    const batch = spec.make(1);
    batch.reset(0);
    expect(() => traceOf(batch, 3)).toThrow(
      /contacts did not fit into the memory of environment 0.*<size memory="1M"\/>/,
    );
    batch.close?.();
  });

  test("what MuJoCo throws names the place too", () => {
    const cramped = { ...halfCheetah(), model: models["HalfCheetah-v5"].replace("256K", "2K") };
    const batch = mujocoSpec(cramped).make(1);
    expect(() => batch.reset(0)).toThrow(/MuJoCo stopped in environment 0 at step 0 .* out of memory/);
    batch.close?.();
  });

  test("a reward that is no number, and a start that is none", () => {
    const bad = mujocoSpec({ ...hopper(), judge: (_, step) => Object.assign(step, { reward: Number.NaN }) }).make(1);
    bad.reset(3);
    expect(() => bad.step(new Float32Array(3))).toThrow(
      /judge gave a bad reward in environment 0 at step 0.*seed 3: got NaN/,
    );
    const start = mujocoSpec({ ...hopper(), start: ({ qpos }) => qpos.fill(Infinity) }).make(1);
    expect(() => start.reset(0)).toThrow(/initial state is not one.*Infinity/);
    for (const batch of [bad, start]) batch.close?.();
  });

  test("a missing package gives the line that installs it, and the next try may succeed", async () => {
    const missing = () => Promise.reject(new Error("Cannot find package '@mujoco/mujoco' imported from here\nstack"));
    // The physics is loaded already in this process: of a fresh copy of the module.
    vi.resetModules();
    const fresh = await import("../../../src/envs/mujoco/engine.ts");
    await expect(fresh.loadEngine(missing)).rejects.toThrow(/npm install @mujoco\/mujoco@3\.14/);
    await expect(fresh.loadEngine(async () => ({ default: async () => ({}) }))).resolves.toBeUndefined();
    await expect(loadEngine(missing)).resolves.toBeUndefined();
  });
});

test("what is closed is freed: batches of 60 MB each fit one after the other", () => {
  const spec = mujocoSpec({ ...hopper(), model: models["Hopper-v5"].replace("256K", "60M") });
  for (let k = 0; k < 60; k++) {
    const batch = spec.make(1);
    batch.reset(k);
    batch.close?.();
  }
  const last = spec.make(1);
  expect(last.count).toBe(1);
  last.close?.();
});
