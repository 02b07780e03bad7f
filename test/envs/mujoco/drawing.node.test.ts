/** Pictures of the tasks: every state can be drawn, shapes stand where the physics has them, and looking changes nothing. */
import { beforeAll, describe, expect, test } from "vitest";
import { makeBatched, prepareEnvironment } from "../../../src/envs/index.ts";
import type { MujocoBatch } from "../../../src/envs/mujoco/batch.ts";
import { convexHull } from "../../../src/envs/mujoco/convexHull.ts";
import { models, mujocoSpec } from "../../../src/mujoco/index.ts";
import { type Scene, sceneToSvg, whyNotScene } from "../../../src/scenes/index.ts";

beforeAll(() => prepareEnvironment("Reacher-v5"));

const started = (id: string, qpos: number[], qvel: number[]) => {
  const batch = makeBatched(id, 1) as MujocoBatch;
  batch.reset(0);
  batch.startFrom(0, qpos, qvel);
  return batch;
};
const circles = (scene: Scene) => scene.shapes.filter((shape) => shape.kind === "circle");
const limbs = (scene: Scene) =>
  scene.shapes.filter((shape) => shape.kind === "polyline" && /accent/.test(shape.stroke));

describe.each(Object.keys(models))("%s", (id) => {
  test("draws each state in words that change, and plays on as it would have", () => {
    const [seen, unseen] = [makeBatched(id, 1), makeBatched(id, 1)];
    const words = new Set<string>();
    for (const batch of [seen, unseen]) batch.reset(2);
    const actions = new Float32Array(seen.actionSize).fill(0.3);
    for (let t = 0; t < 8; t++) {
      const scene = seen.scene!(0);
      expect(whyNotScene(scene)).toBeUndefined();
      expect(sceneToSvg(scene)).not.toMatch(/NaN|Infinity|undefined/);
      words.add(scene.words);
      for (const batch of [seen, unseen]) batch.step(actions);
      expect(seen.exactObservations).toEqual(unseen.exactObservations);
    }
    expect(words.size).toBeGreaterThan(2);
    for (const batch of [seen, unseen]) batch.close?.();
  });
});

test("the pole stands on the cart, leaning right when its angle is positive", () => {
  const batch = started("InvertedPendulum-v5", [0.5, Math.PI / 6], [0, 0]);
  const pole = limbs(batch.scene(0)).at(-1);
  if (pole?.kind !== "polyline") throw new Error("no pole");
  const [[ax, ay], [bx, by]] = pole.points;
  const [low, high] =
    ay < by
      ? [
          [ax, ay],
          [bx, by],
        ]
      : [
          [bx, by],
          [ax, ay],
        ];
  expect(low[0]).toBeCloseTo(0.5, 2);
  expect(high[0] - low[0]).toBeCloseTo(0.3, 2);
  expect(high[1] - low[1]).toBeCloseTo(0.6 * Math.cos(Math.PI / 6), 2);
  batch.close();
});

test("the window goes along with the runner, and the last state of an episode can be seen", () => {
  const batch = started("HalfCheetah-v5", [12, 0, 0, 0, 0, 0, 0, 0, 0], new Array(9).fill(0));
  const { left, right } = batch.scene(0);
  expect((left + right) / 2).toBeCloseTo(12, 9);
  expect(batch.scene(0).shapes.some((shape) => shape.kind === "text" && shape.text === "10")).toBe(true);
  batch.close();
  const hopper = started("Hopper-v5", [7, 1.25, 0.19, 0, 0, 0], [0, 0, 5, 0, 0, 0]);
  hopper.step(new Float32Array(3));
  expect(hopper.terminated[0]).toBe(1);
  expect(hopper.finalScene(0).words).toMatch(/x [67]\.\d\d, /);
  expect(hopper.scene(0).words).toMatch(/x −?0\.00, 1\.25 above/);
  hopper.close();
});

test("seen from above, the target is where the state has it", () => {
  const batch = started("Reacher-v5", [0, 0, 0.13, -0.07], [0, 0, 0, 0]);
  const target = circles(batch.scene(0)).find((shape) => shape.kind === "circle" && shape.fill === "good");
  expect(target).toMatchObject({ x: expect.closeTo(0.13, 9), y: expect.closeTo(-0.07, 9), radius: 0.009 });
  batch.close();
});

test("a box is its outline, turned; memory that grows when it is first drawn does no harm", () => {
  const spec = mujocoSpec({
    id: "Box-v0",
    model: `<mujoco><worldbody><body euler="0 45 0" pos="0 0 1"><joint name="j" axis="0 1 0"/>
      <geom type="box" size="0.1 0.1 0.1"/></body></worldbody>
      <actuator><motor joint="j" ctrllimited="true" ctrlrange="-1 1"/></actuator></mujoco>`,
    judge: () => undefined,
  });
  const batch = spec.make(1);
  batch.reset(0);
  const outline = batch.scene?.(0).shapes.find((shape) => shape.kind === "polygon");
  if (outline?.kind !== "polygon") throw new Error("no outline");
  expect(Math.max(...outline.points.map(([x]) => x))).toBeCloseTo(0.1 * Math.SQRT2, 6);
  batch.close?.();
});

test("the convex hull leaves out what lies within", () => {
  const hull = convexHull([
    [0, 0],
    [2, 0],
    [1, 1],
    [2, 2],
    [0, 2],
    [1, 0],
  ]);
  expect(hull).toEqual([
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 2],
  ]);
});
