/** Environments seen as pictures: what is drawn is where the state says, a picture tells small moves apart, and states go on exactly. */

import { describe, expect, test } from "vitest";
import { drawCartPole } from "../../src/envs/images/cartPoleImage.ts";
import { drawLine, drawRectangle } from "../../src/envs/images/raster.ts";
import { cartPoleImage, checkEnvironment, environmentSpec, GridImage, gridImage } from "../../src/envs/index.ts";
import { stringifyExact } from "../../src/files/exactJson.ts";
import { RandomStream, streams } from "../../src/random/index.ts";

const plane = (side: number) => ({ pixels: new Float32Array(side * side), offset: 0, side });
const sum = (pixels: ArrayLike<number>) => Array.from(pixels).reduce((a, b) => a + b, 0);

describe("the raster", () => {
  test("a rectangle covers each pixel by its area, and stays within the plane", () => {
    const one = plane(4);
    drawRectangle(one, [0.5, 1, 2.25, 2], 200);
    expect([...one.pixels]).toEqual([0, 0, 0, 0, 100, 200, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const beyond = plane(2);
    drawRectangle(beyond, [-5, -5, 5, 5], 255);
    expect([...beyond.pixels]).toEqual([255, 255, 255, 255]);
  });

  test("a line's pixels together are its area: length × width and a circle of its ends", () => {
    for (const [dx, dy] of [
      [20, 0],
      [0, 20],
      [12, 16],
      [-3, 20],
    ]) {
      const one = plane(60);
      drawLine(one, [30.3, 30.6, 30.3 + dx, 30.6 + dy], 3, 255);
      const area = Math.hypot(dx, dy) * 3 + Math.PI * 1.5 ** 2;
      expect(Math.abs(sum(one.pixels) / 255 - area)).toBeLessThan(0.01 * area);
    }
  });

  test("an offset leaves the planes beside it alone; a line of no length is a dot", () => {
    const pixels = new Float32Array(3 * 25);
    drawLine({ pixels, offset: 25, side: 5 }, [2.5, 2.5, 2.5, 2.5], 1, 255);
    expect(sum(pixels.subarray(0, 25)) + sum(pixels.subarray(50))).toBe(0);
    expect(pixels[25 + 12]).toBe(255);
  });
});

describe("CartPoleImage-v1", () => {
  const frame = (position: number, angle: number) => {
    const one = plane(84);
    drawCartPole(one, position, angle);
    return one.pixels;
  };
  /** Mean column of what is brighter than the cart, above it: the pole. */
  const lean = (pixels: Float32Array) => {
    let [weight, total] = [0, 0];
    for (let at = 0; at < 60 * 84; at++) {
      weight += pixels[at];
      total += pixels[at] * ((at % 84) + 0.5);
    }
    return total / weight;
  };

  test("upright in the middle it is its own mirror image; mirrored states are mirrored pictures", () => {
    const mirrored = (pixels: Float32Array) =>
      Float32Array.from(pixels, (_, at) => pixels[Math.floor(at / 84) * 84 + 83 - (at % 84)]);
    expect(mirrored(frame(0, 0))).toEqual(frame(0, 0));
    expect(mirrored(frame(1.3, 0.15))).toEqual(frame(-1.3, -0.15));
  });

  test("the pole stands over the cart and leans as its angle does; the smallest moves are seen", () => {
    expect(lean(frame(0, 0))).toBeCloseTo(42, 5);
    expect(lean(frame(2, 0))).toBeCloseTo(42 + 30, 5);
    expect(lean(frame(0, 0.2))).toBeGreaterThan(45);
    expect(lean(frame(0, -0.2))).toBeLessThan(39);
    expect(frame(0.01, 0)).not.toEqual(frame(0, 0));
    expect(frame(0, 0.005)).not.toEqual(frame(0, 0));
    expect(frame(2.45, 0.25).every((grey) => Number.isInteger(grey) && grey >= 0 && grey <= 255)).toBe(true);
  });

  test("the dynamics and seeds of CartPole-v1, seen as the last four states", () => {
    const [seen, plain] = [cartPoleImage.makeSingle(), environmentSpec("CartPole-v1").makeSingle()];
    const random = new RandomStream(0, streams.user);
    const states = [plain.reset({ seed: 3 }).observation];
    const first = seen.reset({ seed: 3 }).observation;
    for (let k = 0; k < 4; k++)
      expect(first.subarray(k * 7056, (k + 1) * 7056)).toEqual(frame(states[0][0], states[0][2]));
    for (let ended = false; !ended; ) {
      const action = random.integer(2);
      const [a, b] = [seen.step(action), plain.step(action)];
      expect([a.reward, a.terminated, a.truncated]).toEqual([b.reward, b.terminated, b.truncated]);
      states.push(b.observation);
      for (let k = 0; k < 4; k++) {
        const [x, , angle] = states[Math.max(states.length - 4 + k, 0)];
        expect(a.observation.subarray(k * 7056, (k + 1) * 7056)).toEqual(frame(x, angle));
      }
      ended = b.terminated;
    }
  });

  test("goes on to the bit from a small state", () => {
    const [live, copy] = [cartPoleImage.makeSingle(), cartPoleImage.makeSingle()];
    live.reset({ seed: 1 });
    for (let t = 0; t < 6; t++) live.step(t % 2);
    const text = stringifyExact(live.saveState?.());
    expect(text.length).toBeLessThan(1000);
    copy.loadState?.(JSON.parse(text));
    for (let t = 0; t < 6; t++) expect(copy.step(1)).toEqual(live.step(1));
    expect(() => live.loadState?.({ positions: [0] })).toThrow(/not a saved state of CartPoleImage-v1/);
  });
});

describe("GridImage-v1", () => {
  test("keeps the contract", () => {
    expect(checkEnvironment(() => new GridImage(), { maxEpisodeSteps: 50 })).toEqual([]);
  });

  test("the shortest way around the blocks leads to the goal of every episode", () => {
    const one = gridImage.makeSingle();
    const goals = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const { observation } = one.reset({ seed });
      const [walker, goal] = [observation.indexOf(1), observation.subarray(49, 98).indexOf(1)];
      const blocks = [...observation.subarray(98)].flatMap((there, at) => (there === 1 ? [at] : []));
      expect([sum(observation), blocks.length]).toEqual([5, 3]);
      expect([walker, goal].some((at) => blocks.includes(at)) || walker === goal).toBe(false);
      goals.add(goal);
      const way = shortest(walker, goal, blocks);
      let total = 0;
      way.forEach((action, t) => {
        const { reward, terminated } = one.step(action);
        total += reward;
        expect(terminated).toBe(t === way.length - 1);
      });
      expect(total).toBeCloseTo(1 - 0.02 * way.length, 12);
    }
    expect(goals.size).toBeGreaterThan(25);
  });

  test("walls and blocks stop, and cost the step", () => {
    const one = new GridImage();
    one.reset({ seed: 0 });
    one.loadState({ seed: 0, counter: 9, walker: 1, goal: 48, blocks: [8, 10, 12] });
    expect(one.step(0)).toMatchObject({ reward: -0.02, terminated: false });
    expect(one.step(2).observation.indexOf(1)).toBe(1);
    expect(one.step(3).observation.indexOf(1)).toBe(0);
    expect(one.step(2).observation.indexOf(1)).toBe(7);
    expect(one.step(1).observation.indexOf(1)).toBe(7);
    expect(() => one.step(4)).toThrow(/no such action/);
    expect(() => one.loadState({ seed: 0, counter: 0, walker: 49, goal: 1, blocks: [8, 10, 12] })).toThrow(
      /GridImage-v1/,
    );
  });
});

/** By breadth first search: 0 up, 1 right, 2 down, 3 left. */
function shortest(from: number, goal: number, blocks: readonly number[]): number[] {
  const ways = new Map<number, number[]>([[from, []]]);
  for (const [at, way] of ways) {
    if (at === goal) return way;
    const [row, column] = [Math.floor(at / 7), at % 7];
    const next = [row > 0 ? at - 7 : at, column < 6 ? at + 1 : at, row < 6 ? at + 7 : at, column > 0 ? at - 1 : at];
    next.forEach((to, action) => {
      if (!blocks.includes(to) && !ways.has(to)) ways.set(to, [...way, action]);
    });
  }
  throw new Error("the goal is cut off");
}
