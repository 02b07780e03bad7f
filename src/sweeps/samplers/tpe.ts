/**
 * Tree-structured Parzen estimators (Bergstra et al. 2011): of the settings tried, the best few make one density, the rest another;
 * of some draws from the first, the one that is likeliest to be of the first and not of the second is tried next. Each setting by
 * itself, as Optuna's default does.
 */
import { RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import { type Dimension, positionOf, type Settings, type Space, valueAt } from "../space.ts";
import { scoreAt, type Trial } from "../trial.ts";
import { Parzen } from "./parzen.ts";
import { randomSettings } from "./random.ts";

export interface TpeSettings {
  /** Trials that are drawn at random before there is anything to learn from. */
  startupTrials: number;
  /** Draws of which the best is taken. */
  candidates: number;
}

/** Share of the trials that counts as good, and the most of them. */
const GOOD_SHARE = 0.1;
const MOST_GOOD = 25;

/**
 * @param known the trials that it may learn from; running ones are left out.
 * @returns the settings of trial `number`, a function of the seed and of the known trials alone.
 */
export function tpeSettings(
  space: Space,
  seed: number,
  number: number,
  known: readonly Trial[],
  { startupTrials, candidates }: TpeSettings,
): Settings {
  const ranked = bestFirst(known);
  if (ranked.length < startupTrials) return randomSettings(space, seed, number);
  const good = Math.min(MOST_GOOD, Math.ceil(GOOD_SHARE * ranked.length));
  const random = new RandomStream(seed, streams.sweeps, number);
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => {
      const positions = ranked.map(({ settings }) => positionOf(dimension, settings[name]) ?? 0.5);
      const better = densityOf(dimension, positions.slice(0, good));
      const worse = densityOf(dimension, positions.slice(good));
      let [best, most] = [0, Number.NEGATIVE_INFINITY];
      for (let i = 0; i < candidates; i++) {
        const x = better.draw(random.uniform(), random.uniform());
        const ratio = better.density(x) / worse.density(x);
        if (ratio > most) [best, most] = [x, ratio];
      }
      return [name, valueAt(dimension, best)];
    }),
  );
}

/** Complete trials by their score; behind them pruned ones, those that got further first; last the failed ones. */
function bestFirst(trials: readonly Trial[]): Trial[] {
  const rank = { complete: 0, pruned: 1, failed: 2, running: 3 };
  return trials
    .filter(({ state }) => state !== "running")
    .sort((a, b) => {
      if (a.state !== b.state) return rank[a.state] - rank[b.state];
      const further = a.state === "pruned" ? b.scores.length - a.scores.length : 0;
      const higher = a.state === "failed" ? 0 : scoreAt(b) - scoreAt(a);
      return further || higher || a.number - b.number;
    });
}

interface Density {
  density(x: number): number;
  draw(which: number, where: number): number;
}

function densityOf(dimension: Dimension, positions: readonly number[]): Density {
  return "choice" in dimension ? counted(dimension.choice.length, positions) : new Parzen(positions);
}

/** Of a choice: how often each value was taken, as if all had been once before. */
function counted(values: number, positions: readonly number[]): Density {
  const counts = new Array<number>(values).fill(1);
  for (const position of positions) counts[Math.floor(position * values)]++;
  const all = positions.length + values;
  return {
    density: (x) => counts[Math.floor(x * values)] / all,
    draw(which) {
      let rest = which * all;
      let value = 0;
      while (value < values - 1 && rest >= counts[value]) rest -= counts[value++];
      return (value + 0.5) / values;
    },
  };
}
