/** Chapter 8: the clipped objective and the adaptive penalty (docs/theory.md, 22, 23). */

import { describe, expect, test } from "vitest";
import { UPDATES } from "../../lab/chapters/08-ppo/shown.ts";
import { type AdaptiveOutput, study as adaptive } from "../../lab/chapters/08-ppo/studies/adaptive.ts";
import { study as clip } from "../../lab/chapters/08-ppo/studies/clip.ts";
import { nextMultiplier } from "../../src/algorithms/index.ts";
import { lastOutput, outputsOf } from "./lastOutput.ts";

describe("clip", () => {
  test("value and gradient are the closed form, on both sides of the edge and for both signs", async () => {
    for (const advantage of [1, -1, 2.5]) {
      for (const ratio of [0.5, 0.79, 1, 1.1, 1.5, 2]) {
        const { at, ratios, clipped, plain } = await lastOutput(clip({ ratio, advantage, clipRange: 0.2 }));
        const held = Math.min(Math.max(ratio, 0.8), 1.2);
        const value = Math.min(ratio * advantage, held * advantage);
        expect(at.clipped).toBeCloseTo(value, 5);
        expect(at.plain).toBeCloseTo(ratio * advantage, 5);
        const flat = advantage > 0 ? ratio > 1.2 : ratio < 0.8;
        expect(at.clippedSlope).toBeCloseTo(flat ? 0 : ratio * advantage, 5);
        expect(at.plainSlope).toBeCloseTo(ratio * advantage, 5);
        ratios.forEach((x, i) => {
          const inside = Math.min(Math.max(x, 0.8), 1.2);
          expect(plain[i]).toBeCloseTo(x * advantage, 5);
          expect(clipped[i]).toBeCloseTo(Math.min(x * advantage, inside * advantage), 5);
        });
      }
    }
  });

  test("ε moves the edge", async () => {
    const at = async (clipRange: number) =>
      (await lastOutput(clip({ ratio: 1.5, advantage: 1, clipRange }))).at.clipped;
    expect(await at(0.1)).toBeCloseTo(1.1, 5);
    expect(await at(0.4)).toBeCloseTo(1.4, 5);
  });
});

describe("adaptive", () => {
  test("each β follows from the last by the library's rule; the fixed one stays", async () => {
    const all = await outputsOf(adaptive({ coefficient: 10, target: 0.003 }));
    expect(all.length).toBe(UPDATES);
    const { updates, adaptive: track, fixed } = all[UPDATES - 1];
    expect([...updates.slice(0, 3)]).toEqual([1, 2, 3]);
    const rule = { klRule: "adaptive", klTarget: 0.003, klRate: 0 } as const;
    for (let k = 1; k < UPDATES; k++) {
      expect(track.coefficient[k]).toBe(nextMultiplier(track.coefficient[k - 1], track.kl[k - 1], rule));
      expect(fixed.coefficient[k]).toBe(10);
    }
    expect(track.objective[UPDATES - 1]).toBeGreaterThan(fixed.objective[UPDATES - 1]);
  });

  test("it goes up where the divergence is above the target, down where it is below", () => {
    const second = (coefficient: number) => {
      const outputs = adaptive({ coefficient, target: 0.003 }) as Generator<AdaptiveOutput, void>;
      outputs.next();
      return (outputs.next().value as AdaptiveOutput).adaptive;
    };
    const loose = second(0.1);
    expect(loose.kl[0]).toBeGreaterThan(0.0045);
    expect(loose.coefficient[1]).toBe(0.2);
    expect(second(100).coefficient[1]).toBe(50);
  });
});
