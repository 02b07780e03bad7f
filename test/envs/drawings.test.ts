/** The built-in environments as pictures: every state can be drawn, shapes stand where the physics says, words tell the state. */

import { describe, expect, test } from "vitest";
import {
  acrobot,
  cartPole,
  type Dynamics,
  listEnvironments,
  mountainCar,
  mountainCarContinuous,
  pendulum,
  sample,
} from "../../src/envs/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { type Point, type Scene, sceneToSvg, whyNotScene } from "../../src/scenes/index.ts";

const draw = (dynamics: Dynamics, state: number[], action?: number): Scene =>
  dynamics.scene!(Float64Array.from(state), action);

/** The line whose stroke is the widest: a pole or rod. */
function lines(scene: Scene): { points: readonly Point[]; width: number; arrow: boolean }[] {
  return scene.shapes.flatMap((shape) =>
    shape.kind === "polyline"
      ? [{ points: shape.points, width: shape.strokeWidth ?? 0, arrow: shape.arrow === true }]
      : [],
  );
}
const rod = (scene: Scene) => lines(scene).reduce((a, b) => (b.width > a.width ? b : a)).points;
const arrow = (scene: Scene) => lines(scene).find((line) => line.arrow)?.points;

const atOnce = listEnvironments().filter(({ prepare }) => prepare === undefined);
describe.each(atOnce.map((spec) => [spec.id, spec] as const))("%s", (_, spec) => {
  test("draws every state of its episodes within finite bounds, in words that change", () => {
    const environment = spec.makeSingle();
    const random = new RandomStream(1, streams.user);
    const words = new Set<string>();
    let picture = "";
    for (let episode = 0; episode < 3; episode++) {
      environment.reset({ seed: episode });
      for (let t = 0; t < 60; t++) {
        const scene = environment.scene!();
        expect(whyNotScene(scene)).toBeUndefined();
        words.add(scene.words);
        picture = sceneToSvg(scene);
        let action = sample(environment.actionSpace, random);
        const mask = environment.actionMask?.();
        while (mask !== undefined && mask[action as number] === 0) action = sample(environment.actionSpace, random);
        const { terminated, truncated } = environment.step(action as never);
        if (terminated || truncated) break;
      }
    }
    expect(words.size).toBeGreaterThan(9);
    expect(picture).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe("CartPole", () => {
  test("the pole stands on the cart at its angle, right of upright when positive", () => {
    const [[x], [tipX, tipY]] = rod(draw(cartPole, [1, 0, Math.PI / 6, 0]));
    expect(x).toBe(1);
    expect(tipX - x).toBeCloseTo(0.5, 6);
    expect(tipY).toBeGreaterThan(1);
  });

  test("the push points where the action says", () => {
    const [[from], [to]] = arrow(draw(cartPole, [0, 0, 0, 0], 1))!;
    expect(to).toBeGreaterThan(from);
    expect(arrow(draw(cartPole, [0, 0, 0, 0]))).toBeUndefined();
  });

  test("words", () => {
    expect(draw(cartPole, [0.4, -0.5, (3 * Math.PI) / 180, 0.1], 0).words).toBe(
      "The pole leans 3.0° to the right and turns right, the cart is 0.40 right of the middle and moves left; it was pushed left.",
    );
    expect(draw(cartPole, [-2.5, 0, 0, 0]).words).toBe(
      "The pole is upright and hardly turns, the cart is 2.50 left of the middle and hardly moves. The cart has left the track.",
    );
  });
});

describe("Pendulum", () => {
  test("positive angles are to the left, as the recordings' rendering has it, and whole turns change nothing", () => {
    const [, [tipX, tipY]] = rod(draw(pendulum, [Math.PI / 2, 0]));
    expect(tipX).toBeCloseTo(-1, 6);
    expect(tipY).toBeCloseTo(0, 6);
    expect(draw(pendulum, [Math.PI / 2 + 6 * Math.PI, 0]).words).toBe(draw(pendulum, [Math.PI / 2, 0]).words);
  });

  test("the torque's arrow is longer for a stronger torque, counter-clockwise when positive, and clipped", () => {
    const length = (torque: number) => arrow(draw(pendulum, [1, 0], torque))!.length;
    expect(length(2)).toBeGreaterThan(length(0.5));
    expect(length(9)).toBe(length(2));
    const points = arrow(draw(pendulum, [1, 0], 1))!;
    // From below the pivot to the right is counter-clockwise.
    expect(points.at(-1)![0]).toBeGreaterThan(points[0][0]);
    expect(draw(pendulum, [1, 0], 9).words).toContain("a torque of 2.0 counter-clockwise");
  });
});

describe("Acrobot", () => {
  test("hangs down at zero, and the second angle is relative to the first", () => {
    const tip = (state: number[]) => lines(draw(acrobot, state)).filter(({ width }) => width === 0.16)[1].points[1];
    expect(tip([0, 0, 0, 0])[1]).toBeCloseTo(-2, 6);
    expect(tip([Math.PI / 2, Math.PI / 2, 0, 0])[0]).toBeCloseTo(1, 6);
    expect(tip([Math.PI / 2, Math.PI / 2, 0, 0])[1]).toBeCloseTo(1, 6);
  });

  test("says when the tip is above the bar", () => {
    expect(draw(acrobot, [Math.PI, 0, 0, 0], 2).words).toContain("the tip is above the bar; torque counter-clockwise");
    expect(draw(acrobot, [0, 0, 0, 0], 1).words).toContain("the tip is 3.0 below the bar; no torque");
  });
});

describe("the cars", () => {
  test("the force of MountainCar is the action's, of the continuous one the clipped number's", () => {
    expect(draw(mountainCar, [-0.5, 0.02], 0).words).toBe(
      "The car is at the bottom of the valley, 1.00 from the flag, and rolls right; its engine pushes left.",
    );
    expect(draw(mountainCar, [-0.5, 0], 1).words).toContain("its engine is idle");
    expect(draw(mountainCarContinuous, [0.46, 0.01], -0.25).words).toBe(
      "The car is on the right slope, 0.00 from the flag, and rolls right; its engine pushes left with 25 %. It is at the flag.",
    );
    expect(arrow(draw(mountainCarContinuous, [0, 0], 0.001))).toBeUndefined();
  });
});

test("MaskedCorridor names the valid actions and what they do", () => {
  const corridor = listEnvironments()
    .find(({ id }) => id === "MaskedCorridor-v1")!
    .makeSingle();
  corridor.reset({ seed: 0 });
  const valid = [...corridor.actionMask!()].flatMap((allowed, action) => (allowed === 1 ? [action] : []));
  const { words, shapes } = corridor.scene!();
  for (const action of valid) {
    expect(words).toContain(`${action} (`);
    expect(shapes.some((shape) => shape.kind === "text" && shape.text === String(action))).toBe(true);
  }
});
