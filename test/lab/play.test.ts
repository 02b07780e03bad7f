/** The page of `ascent play` and the drawer of scenes, without a browser: actions of keys, and what is drawn where. */

import { describe, expect, test } from "vitest";
import { drawScene, sceneHeight } from "../../lab/drawers/scene.ts";
import { choicesFor } from "../../lab/play/takeOver.ts";
import { box, dict, discrete, environmentSpec } from "../../src/envs/index.ts";
import { type Scene, scenePaints } from "../../src/scenes/index.ts";

describe("taking over", () => {
  test("two and three choices are the arrow keys, of more each has a button", () => {
    const keys = (n: number, environment = "Own-v0") => choicesFor(discrete(n), environment).map(({ key }) => key);
    expect(keys(2)).toEqual(["ArrowLeft", "ArrowRight"]);
    expect(keys(3)).toEqual(["ArrowLeft", "ArrowDown", "ArrowRight"]);
    expect(keys(4)).toEqual([undefined, undefined, undefined, undefined]);
    expect(choicesFor(discrete(2, 5), "Own-v0").map(({ action, name }) => [action, name])).toEqual([
      [[5], "Action 5"],
      [[6], "Action 6"],
    ]);
  });

  test("one number has its ends and its middle; a positive torque, which turns to the left, the left key", () => {
    const space = box({ low: -2, high: 2, shape: [1] });
    expect(choicesFor(space, "Own-v0").map(({ key, action }) => [key, action[0]])).toEqual([
      ["ArrowLeft", -2],
      ["ArrowDown", 0],
      ["ArrowRight", 2],
    ]);
    expect(choicesFor(space, "Pendulum-v1").find(({ key }) => key === "ArrowLeft")!.action).toEqual([2]);
    expect(choicesFor(box({ low: 0, high: 1, shape: [1] }), "Own-v0").map(({ action }) => action[0])).toEqual([
      0, 0.5, 1,
    ]);
  });

  test("actions of several parts have none", () => {
    expect(choicesFor(box({ low: 0, high: 1, shape: [2] }), "Own-v0")).toEqual([]);
    expect(choicesFor(dict({ a: discrete(2) }), "Own-v0")).toEqual([]);
  });

  test("every built-in environment's keys go the way they point", () => {
    const single = environmentSpec("CartPole-v1").makeSingle();
    single.reset({ seed: 0 });
    const right = choicesFor(single.actionSpace, "CartPole-v1").find(({ key }) => key === "ArrowRight")!;
    single.step(right.action[0]);
    expect(single.scene!().words).toContain("pushed right");
  });
});

/** A context that writes down what it is asked. */
function recorder() {
  const calls: string[] = [];
  const state: Record<string, unknown> = {};
  const context = new Proxy(state, {
    get: (_, name: string) =>
      name in state ? state[name] : (...args: unknown[]) => void calls.push(`${name} ${args.map(String).join(" ")}`),
    set: (_, name: string, value) => {
      state[name] = value;
      calls.push(`${name}=${String(value)}`);
      return true;
    },
  });
  return { calls, context: context as unknown as CanvasRenderingContext2D };
}

describe("the drawer of scenes", () => {
  const theme = { ...scenePaints.light, name: "light", grid: "", axis: "", series: [], font: "Sans" } as const;
  const scene: Scene = {
    ...{ left: 0, right: 4, bottom: 0, top: 2, words: "Here." },
    shapes: [
      { kind: "circle", x: 4, y: 2, radius: 1, fill: "good" },
      {
        kind: "polyline",
        points: [
          [0, 0],
          [4, 0],
        ],
        stroke: "bad",
        strokeWidth: 0.1,
        arrow: true,
      },
      { kind: "text", x: 2, y: 1, text: "words", size: 0.5, anchor: "middle" },
    ],
  };

  test("the window is fitted in the middle, y upwards", () => {
    const { calls, context } = recorder();
    drawScene(context, { width: 400, height: 400 }, theme, scene);
    expect(calls).toContain("rect 0 100 400 200");
    expect(calls.find((call) => call.startsWith("arc"))).toMatch(/^arc 400 100 100 /);
    expect(calls).toContain(`fillStyle=${theme.good}`);
    expect(calls).toContain("fillText words 200 200");
    expect(calls).toContain("font=50px Sans");
    expect(calls.filter((call) => call.startsWith("closePath"))).toHaveLength(1);
  });

  test("the height follows the window's, within limits", () => {
    expect(sceneHeight(scene, 600)).toBe(300);
    expect(sceneHeight({ ...scene, top: 0.1 }, 600)).toBe(120);
    expect(sceneHeight({ ...scene, top: 40 }, 600)).toBe(440);
  });
});
