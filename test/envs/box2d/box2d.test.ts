/** LunarLander and BipedalWalker: Gymnasium's recorded episodes, exact states, and what is said where the physics is not there. */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { lunarLander } from "../../../src/box2d/index.ts";
import { engineFor, loadEngine, type Planck } from "../../../src/envs/box2d/engine.ts";
import { walkerTerrain } from "../../../src/envs/box2d/walkerTerrain.ts";
import {
  checkEnvironment,
  environmentSpec,
  makeBatched,
  prepareEnvironment,
  replayGolden,
} from "../../../src/envs/index.ts";
import { AscentError } from "../../../src/errors.ts";
import { RandomStream } from "../../../src/random/stream.ts";
import { sceneToSvg } from "../../../src/scenes/index.ts";
import { landContinuous, landDiscrete } from "./heuristics.ts";

const ids = ["LunarLander-v3", "LunarLanderContinuous-v3", "BipedalWalker-v3", "BipedalWalkerHardcore-v3"] as const;

describe("before the physics is loaded", () => {
  test("an environment says what to await", () => {
    expect(() => engineFor("LunarLander-v3")).toThrow(/Await prepareEnvironment\("LunarLander-v3"\)/);
  });

  test("a missing package gives the line that installs it, and can be tried again", async () => {
    const missing = loadEngine(() => Promise.reject(new Error("Cannot find package 'planck'\nmore")));
    await expect(missing).rejects.toThrow(/got Cannot find package 'planck', .*npm install planck@1\.5/);
  });

  test("a release that computes centres of mass wrongly is refused: landers would fly otherwise, without a word", async () => {
    const planck = await import("planck");
    class OldBody {
      createFixture() {}
      getLocalCenter() {
        return { x: 1, y: 0.5 };
      }
    }
    class World {
      createBody() {
        return new OldBody();
      }
    }
    const old = { ...planck, World } as unknown as Planck;
    await expect(loadEngine(() => Promise.resolve(old))).rejects.toThrow(/computes masses wrongly.*1\.5 or newer/);
  });
});

describe("with the physics", () => {
  beforeAll(() => prepareEnvironment("LunarLander-v3"));
  const recording = (id: string) => JSON.parse(readFileSync(`test/golden/box2d/${id}.json`, "utf8"));

  test.each(["LunarLander-v3", "LunarLanderContinuous-v3"])(
    "%s flies as recorded until the end, contacts too",
    (id) => {
      const report = replayGolden(recording(id), 1e-4, { steps: 60 });
      expect(report.maxObservationError).toBeLessThan(1e-4);
      expect(report.flagMismatches).toBe(0);
      // Rewards are differences of a hundred times the observations.
      expect(report.maxRewardError).toBeLessThan(1e-3);
      const last = report.perStep!.at(-1)!;
      expect(last.observationError).toBeLessThan(1e-3);
    },
  );

  test("BipedalWalker-v3 walks as recorded for its first 20 steps, feet on the ground", () => {
    const report = replayGolden(recording("BipedalWalker-v3"), 1e-4, { steps: 20 });
    expect(report.maxObservationError).toBeLessThan(1e-4);
    expect(report.maxRewardError).toBeLessThan(5e-4);
    expect(report.flagMismatches).toBe(0);
  });

  test("an episode that does not say how it began is refused", () => {
    const { terrain: _, ...episode } = recording("LunarLander-v3").episodes[0];
    expect(() => replayGolden({ env: "LunarLander-v3", episodes: [episode] }, 1)).toThrow(/does not say how it began/);
  });

  test.each(ids)("%s: equal seeds give equal episodes, a state goes on to the bit in another batch", (id) => {
    const act = (batch: ReturnType<typeof makeBatched>, steps: number, seed: number) => {
      const random = new RandomStream(seed, 2000);
      const rows: number[] = [];
      const actions = new Float32Array(batch.count * batch.actionSize);
      for (let t = 0; t < steps; t++) {
        for (let i = 0; i < actions.length; i++) {
          actions[i] = batch.actionSpace.kind === "discrete" ? random.integer(4) : random.uniformBetween(-1, 1);
        }
        batch.step(actions);
        rows.push(...batch.observations, ...batch.rewards, ...batch.terminated, ...batch.truncated);
      }
      return rows;
    };
    const [a, b] = [makeBatched(id, 2), makeBatched(id, 2)];
    a.reset(5);
    b.reset(5);
    expect(act(a, 90, 1)).toEqual(act(b, 90, 1));
    const state = JSON.parse(JSON.stringify(a.saveState()));
    const other = makeBatched(id, 2);
    other.loadState(state);
    expect(other.observations).toEqual(a.observations);
    expect(act(other, 60, 2)).toEqual(act(a, 60, 2));
  });

  test.each(ids)("%s passes the checker", (id) => {
    const findings = checkEnvironment(() => environmentSpec(id).makeSingle(), { steps: 60 });
    expect(findings).toEqual([]);
  });

  test.each(ids)("%s draws itself", (id) => {
    const environment = environmentSpec(id).makeSingle();
    environment.reset({ seed: 1 });
    const before = environment.scene!();
    expect(sceneToSvg(before)).toMatch(/<svg[\s\S]*<(polygon|path)/);
    expect(before.words).toMatch(/\.$/);
    const { actionSpace } = environment;
    const full = actionSpace.kind === "box" ? new Float32Array(actionSpace.shape[0]).fill(1) : 2;
    environment.step(full as never);
    expect(environment.scene!()).not.toEqual(before);
  });

  test.each([
    ["LunarLander-v3", landDiscrete],
    ["LunarLanderContinuous-v3", landContinuous],
  ] as const)("%s: a simple controller lands", (id, controller) => {
    const environment = environmentSpec(id).makeSingle();
    const returns = Array.from({ length: 10 }, (_, seed) => {
      let { observation } = environment.reset({ seed });
      let sum = 0;
      for (;;) {
        const result = environment.step(controller(observation) as never);
        observation = result.observation;
        sum += result.reward;
        if (result.terminated || result.truncated) return sum;
      }
    });
    const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    expect(mean).toBeGreaterThan(150);
  });

  test("a lander that turns over and over is no error: its angle leaves the reference's bounds", () => {
    const batch = makeBatched("LunarLander-v3", 5);
    batch.reset(3);
    const left = new Float32Array(5).fill(1);
    let largest = 0;
    for (let t = 0; t < 120; t++) {
      batch.step(left);
      for (let i = 0; i < 5; i++) largest = Math.max(largest, Math.abs(batch.observations[8 * i + 4]));
    }
    expect(largest).toBeGreaterThan(2 * Math.PI);
  });

  test("wind blows, and options out of their range are refused", () => {
    const still = environmentSpec("LunarLander-v3").makeSingle();
    const windy = lunarLander("Windy-v0", { enableWind: true, windPower: 20 }).makeSingle();
    const drift = (environment: typeof windy) => {
      environment.reset({ seed: 3 });
      const start = (environment.step(0).observation as Float32Array)[2];
      let now = start;
      for (let t = 0; t < 15; t++) now = (environment.step(0).observation as Float32Array)[2];
      return Math.abs(now - start);
    };
    expect(drift(still as typeof windy)).toBeLessThan(1e-3);
    expect(drift(windy)).toBeGreaterThan(1e-2);
    for (const options of [{ gravity: 1 }, { windPower: 21 }, { turbulencePower: -1 }, { wind: true }]) {
      expect(() => lunarLander("Other-v0", options)).toThrow(AscentError);
    }
  });

  test("hardcore ground has pits, stumps and stairs; the other has none", () => {
    const random = () => new RandomStream(4, 2000);
    expect(walkerTerrain(random(), false).blocks).toEqual([]);
    const { blocks, heights } = walkerTerrain(random(), true);
    expect(blocks.length).toBeGreaterThan(5);
    expect(heights).toHaveLength(200);
    // Pits are four steps of 14/30 deep.
    const drops = heights.slice(1).map((height, i) => heights[i] - height);
    expect(Math.max(...drops)).toBeGreaterThan(1);
  });
});
