/** Learning curves: well-formed pictures that show what they were given. */
import { describe, expect, test } from "vitest";
import { compactNumber } from "../../src/charts/compactNumber.ts";
import { learningCurveSvg } from "../../src/node/charts.ts";
import { learningCurveText } from "../../src/node/textChart.ts";

const x = Array.from({ length: 300 }, (_, i) => (i + 1) * 100);
const rising = x.map((value) => value / 60);
const one = {
  title: "PPO <on> CartPole-v1",
  xLabel: "environment steps",
  yLabel: "mean return",
  series: [{ name: "PPO", x, y: rising }],
};
const two = { ...one, series: [...one.series, { name: "A2C", x, y: rising.map((value) => value / 2) }] };

describe("SVG", () => {
  test("holds title, labels, threshold, and one line with its key", async () => {
    const svg = await learningCurveSvg({ ...one, threshold: 600 });
    expect(svg).toMatch(/^<svg[^>]*width="900" height="500"/);
    for (const text of ["PPO &lt;on&gt; CartPole-v1", "environment steps", "mean return", ">600<"])
      expect(svg).toContain(text);
    expect(svg.match(/class="line s0"/g)).toHaveLength(2);
    expect(svg).not.toContain("NaN");
    expect(svg).not.toContain(">A2C<");
  });

  test("a legend and a band where there is something to tell apart", async () => {
    const banded = {
      ...two.series[0],
      low: rising.map((value) => value - 50),
      high: rising.map((value) => value + 50),
    };
    const svg = await learningCurveSvg({ ...two, series: [banded, two.series[1]] });
    expect(svg).toContain(">PPO<");
    expect(svg).toContain(">A2C<");
    expect(svg.match(/class="band /g)).toHaveLength(1);
    expect(svg).not.toContain("NaN");
  });

  test("gaps, single points and no points at all draw without NaN", async () => {
    for (const series of [[], [{ name: "a", x: [], y: [] }], [{ name: "a", x: [1], y: [2] }]]) {
      expect(await learningCurveSvg({ ...one, series })).not.toContain("NaN");
    }
    const gap = { name: "a", x: [1, 2, 3, 4], y: [1, Number.NaN, 3, 4] };
    expect(await learningCurveSvg({ ...one, series: [gap] })).not.toContain("NaN");
  });

  test("arrays of different lengths are refused", async () => {
    const bad = { name: "a", x: [1, 2], y: [1] };
    await expect(learningCurveSvg({ ...one, series: [bad] })).rejects.toThrow(/"a" differ in length.*y 1/);
    const half = { name: "a", x: [1], y: [1], low: [0] };
    await expect(learningCurveText({ ...one, series: [half] })).rejects.toThrow(/both low and high/);
  });
});

describe("text", () => {
  test("fits its size, rises from bottom left to top right and keeps the threshold behind the curve", async () => {
    const text = await learningCurveText({ ...one, threshold: 250 });
    const lines = text.split("\n");
    expect(lines.length).toBeLessThanOrEqual(16);
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(72);
    expect(lines[0]).toContain("PPO <on> CartPole-v1: mean return");
    const plain = (await learningCurveText(one)).split("\n");
    expect(lines.map((line) => line.replace(/[┄ ]+/g, " ").trimEnd())).toEqual(
      plain.map((line) => line.replace(/ +/g, " ").trimEnd()),
    );
    expect(text).toContain("┄");
    const drawn = lines.filter((line) => /[━┏┛]/.test(line));
    expect(drawn[0].lastIndexOf("━")).toBeGreaterThan(60);
    expect(drawn[drawn.length - 1].indexOf("━")).toBeLessThan(10);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape codes are what must not be there.
    expect(text).not.toMatch(/\u001b/);
  });

  test.each([40, 55, 100])("%d columns wide: to the last one, and no further", async (width) => {
    const lines = (await learningCurveText(one, { width, height: 12 })).split("\n");
    const drawn = lines.slice(1).map((line) => [...line].length);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(width);
    expect(Math.max(...drawn)).toBeGreaterThan(width - 4);
  });

  test("draws each series in a chart of its own", async () => {
    const text = await learningCurveText(two);
    expect(text).toContain("– PPO:");
    expect(text).toContain("– A2C:");
  });

  test("constant, negative and missing figures", async () => {
    const series = (y: number[]) => ({ ...one, series: [{ name: "a", x: [1, 2, 3], y }] });
    expect(await learningCurveText(series([-3, Number.NaN, -3]))).toContain("━");
    expect(await learningCurveText(series([0, 0, 0]))).toContain("━");
    expect(await learningCurveText(series([Number.NaN, Number.NaN, Number.NaN]))).toContain("no figures yet");
  });
});

test.each([
  [0, "0"],
  [-0.5, "-0.5"],
  [999.6, "1k"],
  [999_999, "1M"],
  [-1234, "-1.23k"],
  [1e6, "1M"],
  [0.000123, "1.23e-4"],
  [1e-5, "1e-5"],
  [475, "475"],
  [Number.NaN, "NaN"],
])("compactNumber(%s) is %s", (value, text) => {
  expect(compactNumber(value)).toBe(text);
});
