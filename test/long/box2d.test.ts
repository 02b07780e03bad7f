/** Returns and lengths of many episodes on Box2D against Gymnasium's (statistics.json): within three standard errors of both. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { environmentSpec, prepareEnvironment } from "../../src/envs/index.ts";
import { RandomStream } from "../../src/random/stream.ts";
import { landContinuous, landDiscrete } from "../envs/box2d/heuristics.ts";

interface Statistics {
  episodes: number;
  return_mean: number;
  return_sd: number;
  length_mean: number;
  length_sd: number;
}
const { statistics } = JSON.parse(readFileSync("test/golden/gymnasium/statistics.json", "utf8")) as {
  statistics: Record<string, Statistics>;
};

type Controller = (observation: Float32Array, random: RandomStream) => number | Float32Array;
const drawn =
  (size: number): Controller =>
  (_, random) =>
    Float32Array.from({ length: size }, () => random.uniformBetween(-1, 1));

beforeAll(() => prepareEnvironment("LunarLander-v3"));

test.each<[name: string, id: string, controller: Controller, episodes: number]>([
  ["LunarLander-v3 random", "LunarLander-v3", (_, random) => random.integer(4), 1000],
  ["LunarLander-v3 built-in heuristic", "LunarLander-v3", landDiscrete, 1000],
  ["LunarLander-v3 always 0", "LunarLander-v3", () => 0, 1000],
  ["LunarLander-v3 always 2", "LunarLander-v3", () => 2, 1000],
  ["LunarLanderContinuous-v3 random", "LunarLanderContinuous-v3", drawn(2), 1000],
  ["LunarLanderContinuous-v3 built-in heuristic", "LunarLanderContinuous-v3", landContinuous, 1000],
  ["BipedalWalker-v3 random", "BipedalWalker-v3", drawn(4), 300],
  ["BipedalWalker-v3 zero action", "BipedalWalker-v3", () => new Float32Array(4), 100],
])("%s", (name, id, controller, episodes) => {
  const reference = statistics[name];
  const environment = environmentSpec(id).makeSingle();
  const random = new RandomStream(8, 2000);
  const returns: number[] = [];
  const lengths: number[] = [];
  for (let seed = 0; seed < episodes; seed++) {
    let observation = environment.reset({ seed }).observation as Float32Array;
    let [sum, length, ended] = [0, 0, false];
    while (!ended) {
      const result = environment.step(controller(observation, random) as never);
      observation = result.observation as Float32Array;
      sum += result.reward;
      length++;
      ended = result.terminated || result.truncated;
    }
    returns.push(sum);
    lengths.push(length);
  }
  const apart = (values: readonly number[], mean: number, sd: number) => {
    const own = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - own) ** 2, 0) / (values.length - 1);
    const error = Math.sqrt(variance / values.length + (sd * sd) / reference.episodes);
    return { own, errors: (own - mean) / error };
  };
  const figures = {
    return: apart(returns, reference.return_mean, reference.return_sd),
    length: apart(lengths, reference.length_mean, reference.length_sd),
  };
  console.log(name, JSON.stringify(figures));
  expect(Math.abs(figures.return.errors)).toBeLessThan(3);
  expect(Math.abs(figures.length.errors)).toBeLessThan(3);
});
