/**
 * The batched MuJoCo tasks beside the package itself: the same episodes, played once by the batch (actions checked, observations,
 * rewards, infos and flags written, episodes restarted) and once by nothing but the package's own calls, turn about in one process.
 * Timed in stretches of some milliseconds, of each of which the best of all rounds counts: whatever else the machine does drops out.
 * `npm run bench -- mujoco [TEXT]`: only tasks whose id holds the text.
 */
import { makeBatched, prepareEnvironment, sampleFlat } from "../src/envs/index.ts";
import { engineFor, type MujocoData } from "../src/envs/mujoco/engine.ts";
import { tasks } from "../src/envs/mujoco/tasks/index.ts";
import type { MujocoId } from "../src/envs/mujoco/tasks/taskFacts.ts";
import { RandomStream, streams } from "../src/random/index.ts";
import { atLeast } from "./workloads/levels.ts";
import { markdownTable } from "./workloads/timing.ts";

const COUNT = 8;
const ROUNDS = 20;
/** Steps timed in one go. */
const STRETCH = 1;
/** Of the package's own steps. */
const LEVEL = 0.95;

const ids = (Object.keys(tasks) as MujocoId[]).filter((id) => id.includes(process.argv[2] ?? ""));
await prepareEnvironment("HalfCheetah-v5");

interface Start {
  qpos: Float64Array;
  qvel: Float64Array;
}

/** The same instances as the batch's, moved by the package's calls alone. */
function bare(id: MujocoId, starts: readonly (readonly (Start | undefined)[])[]) {
  const engine = engineFor(id);
  const { model: mjcf, frameSkip = 1, contactForces = false } = tasks[id]();
  const model = engine.MjModel.from_xml_string(mjcf);
  if (model === null) throw new Error(`${id} does not compile`);
  const instances = Array.from({ length: COUNT }, () => new engine.MjData(model));
  // Once all memory is there.
  const views = instances.map(({ qpos, qvel, ctrl }) => ({ qpos, qvel, ctrl }));
  const start = (data: MujocoData, i: number, { qpos, qvel }: Start) => {
    engine.mj_resetData(model, data);
    views[i].qpos.set(qpos);
    views[i].qvel.set(qvel);
    engine.mj_forward(model, data);
  };
  return {
    /** Steps from … to - 1; step 0 is the first start. */
    play(actions: readonly Float32Array[], from: number, to: number): void {
      for (let t = from; t < to; t++) {
        for (let i = 0; i < COUNT; i++) {
          const data = instances[i];
          if (t > 0) {
            const { ctrl } = views[i];
            for (let j = 0; j < ctrl.length; j++) ctrl[j] = actions[t - 1][i * ctrl.length + j];
            for (let k = 0; k < frameSkip; k++) engine.mj_step(model, data);
            if (contactForces) engine.mj_rnePostConstraint(model, data);
          }
          const state = starts[t][i];
          if (state !== undefined) start(data, i, state);
        }
      }
    },
    positions: () => views.map(({ qpos }) => qpos.slice()),
    close() {
      for (const data of instances) data.delete();
      model.delete();
    },
  };
}

const rows = ids.map((id) => {
  const batch = makeBatched(id, COUNT);
  const random = new RandomStream(0, streams.user);
  const steps = id.startsWith("Humanoid") || id.startsWith("Ant") ? 100 : 250;
  const actions = Array.from({ length: steps }, () => {
    const plan = new Float32Array(COUNT * batch.actionSize);
    for (let i = 0; i < COUNT; i++) sampleFlat(batch.actionSpace, random, plan, i * batch.actionSize);
    return plan;
  });
  const play = (from: number, to: number) => {
    for (let t = from; t < to; t++) {
      if (t === 0) batch.reset(0);
      else batch.step(actions[t - 1]);
    }
  };
  // Where the batch starts episodes: a saved state says what in.
  const starts: (Start | undefined)[][] = [];
  const note = (began: (i: number) => boolean) => {
    const { physics } = batch.saveState() as { physics: number[][] };
    const { qpos, qvel } = sizes(id);
    starts.push(
      Array.from({ length: COUNT }, (_, i) =>
        began(i)
          ? {
              // The state's order: time, positions, velocities.
              qpos: Float64Array.from(physics[i].slice(1, 1 + qpos)),
              qvel: Float64Array.from(physics[i].slice(1 + qpos, 1 + qpos + qvel)),
            }
          : undefined,
      ),
    );
  };
  batch.reset(0);
  note(() => true);
  for (const plan of actions) {
    batch.step(plan);
    note((i) => batch.terminated[i] + batch.truncated[i] > 0);
  }
  const ended = batch.saveState() as { physics: number[][] };
  const raw = bare(id, starts);
  raw.play(actions, 0, steps + 1);
  const same = raw.positions().every((qpos, i) => qpos.every((x, j) => x === Number(ended.physics[i][1 + j])));
  const stretches = Math.ceil((steps + 1) / STRETCH);
  const times = [new Float64Array(stretches).fill(Infinity), new Float64Array(stretches).fill(Infinity)];
  const players = [(from: number, to: number) => raw.play(actions, from, to), play];
  for (let round = 0; round < ROUNDS; round++) {
    for (let k = 0; k < stretches; k++) {
      const [from, to] = [k * STRETCH, Math.min((k + 1) * STRETCH, steps + 1)];
      for (const which of round % 2 === 0 ? [0, 1] : [1, 0]) {
        times[which][k] = Math.min(
          times[which][k],
          timed(() => players[which](from, to)),
        );
      }
    }
  }
  const [rawTime, batchTime] = times.map((list) => list.reduce((a, b) => a + b, 0));
  raw.close();
  batch.close?.();
  const perSecond = (milliseconds: number) => Math.round((1000 * steps * COUNT) / milliseconds);
  const share = rawTime / batchTime;
  return [
    id,
    perSecond(rawTime).toLocaleString("en"),
    perSecond(batchTime).toLocaleString("en"),
    share.toFixed(3),
    same ? "yes" : "**no**",
    atLeast(LEVEL, share),
  ];
});

function sizes(id: MujocoId): { qpos: number; qvel: number } {
  const engine = engineFor(id);
  const model = engine.MjModel.from_xml_string(tasks[id]().model);
  if (model === null) throw new Error(`${id} does not compile`);
  const { nq, nv } = model;
  model.delete();
  return { qpos: nq, qvel: nv };
}

function timed(action: () => void): number {
  const begin = performance.now();
  action();
  return performance.now() - begin;
}

console.log(`Environment steps a second on one thread, ${COUNT} instances, best of ${ROUNDS} rounds turn about\n`);
console.log(markdownTable(["task", "the package's calls alone", "batch", "share", "same states", "level"], rows));
