/** The eight styles can be told apart: by colour with every common kind of sight, on both grounds, and by marker. */
import { describe, expect, test } from "vitest";
import { dark, light, markers } from "../../src/charts/palette.ts";

type Colour = number[];

const linear = (hex: string): Colour =>
  [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });

/** Linear RGB as those see it who lack a kind of cone (Machado, Oliveira & Fernandes 2009, severity 1). */
const sights: Record<string, number[][]> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const times = (matrix: number[][], v: Colour): Colour =>
  matrix.map((row) => row.reduce((sum, m, i) => sum + m * v[i], 0));

/** Ottosson's OKLab, in which distances are about even to the eye: 0.1 is a tenth of the way from black to white. */
function okLab(rgb: Colour): Colour {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb.map((part) => Math.max(0, part)),
  ).map(Math.cbrt);
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  );
}

function contrast(a: string, b: string): number {
  const [x, y] = [a, b].map((hex) => times([[0.2126, 0.7152, 0.0722]], linear(hex))[0] + 0.05);
  return Math.max(x, y) / Math.min(x, y);
}

describe.each([
  ["light", light],
  ["dark", dark],
])("%s", (_, theme) => {
  test.each(Object.keys(sights))("%s: any two colours are a tenth of the way from black to white apart", (sight) => {
    const seen = theme.series.map((colour) => okLab(times(sights[sight], linear(colour))));
    for (let i = 0; i < seen.length; i++) {
      for (let j = 0; j < i; j++) {
        const distance = Math.hypot(...seen[i].map((part, k) => part - seen[j][k]));
        expect(distance, `${theme.series[i]} and ${theme.series[j]}`).toBeGreaterThan(0.1);
      }
    }
  });

  test("lines stand out 3 : 1 from the ground, words 4.5 : 1 (WCAG 2.2, 1.4.3 and 1.4.11)", () => {
    for (const colour of theme.series) {
      expect(contrast(colour, theme.ground), colour).toBeGreaterThan(3);
    }
    for (const colour of [theme.ink, theme.muted]) expect(contrast(colour, theme.ground)).toBeGreaterThan(4.5);
  });
});

test("every style has a marker of its own", () => {
  expect(new Set(markers).size).toBe(light.series.length);
  expect(dark.series.length).toBe(light.series.length);
});
