/** Ready-made tabular MDPs: random ones for checking, and three small ones for teaching. */

import {
  checkArgument,
  checkArguments,
  checkOptions,
  finiteNumber,
  listOf,
  numbers,
  type OptionChecks,
  optional,
  share,
  text,
  wholeNumber,
} from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { log } from "../math/deterministic.ts";
import type { RandomStream } from "../random/index.ts";
import { count, randomCheck } from "./argumentChecks.ts";
import type { Layout } from "./layout.ts";
import { type TabularMdp, tabularMdp } from "./tabularMdp.ts";

export interface RandomMdpOptions {
  states: number;
  actions: number;
  /** Default 0.9. */
  gamma?: number;
  horizon?: number;
}

const common = { gamma: optional(share), horizon: optional(count) };
const randomOptions: OptionChecks<RandomMdpOptions> = { states: count, actions: count, ...common };

/** Transitions and start uniform on the simplex (Dirichlet(1, …, 1)), rewards standard normal. No terminal states. */
export function randomMdp(random: RandomStream, options: RandomMdpOptions): TabularMdp {
  checkArgument("randomMdp: random", randomCheck, random);
  checkOptions("randomMdp", randomOptions, options);
  const { states, actions, gamma = 0.9, horizon } = options;
  const transition = new Float64Array(states * actions * states);
  for (let row = 0; row < states * actions; row++) {
    transition.set(uniformOnSimplex(random, states), row * states);
  }
  const reward = Float64Array.from({ length: states * actions }, () => random.normal());
  return tabularMdp({ states, actions, transition, reward, start: uniformOnSimplex(random, states), gamma, horizon });
}

/** A random policy table [states × actions], each row uniform on the simplex. */
export function randomPolicy(random: RandomStream, states: number, actions: number): Float64Array {
  checkArguments("randomPolicy", { random: randomCheck, states: count, actions: count }, { random, states, actions });
  const policy = new Float64Array(states * actions);
  for (let s = 0; s < states; s++) policy.set(uniformOnSimplex(random, actions), s * actions);
  return policy;
}

function uniformOnSimplex(random: RandomStream, count: number): Float64Array {
  const draws = Float64Array.from({ length: count }, () => -log(1 - random.uniform()) + 1e-12);
  const sum = draws.reduce((a, b) => a + b, 0);
  return draws.map((value) => value / sum);
}

/** One decision, known rewards r(a): the smallest task there is. One state to decide in, one terminal. */
export function bandit(rewards: readonly number[]): TabularMdp {
  checkArgument("bandit: rewards", { ...numbers, expected: "a list of rewards" }, rewards);
  const actions = rewards.length;
  const transition = new Float64Array(2 * actions * 2);
  for (let a = 0; a < actions; a++) transition[a * 2 + 1] = 1;
  const reward = [...rewards, ...rewards.map(() => 0)];
  return tabularMdp({
    states: 2,
    actions,
    transition,
    reward,
    gamma: 1,
    terminal: [0, 1],
    horizon: 1,
    layout: { kind: "arms" },
  });
}

export interface ChainOptions {
  /** Places, the last of them terminal. Default 5. */
  length?: number;
  /** Default 0.9. */
  gamma?: number;
  /** Probability that a move goes the other way. Default 0. */
  slip?: number;
  /** Reward of each step. Default 0. */
  stepReward?: number;
  /** Added to that of the step onto the last place. Default 1. */
  goalReward?: number;
  horizon?: number;
}

const rewards = { slip: optional(share), stepReward: optional(finiteNumber), goalReward: optional(finiteNumber) };
const chainOptions: OptionChecks<ChainOptions> = { ...common, ...rewards, length: optional(wholeNumber(2)) };

/** A corridor: action 1 goes right, action 0 left (staying at the left end); reaching the right end is the goal. */
export function chain(options: ChainOptions = {}): TabularMdp {
  checkOptions("chain", chainOptions, options);
  const { length = 5, gamma = 0.9, slip = 0, stepReward = 0, goalReward = 1, horizon } = options;
  const transition = new Float64Array(length * 2 * length);
  const reward = new Float64Array(length * 2);
  const terminal = new Uint8Array(length);
  terminal[length - 1] = 1;
  for (let s = 0; s < length - 1; s++) {
    for (let a = 0; a < 2; a++) {
      const right = a === 1 ? 1 - slip : slip;
      const row = (s * 2 + a) * length;
      transition[row + s + 1] += right;
      transition[row + Math.max(s - 1, 0)] += 1 - right;
      reward[s * 2 + a] = stepReward + (s === length - 2 ? right * goalReward : 0);
    }
  }
  const letters = `S${".".repeat(length - 2)}G`;
  const layout: Layout = { kind: "grid", columns: length, letters, moves: ["left", "right"] };
  return tabularMdp({ states: length, actions: 2, transition, reward, gamma, terminal, horizon, layout });
}

export interface GridWorldOptions {
  /** Probability that a move goes to a random one of the four sides. Default 0. */
  slip?: number;
  /** Default 0.95. */
  gamma?: number;
  /** Reward of each step. Default −0.04. */
  stepReward?: number;
  /** Added to that of a step onto "G". Default 1. */
  goalReward?: number;
  /** Added to that of a step onto "X". Default −1. */
  pitReward?: number;
  horizon?: number;
}

const gridOptions: OptionChecks<GridWorldOptions> = { ...common, ...rewards, pitReward: optional(finiteNumber) };

/**
 * A maze drawn in text: "S" starts (uniform among several; without any, every free place), "." free, "#" wall, "G" goal, "X"
 * pit; goal and pit are terminal. States are the places in reading order, walls too (never entered, terminal). Actions: 0 up, 1 right,
 * 2 down, 3 left; a move into a wall or the edge stays.
 *
 * @throws AscentError "option" for rows of unequal length, unknown letters or no place to start.
 */
export function gridWorld(rows: readonly string[], options: GridWorldOptions = {}): TabularMdp {
  checkArgument("gridWorld: rows", listOf(text, "a list of texts"), rows);
  checkOptions("gridWorld", gridOptions, options);
  const { slip = 0, gamma = 0.95, stepReward = -0.04, goalReward = 1, pitReward = -1, horizon } = options;
  const width = rows[0]?.length ?? 0;
  const letters = rows.join("");
  if (width === 0 || rows.some((row) => row.length !== width) || /[^S.#GX]/.test(letters) || !/[S.]/.test(letters)) {
    throw new AscentError("option", {
      what: "gridWorld: the drawing is not usable",
      got: rows.join(" / "),
      expected: 'rows of equal length of "S", ".", "#", "G" and "X", with somewhere to start',
      fix: 'Draw it like ["S.G", ".#X"].',
    });
  }
  const states = letters.length;
  const starts = letters.includes("S") ? "S" : ".";
  const startCount = [...letters].filter((letter) => letter === starts).length;
  const transition = new Float64Array(states * 4 * states);
  const reward = new Float64Array(states * 4);
  const landing = (s: number) => (letters[s] === "G" ? goalReward : letters[s] === "X" ? pitReward : 0);
  const moved = (s: number, side: number) => {
    const x = (s % width) + [0, 1, 0, -1][side];
    const y = Math.floor(s / width) + [-1, 0, 1, 0][side];
    const inside = x >= 0 && x < width && y >= 0 && y < rows.length;
    return inside && rows[y][x] !== "#" ? y * width + x : s;
  };
  for (let s = 0; s < states; s++) {
    for (let a = 0; a < 4; a++) {
      reward[s * 4 + a] = stepReward;
      for (let side = 0; side < 4; side++) {
        const probability = (side === a ? 1 - slip : 0) + slip / 4;
        transition[(s * 4 + a) * states + moved(s, side)] += probability;
        reward[s * 4 + a] += probability * landing(moved(s, side));
      }
    }
  }
  return tabularMdp({
    states,
    actions: 4,
    transition,
    reward,
    start: Float64Array.from(letters, (letter) => (letter === starts ? 1 / startCount : 0)),
    gamma,
    terminal: Uint8Array.from(letters, (letter) => ("GX#".includes(letter) ? 1 : 0)),
    horizon,
    layout: { kind: "grid", columns: width, letters, moves: ["up", "right", "down", "left"] },
  });
}
