/** Scenes as SVG: the mapping from the world to pixels, paints, words, arrows, and strips of several. */

import { describe, expect, test } from "vitest";
import {
  arrowHead,
  type Scene,
  type Shape,
  sceneFramesToSvg,
  scenePaints,
  sceneToSvg,
  whyNotScene,
} from "../../src/scenes/index.ts";

const scene = (...shapes: Shape[]): Scene => ({ left: -1, bottom: 0, right: 3, top: 2, shapes, words: "A <b> & c." });

describe("sceneToSvg", () => {
  test("the window fills the picture, y upwards", () => {
    const svg = sceneToSvg(scene({ kind: "circle", x: -1, y: 2, radius: 0.5, fill: "good" }), { width: 400 });
    expect(svg).toContain('width="400" height="200" viewBox="0 0 400 200"');
    expect(svg).toContain('<circle cx="0" cy="0" r="50" class="f-good"/>');
    const low = sceneToSvg(scene({ kind: "circle", x: 3, y: 0, radius: 0.5, fill: "good" }), { width: 400 });
    expect(low).toContain('<circle cx="400" cy="200" r="50"');
  });

  test("its words are its title and its description, escaped", () => {
    const svg = sceneToSvg(scene());
    expect(svg).toContain("<title>A &lt;b&gt; &amp; c.</title><desc>A &lt;b&gt; &amp; c.</desc>");
    expect(sceneToSvg(scene(), { title: "Start" })).toContain("<title>Start</title><desc>A &lt;b&gt;");
  });

  test("strokes and letters are in the world's units", () => {
    const line: Shape = {
      kind: "polyline",
      points: [
        [0, 0],
        [1, 1],
      ],
      stroke: "ink",
    };
    expect(sceneToSvg(scene(line), { width: 400 })).toContain('stroke-width="2"');
    expect(sceneToSvg(scene({ ...line, strokeWidth: 0.1 }), { width: 400 })).toContain('stroke-width="10"');
    const words: Shape = { kind: "text", x: 0, y: 1, text: "<1", size: 0.2, anchor: "middle" };
    expect(sceneToSvg(scene(words), { width: 400 })).toContain(
      '<text x="100" y="100" font-size="20" text-anchor="middle" class="f-ink">&lt;1</text>',
    );
  });

  test("has a light and a dark side, of the paints it uses", () => {
    const svg = sceneToSvg(scene({ kind: "circle", x: 0, y: 0, radius: 1, fill: "bad", stroke: "accent3" }));
    const [light, dark] = svg.split("@media(prefers-color-scheme:dark)");
    expect(light).toContain(`.f-bad{fill:${scenePaints.light.bad}}`);
    expect(dark).toContain(`.s-accent3{stroke:${scenePaints.dark.accent3}}`);
    expect(svg).not.toContain(".f-accent4");
  });

  test("an arrow has a head at its last point", () => {
    const line: Shape = {
      kind: "polyline",
      points: [
        [0, 1],
        [2, 1],
      ],
      stroke: "ink",
      strokeWidth: 0.1,
    };
    expect(sceneToSvg(scene(line)).match(/<path/g)).toHaveLength(1);
    expect(sceneToSvg(scene({ ...line, arrow: true })).match(/<path/g)).toHaveLength(2);
  });
});

describe("arrowHead", () => {
  test("points where the line goes, and the line ends within it", () => {
    const { head, line } = arrowHead(
      [
        [0, 0],
        [10, 0],
      ],
      1,
    );
    expect(head[0]).toEqual([10, 0]);
    expect(head[1][0]).toBe(head[2][0]);
    expect(head[1][1]).toBe(-head[2][1]);
    expect(head[1][0]).toBeLessThan(10);
    expect(line.at(-1)![0]).toBeGreaterThan(head[1][0]);
    expect(line.at(-1)![0]).toBeLessThan(10);
  });

  test("short last pieces do not turn it", () => {
    const { head } = arrowHead(
      [
        [0, 0],
        [9.9, 0],
        [9.9, 0.01],
      ],
      1,
    );
    expect(Math.abs(head[1][0] - head[2][0])).toBeLessThan(0.05);
  });

  test("a line without a length has none", () => {
    expect(
      arrowHead(
        [
          [1, 1],
          [1, 1],
        ],
        1,
      ).head,
    ).toEqual([]);
    expect(arrowHead([], 1).head).toEqual([]);
  });
});

describe("sceneFramesToSvg", () => {
  test("one below the other when a row is full, each with its caption", () => {
    const three = [scene(), scene(), scene()];
    const svg = sceneFramesToSvg(three, { columns: 2, width: 430, captions: ["start", "then"] });
    expect(svg.match(/<svg /g)).toHaveLength(4);
    expect(svg).toContain('<svg x="10" y="10" width="200" height="100">');
    expect(svg).toContain('<svg x="220" y="10" width="200" height="100">');
    expect(svg).toContain('<svg x="10" y="140" width="200" height="100">');
    expect(svg).toContain(">start</text>");
    expect(svg).toContain(">2</text>");
    expect(svg).toContain("start: A &lt;b&gt; &amp; c. then: A");
  });

  test("needs at least one", () => {
    expect(() => sceneFramesToSvg([])).toThrow(/at least one scene/);
  });
});

describe("whyNotScene", () => {
  test.each<[string, object]>([
    ["right is -2, not to the right of it", { right: -2 }],
    ["bottom is 0 and top is 0", { top: 0 }],
    ["words is", { words: " " }],
    ["left is NaN", { left: Number.NaN }],
    ["shapes is 3", { shapes: 3 }],
    ["shapes[0] is null", { shapes: [null] }],
    ["shapes[0].kind", { shapes: [{ kind: "star" }] }],
    ["shapes[0].stroke is nothing", { shapes: [{ kind: "polyline", points: [] }] }],
    ['shapes[0].fill is "red"', { shapes: [{ kind: "polygon", points: [], fill: "red" }] }],
    ["shapes[0].points[1]", { shapes: [{ kind: "polygon", points: [[0, 0], [1]] }] }],
    ["shapes[0].points[0]", { shapes: [{ kind: "polygon", points: [[0, Number.NaN]] }] }],
    ["shapes[0].radius is 0", { shapes: [{ kind: "circle", x: 0, y: 0, radius: 0 }] }],
    ["shapes[0].text is 1", { shapes: [{ kind: "text", x: 0, y: 0, size: 1, text: 1 }] }],
    ["shapes[0].anchor", { shapes: [{ kind: "text", x: 0, y: 0, size: 1, text: "a", anchor: "left" }] }],
    ["shapes[0].strokeWidth", { shapes: [{ kind: "circle", x: 0, y: 0, radius: 1, strokeWidth: -1 }] }],
  ])("%s", (why, change) => {
    expect(whyNotScene({ ...scene(), ...change })).toContain(why);
  });

  test("says nothing of a scene", () => {
    expect(
      whyNotScene(
        scene({
          kind: "polygon",
          points: [
            [0, 0],
            [1, 1],
          ],
          fill: "ink",
        }),
      ),
    ).toBeUndefined();
  });
});
