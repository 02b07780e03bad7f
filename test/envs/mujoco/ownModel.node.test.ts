/** MJCF of one's own: what is refused in words, what tasks are handed, and training from code and by name. */
import { beforeAll, describe, expect, test } from "vitest";
import { prepareEnvironment, registerEnvironment, timeLimit } from "../../../src/envs/index.ts";
import { train } from "../../../src/index.ts";
import { type MujocoTask, mujocoSpec } from "../../../src/mujoco/index.ts";

beforeAll(() => prepareEnvironment("HalfCheetah-v5"));

const motor = '<actuator><motor joint="j" ctrllimited="true" ctrlrange="-1 1"/></actuator>';
const body = '<body name="arm"><joint name="j" axis="0 1 0"/><geom size="0.1" pos="0.5 0 0"/><site name="tip"/></body>';
const task = (more: Partial<MujocoTask> = {}): MujocoTask => ({
  id: "Arm-v0",
  model: `<mujoco><size memory="64K"/><worldbody>${body}</worldbody>${motor}</mujoco>`,
  judge: () => undefined,
  ...more,
});
const made = (more: Partial<MujocoTask>) => mujocoSpec(task(more)).make(1);

describe("a model that does not compile gives MuJoCo's message and the line", () => {
  test.each([
    [
      "an unknown attribute",
      '<geom sizee="1"/>',
      /unrecognized attribute: 'sizee'.*Mend line 3 of the model: <geom sizee="1"\/>/,
    ],
    ["a bad number", '<geom size="-1"/>', /size 0 must be positive in geom.*line 3.*<geom size="-1"\/>/],
    ["an end that is missing", "<body>", /XML parse error.*Mend line \d of the model/],
  ])("%s", (_, line, message) => {
    expect(() => made({ model: `<mujoco>\n<worldbody>\n${line}\n</worldbody>\n</mujoco>` })).toThrow(message);
  });

  test("a file that is missing, and one that is given", () => {
    const model = `<mujoco><asset><mesh name="m" file="m.obj"/></asset><worldbody>${body}
      <geom type="mesh" mesh="m"/></worldbody>${motor}</mujoco>`;
    expect(() => made({ model })).toThrow(/m\.obj/);
    const corners = ["0 0 0", "1 0 0", "0 1 0", "0 0 1"].map((corner) => `v ${corner}`);
    const faces = ["1 3 2", "1 2 4", "1 4 3", "2 3 4"].map((face) => `f ${face}`);
    const batch = made({ model, files: { "m.obj": new TextEncoder().encode([...corners, ...faces].join("\n")) } });
    batch.reset(0);
    expect(batch.scene?.(0).shapes.length).toBeGreaterThan(1);
    batch.close?.();
  });
});

test("no actuators, and one without bounds, are refused", () => {
  expect(() => made({ model: `<mujoco><worldbody>${body}</worldbody></mujoco>` })).toThrow(/no actuators/);
  const free = '<actuator><motor name="m" joint="j"/></actuator>';
  expect(() => made({ model: `<mujoco><worldbody>${body}</worldbody>${free}</mujoco>` })).toThrow(
    /actuator 0 \("m"\) has no bounds.*ctrlrange/,
  );
});

test("a path in place of the text, and a task without a part, are refused", () => {
  expect(() => mujocoSpec(task({ model: "arm.xml" }))).toThrow(/model: got "arm\.xml".*not its path/);
  expect(() => mujocoSpec({ ...task(), judge: undefined } as unknown as MujocoTask)).toThrow(/judge/);
  expect(() => mujocoSpec({ ...task(), jugde: 1 } as unknown as MujocoTask)).toThrow(/no option "jugde"/);
});

test("a task is handed the state, places by name, its action, and what it remembered", () => {
  const heights: number[] = [];
  const batch = made({
    frameSkip: 5,
    observationSize: 2,
    observe({ site_xpos }, out, at) {
      out[at] = site_xpos[0];
      out[at + 1] = 7;
    },
    start: ({ qpos }) => qpos.fill(0.25),
    rememberSize: 1,
    remember: ({ qpos }, out) => out.set([qpos[0]]),
    judge(physics, step) {
      heights.push(physics.xpos[3 * physics.indexOf("body", "arm") + 2]);
      expect(() => physics.indexOf("site", "tap")).toThrow(/no site named "tap"/);
      expect([step.count, step.actions[step.from], step.seconds]).toEqual([1, 0.5, 5 * 0.002]);
      step.reward = physics.qpos[0] - step.before[0];
      step.terminated = physics.qpos[0] > 0.3;
      step.info["angle"] = physics.qpos[0];
    },
    describeStart: ({ qpos }, info) => Object.assign(info, { angle: qpos[0] }),
  });
  batch.reset(0);
  expect([...batch.observations]).toEqual([0, 7]);
  expect(batch.infos?.[0]).toEqual({ angle: 0.25 });
  let sum = 0;
  let t = 0;
  for (; t < 200 && batch.terminated[0] === 0; t++) {
    batch.step(Float32Array.of(0.5));
    sum += batch.rewards[0];
  }
  expect(batch.terminated[0]).toBe(1);
  expect(batch.finalInfos?.[0]?.["angle"]).toBeCloseTo(0.25 + sum, 12);
  expect(batch.infos?.[0]).toEqual({ angle: 0.25 });
  expect(heights).toHaveLength(t);
  batch.close?.();
});

test("trains by name and from code, with a limit of one's own around it", async () => {
  registerEnvironment(
    mujocoSpec(
      task({
        id: "Arm-v9",
        maxEpisodeSteps: 20,
        judge: ({ qpos }, step) => void Object.assign(step, { reward: qpos[0] }),
      }),
    ),
  );
  const options = { nEnvs: 2, nSteps: 32, hidden: [8] };
  const byName = await train("ppo", { environment: "Arm-v9", steps: 128, options });
  expect(byName.metrics.episodeLength).toBe(20);
  const single = () => timeLimit(mujocoSpec(task()).makeSingle(), 7);
  const fromCode = await train("ppo", { environment: single, steps: 128, options });
  expect(fromCode.metrics.episodeLength).toBe(7);
  const builtIn = await train("ppo", { environment: "Reacher-v5", steps: 128, options });
  expect(builtIn.metrics.episodeLength).toBe(50);
  expect(builtIn.policy.act(new Float32Array(10))).toHaveLength(2);
});
