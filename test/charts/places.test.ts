/** Where everything of a picture lies: bands, gaps, markers, levels, marks, notes, intervals and words, against the axes' ticks. */
import { describe, expect, test } from "vitest";
import { type LinePanel, lineChartSvg, pictureSvg, type Series } from "../../src/charts/index.ts";
import { markers } from "../../src/charts/palette.ts";
import { pathsOf, wordsOf } from "./support.ts";

const square = { x: { label: "x", range: [0, 10] }, y: { label: "y", range: [0, 10] } } as const;
const draw = (panel: Omit<LinePanel, "kind" | "x" | "y">) => lineChartSvg({ title: "t", ...square, ...panel });
const line = (name: string, more: Partial<Series> = {}): Series => ({ name, x: [0, 5, 10], y: [2, 4, 6], ...more });

/** From values to pixels, by two ticks of each axis. */
function placeOf(svg: string) {
  const words = wordsOf(svg);
  const tick = (label: string, anchor: string) => words.find((word) => word.text === label && word.anchor === anchor)!;
  const [left, right] = [tick("0", "middle").x, tick("10", "middle").x];
  const [bottom, top] = [tick("0", "end").y - 4.2, tick("10", "end").y - 4.2];
  return {
    ...{ left, right, bottom, top },
    x: (value: number) => left + ((right - left) * value) / 10,
    y: (value: number) => bottom - ((bottom - top) * value) / 10,
  };
}

function expectPoints(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]) {
  expect(found).toHaveLength(expected.length);
  const wanted = expected.flat();
  for (const [i, value] of found.flat().entries()) expect(Math.abs(value - wanted[i])).toBeLessThan(0.21);
}

interface Marker {
  style: string;
  d: string;
  x: number;
  y: number;
  scale: number;
}

/** Markers within the axes, not those of names. */
function markersOf(svg: string): Marker[] {
  const { right } = placeOf(svg);
  return [...svg.matchAll(/<path class="halo (f\d?)" d="([^"]*)" transform="translate\(([^ ]*) ([^)]*)\)([^"]*)"/g)]
    .map(([, style, d, x, y, scale]) => ({
      ...{ style, d, x: Number(x), y: Number(y) },
      scale: Number(/scale\(([\d.]+)/.exec(scale)?.[1] ?? 1),
    }))
    .filter(({ x }) => x < right + 1);
}

describe("lines", () => {
  test("a band goes along its upper bound and back along the lower; a gap makes two of it", () => {
    const low = [1, 2, Number.NaN, 4, 5];
    const x = [0, 2, 4, 6, 8];
    const high = [3, 4, 5, 6, 7];
    const svg = draw({ series: [{ name: "a", x, y: [2, 3, 4, 5, 6], low, high }] });
    const { x: px, y: py } = placeOf(svg);
    const [first, second, ...none] = pathsOf(svg, "band f0");
    expect(none).toEqual([]);
    const around = (i: number, k: number) => [
      ...[
        [px(x[i]), py(high[i])],
        [px(x[k]), py(high[k])],
      ],
      ...[
        [px(x[k]), py(low[k])],
        [px(x[i]), py(low[i])],
      ],
    ];
    expectPoints(first, around(0, 1));
    expectPoints(second, around(3, 4));
    expect(pathsOf(svg, "line s0")).toHaveLength(1);
    expect(svg.match(/class="band f0" d="[^"]*Z[^"]*Z"/)).not.toBeNull();
  });

  test("a point between two gaps is a marker; a lone line has no others", () => {
    const svg = draw({ series: [{ name: "a", x: [0, 2, 4, 6, 8], y: [1, 1, Number.NaN, 7, Number.NaN] }] });
    const { x, y } = placeOf(svg);
    expectPoints(pathsOf(svg, "line s0")[0], [
      [x(0), y(1)],
      [x(2), y(1)],
    ]);
    expect(markersOf(svg)).toHaveLength(1);
    const [{ style, d, scale, ...at }] = markersOf(svg);
    expect([style, d, scale]).toEqual(["f0", markers[0], 1]);
    expectPoints([[at.x, at.y]], [[x(6), y(7)]]);
  });

  test.each([
    ["points", 0],
    ["both", 1],
  ] as const)("drawn as %s: a marker at every position", (drawn, lines) => {
    const svg = draw({ series: [line("a", { drawn, style: 2 })] });
    const { x, y } = placeOf(svg);
    expect(pathsOf(svg, "line s2")).toHaveLength(lines);
    expectPoints(
      markersOf(svg).map((one) => [one.x, one.y]),
      [
        [x(0), y(2)],
        [x(5), y(4)],
        [x(10), y(6)],
      ],
    );
    expect(markersOf(svg).map(({ d }) => d)).toEqual([markers[2], markers[2], markers[2]]);
  });

  test("two lines have markers: all of few points, six of many, evenly and not at the same places", () => {
    const x = Array.from({ length: 101 }, (_, i) => i / 10);
    const long = (name: string, level: number) => ({ name, x, y: x.map(() => level) });
    const svg = draw({ series: [line("few"), long("a", 5), long("b", 6)] });
    const of = (style: string) => markersOf(svg).filter((one) => one.style === style);
    expect([of("f0").length, of("f1").length, of("f2").length]).toEqual([3, 6, 6]);
    const place = placeOf(svg);
    for (const style of [1, 2]) {
      of(`f${style}`).forEach((one, k) => {
        const share = (k + 0.3 + 0.4 * ((style * 0.37) % 1)) / 6;
        expect(Math.abs(one.x - place.x(10 * share))).toBeLessThan(place.x(0.1) - place.x(0) + 0.2);
        expect(one.x).toBeGreaterThanOrEqual(place.x(10 * share) - 0.1);
        expect(one.y).toBeCloseTo(place.y(4 + style), 0);
      });
    }
  });

  test("styles are the places in the list, round after eight; dashes are dashed, also in the name's key", () => {
    const series = Array.from({ length: 9 }, (_, i) => line(`s${i}`, { dashed: i === 3 }));
    const svg = draw({ series });
    const dashed = [...svg.matchAll(/class="line (s\d)( dash)?"/g)].filter(([, , dash]) => dash);
    expect(dashed.map(([, style]) => style)).toEqual(["s3", "s3"]);
    const styles = [...svg.matchAll(/class="line (s\d)(?: dash)?" d="M[\d.]+ [\d.]+L/g)].map(([, style]) => style);
    expect(styles).toEqual(["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s0"]);
  });

  test("a series without a name of its own, or without a point, is not named", () => {
    const nothing = { name: "nothing", x: [1], y: [Number.NaN] };
    const svg = draw({ series: [line("a"), line("b", { unnamed: true }), nothing] });
    const names = wordsOf(svg).map(({ text }) => text);
    expect(names).toContain("a");
    expect(names).not.toContain("b");
    expect(names).not.toContain("nothing");
    const above = pictureSvg({
      title: "t",
      names: "above",
      panels: [{ kind: "lines", ...square, series: [line("a"), line("b", { unnamed: true }), line("c")] }],
    });
    expect(wordsOf(above).map(({ text }) => text)).toEqual(expect.arrayContaining(["a", "c"]));
    expect(wordsOf(above).map(({ text }) => text)).not.toContain("b");
  });

  test("a lone line has no name; with a level, a mark or another line beside it, it has", () => {
    const named = (panel: Omit<LinePanel, "kind" | "x" | "y">) => wordsOf(draw(panel)).some(({ text }) => text === "a");
    expect(named({ series: [line("a")] })).toBe(false);
    expect(named({ series: [line("a")], levels: [{ value: 3, label: "" }] })).toBe(true);
    expect(named({ series: [line("a")], marks: [{ label: "", x: 1, y: 1 }] })).toBe(true);
    expect(named({ series: [line("a"), line("b")] })).toBe(true);
  });

  test("names stand at the height where their lines end", () => {
    const svg = draw({ series: [line("low", { y: [9, 9, 1] }), line("high", { y: [1, 1, 9] })] });
    const { y } = placeOf(svg);
    const at = (name: string) => wordsOf(svg).find(({ text }) => text === name)!.y - 0.35 * 12.5;
    expect(Math.abs(at("low") - y(1))).toBeLessThan(0.2);
    expect(Math.abs(at("high") - y(9))).toBeLessThan(0.2);
    expect(pathsOf(svg, "axis").filter((piece) => piece.length > 1)).toEqual([]);
  });
});

describe("names beside the plot", () => {
  const middle = (svg: string, name: string) => wordsOf(svg).find(({ text }) => text === name)!.y - 0.35 * 12.5;

  test("stand at its very edges too", () => {
    const svg = draw({ series: [line("top", { y: [0, 0, 10] }), line("bottom", { y: [10, 10, 0] })] });
    const { y } = placeOf(svg);
    // Half a line may stand out at either end.
    expect(Math.abs(middle(svg, "top") - y(10) - 2.5)).toBeLessThan(0.2);
    expect(Math.abs(middle(svg, "bottom") - y(0) + 2.5)).toBeLessThan(0.2);
  });

  test("that would overlap stand below each other, joined to their ends, within the plot's height", () => {
    const svg = draw({ series: [1, 2, 3, 4].map((k) => line(`n${k}`, { y: [5, 5, 0.01 * (5 - k)] })) });
    const heights = [1, 2, 3, 4].map((k) => middle(svg, `n${k}`));
    for (let k = 1; k < 4; k++) expect(heights[k] - heights[k - 1]).toBeCloseTo(20, 5);
    expect(heights[3] + 10).toBeLessThanOrEqual(placeOf(svg).bottom + 7.6);
    expect(pathsOf(svg, "axis").filter((piece) => piece.length > 1)).toHaveLength(3);
  });
});

describe("levels, marks and notes", () => {
  test("a level lies across the plot, named at its height; a vertical one has its name where there is room", () => {
    const svg = draw({
      series: [line("a")],
      levels: [
        { value: 7, label: "solved" },
        { value: 2, label: "early", axis: "x" },
        { value: 9, label: "late", axis: "x" },
      ],
    });
    const { x, y, left, right, top, bottom } = placeOf(svg);
    const levels = [...svg.matchAll(/<path class="level" d="M([\d.]+) ([\d.]+)([HV])([\d.]+)"/g)].map((found) =>
      found.slice(1),
    );
    expect(levels.map(([, , way]) => way)).toEqual(["H", "V", "V", "H"]);
    expectPoints([levels[0].filter((part) => part !== "H").map(Number)], [[left, y(7), right]]);
    expectPoints([levels[1].filter((part) => part !== "V").map(Number)], [[x(2), top, bottom]]);
    const word = (name: string) => wordsOf(svg).find(({ text }) => text === name)!;
    expect([word("early").anchor, word("late").anchor]).toEqual(["start", "end"]);
    expect(word("early").x).toBeCloseTo(x(2) + 6, 0);
    expect(word("late").x).toBeCloseTo(x(9) - 6, 0);
    expect(word("early").y).toBeCloseTo(top + 11, 0);
    expect(word("solved").y - 0.35 * 12.5).toBeCloseTo(y(7), 0);
    expect(word("solved").x).toBeGreaterThan(right + 20);
  });

  test("a mark lies at its point with its interval, larger, as a diamond in the text's colour unless it has a style", () => {
    const marks = [
      { label: "best", x: 4, y: 5, low: 3, high: 8 },
      { label: "", x: 6, y: 2, style: 5 },
    ];
    const svg = draw({ series: [line("a")], marks });
    const { x, y } = placeOf(svg);
    const [first, second] = markersOf(svg).filter(({ scale }) => scale === 1.3);
    expect([first.style, first.d, second.style, second.d]).toEqual(["f", markers[3], "f5", markers[5]]);
    expectPoints(
      [
        [first.x, first.y],
        [second.x, second.y],
      ],
      [
        [x(4), y(5)],
        [x(6), y(2)],
      ],
    );
    const [, ...numbers] = /class="line s" d="M([\d.]+) ([\d.]+)V([\d.]+)m-4 0h8M([\d.]+) ([\d.]+)m-4 0h8"/.exec(svg)!;
    expectPoints([numbers.map(Number)], [[x(4), y(3), y(8), x(4), y(3)]]);
    expect(wordsOf(svg).filter(({ text }) => text === "best")).toHaveLength(1);
  });

  test("an arrow goes from where it begins to its point, words stand beside it", () => {
    const notes = [
      { text: "here", x: 8, y: 2, from: [8, 9] as const },
      { text: "ends", x: 2, y: 2, from: [6, 2] as const, anchor: "end" as const, style: 1 },
      { text: "only words", x: 5, y: 5, anchor: "middle" as const },
    ];
    const svg = draw({ series: [line("a")], notes });
    const { x, y } = placeOf(svg);
    const [[from, to]] = pathsOf(svg, "line s");
    expectPoints(
      [from, to],
      [
        [x(8), y(9)],
        [x(8), y(2) - 7],
      ],
    );
    const [[tip, left, right]] = pathsOf(svg, "f");
    expectPoints(
      [tip, left, right],
      [
        [x(8), y(2)],
        [x(8) + 4, y(2) - 9],
        [x(8) - 4, y(2) - 9],
      ],
    );
    const [[begin, end]] = pathsOf(svg, "line s1").filter(([first]) => Math.abs(first[0] - x(6)) < 1);
    expectPoints(
      [begin, end],
      [
        [x(6), y(2)],
        [x(2) + 7, y(2)],
      ],
    );
    const word = (name: string) => wordsOf(svg).find(({ text }) => text === name)!;
    expectPoints(
      ["here", "ends", "only words"].map((name) => [word(name).x, word(name).y]),
      [
        [x(8) + 6, y(2) - 6],
        [x(2) - 6, y(2) - 6],
        [x(5), y(5)],
      ],
    );
    expect(["here", "ends", "only words"].map((name) => word(name).anchor)).toEqual(["start", "end", "middle"]);
  });

  test("the head of a slanted arrow is as slanted: both its sides are as long, and it points along the shaft", () => {
    const svg = draw({ series: [line("a")], notes: [{ text: "", x: 8, y: 2, from: [1, 9], style: 6 }] });
    const [[begin, end]] = pathsOf(svg, "line s6");
    const [[tip, left, right]] = pathsOf(svg, "f6");
    const { x, y } = placeOf(svg);
    expectPoints(
      [begin, tip],
      [
        [x(1), y(9)],
        [x(8), y(2)],
      ],
    );
    const along = [tip[0] - begin[0], tip[1] - begin[1]];
    const length = Math.hypot(along[0], along[1]);
    const part = ([px, py]: readonly number[]) => [
      ((px - tip[0]) * along[0] + (py - tip[1]) * along[1]) / length,
      ((px - tip[0]) * along[1] - (py - tip[1]) * along[0]) / length,
    ];
    expectPoints(
      [part(left), part(right), part(end)],
      [
        [-9, 4],
        [-9, -4],
        [-7, 0],
      ],
    );
  });

  test("axes without a range reach to levels, marks with their intervals and both ends of arrows", () => {
    const open = { x: { label: "x" }, y: { label: "y" } };
    const labels = (more: object) => {
      const svg = lineChartSvg({ title: "t", ...open, series: [line("a", { name: "a" })], ...more });
      const numbers = (anchor: string) =>
        wordsOf(svg)
          .filter((word) => word.anchor === anchor && /^[−\d]/.test(word.text))
          .map(({ text }) => text);
      return [numbers("middle").at(-1), numbers("end").at(-1), numbers("end")[0]];
    };
    expect(labels({})).toEqual(["10", "6", "2"]);
    expect(labels({ levels: [{ value: 20, label: "l" }] })).toEqual(["10", "20", "2"]);
    expect(labels({ levels: [{ value: 20, label: "l", axis: "x" }] })[0]).toBe("20");
    expect(labels({ marks: [{ label: "", x: 20, y: 5, low: -10, high: 40 }] })).toEqual(["20", "40", "−10"]);
    expect(labels({ notes: [{ text: "n", x: 1, y: 3, from: [20, 12] }] })).toEqual(["20", "12", "2"]);
    expect(labels({ series: [line("a", { low: [-10, 0, 0], high: [4, 5, 12] })] })).toEqual(["10", "15", "−10"]);
  });
});

describe("rows of intervals", () => {
  const rows = [
    { name: "first", value: 4, low: 2, high: 7 },
    { name: "second", value: -2, style: 4 },
    { name: "none", value: Number.NaN },
  ];
  const x = { label: "x", range: [-10, 10], ticks: [-10, 0, 10] } as const;
  const svg = pictureSvg({
    title: "t",
    panels: [{ kind: "intervals", x, rows, bars: true, levels: [{ value: 5, label: "l" }] }],
  });
  const at = (label: string) => wordsOf(svg).find(({ text, anchor }) => text === label && anchor === "middle")!.x;
  const px = (value: number) => at("0") + ((at("10") - at("0")) * value) / 10;
  const word = (name: string) => wordsOf(svg).find(({ text }) => text === name)!;

  test("names stand before their rows, one below the other in the order given", () => {
    expect(word("second").y - word("first").y).toBeCloseTo(25, 6);
    expect(word("none").y - word("second").y).toBeCloseTo(25, 6);
    expect(word("first").x).toBeCloseTo(px(-10) - 10, 0);
    expect(word("first").anchor).toBe("end");
  });

  test("markers at the values, intervals with ends, bars from 0", () => {
    const found = [
      ...svg.matchAll(/class="halo (f\d?)" d="[^"]*" transform="translate\(([\d.]+) ([\d.]+)\) scale\(1.15\)"/g),
    ];
    expect(found.map(([, style]) => style)).toEqual(["f", "f4"]);
    const rowAt = (name: string) => word(name).y - 4.2;
    expectPoints(
      found.map(([, , left, top]) => [Number(left), Number(top)]),
      [
        [px(4), rowAt("first")],
        [px(-2), rowAt("second")],
      ],
    );
    const [, ...numbers] =
      /class="line s" d="M([\d.]+) ([\d.]+)H([\d.]+)M([\d.]+) ([\d.]+)v10M([\d.]+) ([\d.]+)v10"/.exec(svg)!;
    const y = rowAt("first");
    expectPoints([numbers.map(Number)], [[px(2), y, px(7), px(2), y - 5, px(7), y - 5]]);
    const bars = [
      ...svg.matchAll(/<rect class="band (f\d?)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
    ];
    expect(bars.map(([, style]) => style)).toEqual(["f", "f4"]);
    expectPoints(
      bars.map(([, , ...box]) => box.map(Number)),
      [
        [px(0), y - 7, px(4) - px(0), 14],
        [px(-2), rowAt("second") - 7, px(0) - px(-2), 14],
      ],
    );
    const [, left, top, bottom] = /class="level" d="M([\d.]+) ([\d.]+)V([\d.]+)"/.exec(svg)!;
    expectPoints([[Number(left), Number(top), Number(bottom)]], [[px(5), y - 12.5, y - 12.5 + 75]]);
  });

  test("on a logarithmic axis an interval down to 0 is open at the plot's edge; names can be left to the panel before", () => {
    const panel = {
      kind: "intervals" as const,
      x: { label: "x", scale: "log" as const, range: [1, 100] as const },
      named: false,
    };
    const open = pictureSvg({
      title: "t",
      panels: [{ ...panel, rows: [{ name: "a", value: 10, low: 0, high: 100 }] }],
    });
    const tick = (label: string) => wordsOf(open).find(({ text }) => text === label)!.x;
    const [, from, to, end] = /class="line s" d="M([\d.]+) [\d.]+H([\d.]+)M([\d.]+) [\d.]+v10"/.exec(open)!;
    expectPoints([[from, to, end].map(Number)], [[tick("1"), tick("100"), tick("100")]]);
    expect(wordsOf(open).map(({ text }) => text)).not.toContain("a");
  });

  test("axes without a range reach to levels and, with bars, to 0", () => {
    const last = (more: object) => {
      const panel = {
        kind: "intervals" as const,
        x: { label: "x" },
        rows: [{ name: "a", value: 5, low: 4, high: 6 }],
        ...more,
      };
      const words = wordsOf(pictureSvg({ title: "t", panels: [panel] })).filter(({ text }) => /^[−\d]/.test(text));
      return [words[0].text, words.at(-1)!.text];
    };
    expect(last({})).toEqual(["4", "6"]);
    expect(last({ bars: true })).toEqual(["0", "6"]);
    expect(last({ levels: [{ value: 8, label: "l" }] })).toEqual(["4", "8"]);
  });
});

describe("in words", () => {
  const descriptionOf = (svg: string) => /<desc>(.*?)<\/desc>/s.exec(svg)![1];

  test("every kind of thing is said, with its figures", () => {
    const lines: LinePanel = {
      kind: "lines",
      title: "Left",
      ...square,
      series: [
        { name: "gap", x: [0, 1, 2, 3], y: [Number.NaN, 5, 6, Number.NaN] },
        { name: "one", x: [4], y: [7] },
        { name: "none", x: [], y: [] },
      ],
      levels: [
        { value: 9, label: "solved" },
        { value: 8, label: "8" },
      ],
      marks: [{ label: "best", x: 2, y: 6.5 }],
    };
    const rows = [
      { name: "a", value: 1.25, low: 1, high: 1500 },
      { name: "b", value: 2, low: 1 },
    ];
    const svg = pictureSvg({
      ...{ title: "t", subtitle: "Of two kinds." },
      panels: [lines, { kind: "intervals", title: "Right", x: { label: "cost" }, rows }],
    });
    expect(descriptionOf(svg)).toBe(
      "Of two kinds. Left. y against x: gap from 5 at 1 to 6 at 2; one 7 at 4; none without figures; solved at 9; level 8; " +
        "best 6.5. Right. cost: a 1.25 (1 to 1.5k); b 2.",
    );
    expect(descriptionOf(lineChartSvg({ title: "t", description: "Mine.", ...square, series: [] }))).toBe("Mine.");
  });
});

describe("the picture", () => {
  const panel = (title: string): LinePanel => ({ kind: "lines", title, ...square, series: [line("a"), line("b")] });
  const sizeOf = (svg: string) =>
    /width="(\d+)" height="(\d+)" viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.slice(1).map(Number);

  test("is as wide and as high as is asked for, else 900 wide and as high as it needs; plots take what is left", () => {
    expect(sizeOf(draw({ series: [line("a")] }))[0]).toBe(900);
    const small = lineChartSvg({ title: "t", ...square, series: [line("a")], width: 500, height: 300 });
    expect(sizeOf(small)).toEqual([500, 300, 500, 300]);
    const [natural, tall] = [undefined, 700].map((height) =>
      lineChartSvg({ title: "t", ...square, series: [line("a")], ...(height && { height }) }),
    );
    const room = (svg: string) => placeOf(svg).bottom - placeOf(svg).top;
    expect(room(natural)).toBeCloseTo(250, 0);
    expect(room(tall) - room(natural)).toBeCloseTo(700 - sizeOf(natural)[1], 0);
    expect(placeOf(tall).bottom).toBeCloseTo(700 - (sizeOf(natural)[1] - placeOf(natural).bottom), 0);
  });

  test("one panel alone, more in two columns; columns as asked for", () => {
    const at = (svg: string, title: string) => wordsOf(svg).find(({ text }) => text === title)!;
    const three = pictureSvg({ title: "t", panels: [panel("A"), panel("B"), panel("C")] });
    expect(at(three, "A").y).toBe(at(three, "B").y);
    expect(at(three, "C").y).toBeGreaterThan(at(three, "A").y);
    const one = pictureSvg({ title: "t", panels: [panel("A"), panel("B")], columns: 1 });
    expect(at(one, "B").y).toBeGreaterThan(at(one, "A").y + 250);
    expect(at(one, "B").x).toBe(at(one, "A").x);
  });

  test("names stand beside one panel and above more, unless asked otherwise, in rows where one is too short", () => {
    const named = (svg: string) => wordsOf(svg).filter(({ text }) => text === "a").length;
    expect(named(pictureSvg({ title: "t", panels: [panel("A"), panel("B")] }))).toBe(1);
    expect(named(pictureSvg({ title: "t", panels: [panel("A"), panel("B")], names: "beside" }))).toBe(2);
    const long = Array.from({ length: 6 }, (_, i) => line(`a long name of a series, number ${i}`));
    const svg = pictureSvg({ title: "t", names: "above", panels: [{ kind: "lines", ...square, series: long }] });
    const heights = long.map(({ name }) => wordsOf(svg).find(({ text }) => text === name)!.y);
    expect(heights[0]).toBe(heights[1]);
    expect(heights[5]).toBe(heights[0] + 22 * (new Set(heights).size - 1));
    expect(new Set(heights).size).toBeGreaterThan(1);
  });

  test("plots of one column begin and end at the same places, however wide their labels", () => {
    const wide: LinePanel = {
      ...panel("B"),
      y: { label: "y", range: [0, 1e6], ticks: [0, 1e6], tickLabels: ["0", "one million"] },
    };
    const svg = pictureSvg({ title: "t", columns: 1, panels: [panel("A"), wide] });
    const zeros = wordsOf(svg).filter(({ text, anchor }) => text === "0" && anchor === "middle");
    expect(zeros.map(({ x }) => x)).toEqual([zeros[0].x, zeros[0].x]);
    const tens = wordsOf(svg).filter(({ text, anchor }) => text === "10" && anchor === "middle");
    expect(tens.map(({ x }) => x)).toEqual([tens[0].x, tens[0].x]);
  });

  test("words for ticks are those of the ticks that are seen", () => {
    const x = {
      label: "x",
      range: [0, 10] as const,
      ticks: [-5, 0, 5, 10, 15],
      tickLabels: ["m", "none", "half", "all", "more"],
    };
    const svg = lineChartSvg({ title: "t", x, y: square.y, series: [line("a")] });
    const words = wordsOf(svg)
      .filter(({ anchor }) => anchor === "middle")
      .map(({ text }) => text);
    expect(words).toEqual(["none", "half", "all", "x"]);
  });

  test("a picture that cannot be drawn is refused with the lengths", () => {
    const bad = (more: Partial<Series>) => () => draw({ series: [line("a", more)] });
    expect(bad({ low: [1, 2, 3] })).toThrow(/x 3, y 3, low 3, high 0/);
    expect(bad({ high: [1, 2, 3] })).toThrow(/x 3, y 3, low 0, high 3/);
    expect(bad({ low: [1, 2, 3], high: [1, 2] })).toThrow(/low 3, high 2/);
  });
});
