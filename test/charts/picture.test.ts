/** Pictures: what is given is in them, at the right places, and nothing runs over anything else. */
import { describe, expect, test } from "vitest";
import { lineChartSvg, type Panel, pictureSvg, type Series } from "../../src/charts/index.ts";
import { textWidth } from "../../src/charts/textSize.ts";
import { faultOf, pathsOf, type Words, wordsOf } from "./support.ts";

const x = Array.from({ length: 101 }, (_, i) => 1000 * i);
const axes = { x: { label: "environment steps" }, y: { label: "return" } };
const curve = (name: string, level: number, until = 101): Series => ({
  name,
  x: x.slice(0, until),
  y: x.slice(0, until).map((at) => (level * at) / 1e5),
});
/** As many as docs/results ever had, and ending close together. */
const many = Array.from({ length: 11 }, (_, i) => curve(`variant number ${i + 1} of them`, 400 + i));

function boxOf({ text, x: at, y, size, anchor }: Words) {
  const width = textWidth(text, size);
  const left = anchor === "end" ? at - width : anchor === "middle" ? at - width / 2 : at;
  return { left, right: left + width, top: y - 0.72 * size, bottom: y + 0.2 * size };
}

function overlaps(svg: string): string[] {
  const words = wordsOf(svg).filter(({ text }) => text !== "");
  return words.flatMap((a, i) =>
    words.slice(0, i).flatMap((b) => {
      const [p, q] = [boxOf(a), boxOf(b)];
      const apart = p.right <= q.left || q.right <= p.left || p.bottom <= q.top || q.bottom <= p.top;
      return apart ? [] : [`${b.text} / ${a.text}`];
    }),
  );
}

function outside(svg: string): string[] {
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  return wordsOf(svg)
    .filter((words) => {
      const { left, right, top, bottom } = boxOf(words);
      return left < 0 || top < 0 || right > width || bottom > height;
    })
    .map(({ text }) => text);
}

describe("words", () => {
  test("names of many series run over neither the title nor each other, nor out of the picture", () => {
    for (const names of ["beside", "above"] as const) {
      const svg = pictureSvg({
        title: "REINFORCE on CartPole-v1: what each variance reduction does",
        panels: [{ kind: "lines", ...axes, series: many }],
        names,
      });
      expect(overlaps(svg)).toEqual([]);
      expect(outside(svg)).toEqual([]);
      for (const { name } of many) expect(wordsOf(svg).map(({ text }) => text)).toContain(name);
    }
  });

  test("long titles, names and labels are wrapped", () => {
    const long = "a name that is longer than the room there is beside any plot, and then some more of it";
    const svg = lineChartSvg({
      title: `${long} ${long} ${long}`,
      subtitle: `${long} ${long} ${long}`,
      ...axes,
      series: [curve(long, 1), curve("b", 2)],
      levels: [{ value: 1.5, label: long }],
    });
    expect(overlaps(svg)).toEqual([]);
    expect(outside(svg)).toEqual([]);
  });

  test("no words are slanted", () => {
    const rows = many.map(({ name }, i) => ({ name, value: i, low: i - 1, high: i + 1 }));
    const svg = pictureSvg({ title: "t", panels: [{ kind: "intervals", x: { label: "x" }, rows }] });
    expect(svg).not.toContain("rotate");
    expect(overlaps(svg)).toEqual([]);
    expect(outside(svg)).toEqual([]);
  });
});

test("it can be read aloud, follows the reader's light or dark, and is well-formed", () => {
  const svg = lineChartSvg({
    title: 'A <b> & "c"',
    ...axes,
    series: [curve("one", 100)],
    levels: [{ value: 90, label: "90" }],
  });
  expect(faultOf(svg)).toBeUndefined();
  expect(svg).toMatch(/^<svg [^>]*role="img"[^>]*><title>A &lt;b&gt; &amp; &quot;c&quot;<\/title><desc>/);
  expect(svg).toContain("return against environment steps: one from 0 at 0 to 100 at 100k; level 90.");
  expect(svg).toContain("@media(prefers-color-scheme:dark)");
  expect(svg).not.toMatch(/ id="/);
});

test("the line goes where the values are", () => {
  const svg = lineChartSvg({
    title: "t",
    x: axes.x,
    y: { label: "return", range: [0, 100] },
    series: [curve("a", 100)],
  });
  const [[first, ...rest]] = pathsOf(svg, "line s0");
  const last = rest[rest.length - 1];
  const tick = (label: string, side: "end" | "middle") =>
    wordsOf(svg).find(({ text, anchor }) => text === label && anchor === side)!;
  expect(first[0]).toBeCloseTo(tick("0", "middle").x, 0);
  expect(first[1]).toBeCloseTo(tick("0", "end").y - 4.2, 0);
  expect(last[0]).toBeCloseTo(tick("100k", "middle").x, 0);
  expect(last[1]).toBeCloseTo(tick("100", "end").y - 4.2, 0);
});

test("a gap stays a gap, and so many points that they cannot be told apart keep their extremes", () => {
  const gap = { name: "a", x: [1, 2, 3, 4, 5], y: [1, 2, Number.NaN, 4, 5] };
  expect(pathsOf(lineChartSvg({ title: "t", ...axes, series: [gap] }), "line s0")).toHaveLength(2);
  const dense = Array.from({ length: 200_000 }, (_, i) => i);
  const y = dense.map((i) => Math.sin(i / 7000));
  y[77_777] = 5;
  y[77_778] = -5;
  const svg = lineChartSvg({
    title: "t",
    ...axes,
    y: { label: "", range: [-5, 5] },
    series: [{ name: "a", x: dense, y }],
  });
  const [points] = pathsOf(svg, "line s0");
  expect(points.length).toBeLessThan(5000);
  const tops = points.map(([, top]) => top);
  const labels = wordsOf(svg).filter(({ anchor }) => anchor === "end");
  expect(Math.min(...tops)).toBeCloseTo(
    labels.find(({ text }) => text === "4")!.y - 4.2 - (labels[0].y - labels[1].y) / 2,
    0,
  );
  expect(Math.max(...tops)).toBeGreaterThan(labels.find(({ text }) => text === "−4")!.y);
});

test("the name of a curve that ends early is joined to its end", () => {
  const svg = lineChartSvg({ title: "t", ...axes, series: [curve("short", 300, 51), curve("long", 300)] });
  const [end] = pathsOf(svg, "line s0")[0].slice(-1);
  const leaders = pathsOf(svg, "axis").filter(([, to]) => to !== undefined);
  expect(leaders.some(([from]) => Math.abs(from[0] - end[0]) < 4 && Math.abs(from[1] - end[1]) < 2)).toBe(true);
});

test("panels stand in rows, each with its own axes, names once", () => {
  const panels: Panel[] = ["A", "B", "C"].map((title) => ({
    kind: "lines",
    title,
    ...axes,
    series: [curve("npg", 1), curve("trpo", 2)],
  }));
  const svg = pictureSvg({ title: "t", panels, columns: 2 });
  const at = (text: string) => wordsOf(svg).filter((words) => words.text === text);
  expect(at("npg")).toHaveLength(1);
  expect(at("environment steps")).toHaveLength(3);
  expect(at("A")[0].y).toBe(at("B")[0].y);
  expect(at("C")[0].y).toBeGreaterThan(at("A")[0].y + 200);
  expect(at("C")[0].x).toBe(at("A")[0].x);
  expect(overlaps(svg)).toEqual([]);
});

test("nothing is written as NaN, whatever is missing", () => {
  const nothing: Series = { name: "a", x: [], y: [] };
  const blank: Series = { name: "b", x: [1], y: [Number.NaN], low: [Number.NaN], high: [Number.NaN] };
  const none = { name: "c", value: Number.NaN };
  const zero = { name: "d", value: 0, low: 0, high: 2 };
  const svg = pictureSvg({
    title: "t",
    panels: [
      { kind: "lines", ...axes, series: [nothing, blank, { name: "d", x: [1], y: [2] }] },
      { kind: "lines", ...axes, y: { label: "y", scale: "log" }, series: [{ name: "e", x: [1, 2, 3], y: [0, -1, 5] }] },
      { kind: "intervals", x: { label: "x", scale: "log" }, rows: [none, zero] },
      { kind: "intervals", x: { label: "x" }, rows: [], bars: true },
    ],
  });
  expect(svg.replace(/<desc>.*?<\/desc>/, "")).not.toMatch(/NaN|undefined|Infinity/);
  expect(faultOf(svg)).toBeUndefined();
});

test("series of unequal arrays are refused", () => {
  const bad = { name: "a", x: [1, 2], y: [1] };
  expect(() => lineChartSvg({ title: "t", ...axes, series: [bad] })).toThrow(/"a" differ in length.*y 1/);
});
