/** Exact worlds as pictures: places, agent, policy and values; sequences as text. */

import { describe, expect, test } from "vitest";
import {
  bandit,
  chain,
  gridWorld,
  mdpEnvironment,
  randomMdp,
  sequenceScene,
  sequenceWorld,
  tabularMdp,
  worldScene,
} from "../../src/mdp/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { completionScene, type Scene, whyNotScene } from "../../src/scenes/index.ts";

const grid = gridWorld(["S.G", ".#X"]);
const right = Float64Array.from({ length: 24 }, (_, i) => (i % 4 === 1 ? 0.7 : 0.1));
const texts = ({ shapes }: Scene) => shapes.flatMap((shape) => (shape.kind === "text" ? [shape.text] : []));
const arrows = ({ shapes }: Scene) =>
  shapes.flatMap((shape) => (shape.kind === "polyline" && shape.arrow ? [shape.points] : []));

describe("grids", () => {
  test("the agent is where its state is, in reading order", () => {
    const agent = worldScene(grid, { state: 3 }).shapes.find(({ kind }) => kind === "circle");
    expect(agent).toMatchObject({ x: 0.5, y: 0.5 });
    expect(worldScene(grid, { state: 2 }).words).toBe(
      "The agent is at row 1, column 3 of a grid of 2 rows and 3 columns, the goal.",
    );
  });

  test("a policy is arrows as long as their probability, none at ends and walls", () => {
    const scene = worldScene(grid, { state: 0, policy: right });
    const drawn = arrows(scene);
    expect(drawn).toHaveLength(12);
    const longest = drawn.reduce((a, b) => (length(b) > length(a) ? b : a));
    expect(longest[1][0]).toBeGreaterThan(longest[0][0]);
    expect(longest[1][1]).toBe(longest[0][1]);
    expect(scene.words).toContain("its most probable move is right, with 70 %");
  });

  test("values are written into the places", () => {
    const scene = worldScene(grid, { state: 0, values: [0.25, 1, 0, -2, 0, 0] });
    expect(texts(scene)).toEqual(expect.arrayContaining(["0.25", "1.00", "−2.00"]));
    expect(scene.words).toContain("its value is 0.25");
  });
});

test("a corridor, a bandit and a world without places", () => {
  expect(worldScene(chain({ length: 4 }), { state: 1 }).words).toBe(
    "The agent is at place 2 of a corridor of 4 places.",
  );
  const arms = bandit([1, -0.5]);
  const policy = Float64Array.of(0.25, 0.75, 0.5, 0.5);
  expect(worldScene(arms, { state: 1, policy }).words).toBe(
    "A bandit: arm 0 gives 1.00 with 25 %, arm 1 gives −0.50 with 75 %. An arm has been chosen.",
  );
  const random = randomMdp(new RandomStream(0, streams.user), { states: 5, actions: 2 });
  expect(texts(worldScene(random))).toEqual(["0", "1", "2", "3", "4"]);
});

test("their environments draw the state they are in", () => {
  for (const world of [grid, chain(), bandit([1, 2])]) {
    const environment = mdpEnvironment(world);
    environment.reset({ seed: 0 });
    expect(whyNotScene(environment.scene?.())).toBeUndefined();
  }
});

test("a layout that does not fit is refused, and tables of other lengths", () => {
  const parts = { states: 2, actions: 1, transition: [0, 1, 0, 1], reward: [1, 0], gamma: 1, terminal: [0, 1] };
  const layout = { kind: "grid", columns: 2, letters: ".G.", moves: [] } as const;
  expect(() => tabularMdp({ ...parts, layout })).toThrow(/layout does not fit.*3 letters/);
  expect(() => worldScene(grid, { state: 6 })).toThrow(/from 0 to 5/);
  expect(() => worldScene(grid, { values: [1] })).toThrow(/values has the wrong length/);
});

describe("texts", () => {
  test("a sequence of a listed world, without what stands behind its end", () => {
    const world = sequenceWorld({ vocabulary: 3, length: 3, endToken: 2 });
    const index = Array.from(world.lengths).indexOf(2);
    const scene = sequenceScene(world, index, { letters: ["yes", "no", "."], reward: -1.5, probability: 0.125 });
    expect(scene.words).toBe("“yes .” is written; its reward is −1.50. Its probability is 12.50 %.");
    expect(() => sequenceScene(world, index, { letters: ["yes"] })).toThrow(/1 of them/);
  });

  test("a completion is wrapped within the window", () => {
    const scene = completionScene({ prompt: "Say much.", completion: "so much to say ".repeat(20), reward: 0 });
    const written = texts(scene);
    expect(written[0]).toBe("Say much.");
    expect(written.at(-1)).toBe("reward 0.00");
    for (const shape of scene.shapes) if (shape.kind === "text") expect(shape.y).toBeGreaterThan(scene.bottom);
    expect(written.length).toBe(8);
    expect(completionScene({ completion: "" }).words).toBe("Nothing is written.");
  });
});

function length([from, to]: readonly (readonly [number, number])[]): number {
  return Math.hypot(to[0] - from[0], to[1] - from[1]);
}
