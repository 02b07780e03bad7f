/**
 * GridImage-v1: a walk over a grid of 7 × 7 to a goal, around blocks, seen as a picture of three channels: where the walker is, where
 * the goal is, where blocks are. All of them lie elsewhere in every episode, so that the picture has to be read. Blocks lie at odd
 * rows and columns alone, and so never cut a goal off.
 */
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { checkSeed, RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import { rectangle } from "../../scenes/forms.ts";
import type { Scene, Shape } from "../../scenes/scene.ts";
import type { EnvironmentSpec } from "../batched.ts";
import { batchFromFactory } from "../batchFromFactory.ts";
import { refuseBeforeReset, refuseSaved } from "../checks.ts";
import type { Environment, ResetResult, StepResult } from "../environment.ts";
import { type Box, box, type Discrete, discrete } from "../spaces.ts";
import { timeLimit } from "../wrappers/timeLimit.ts";

const ID = "GridImage-v1";
const SIDE = 7;
const CELLS = SIDE * SIDE;
const BLOCKS = 3;
const STEP_COST = 0.02;
const TIME_LIMIT = 50;
/** By action, as [rows, columns]; rows count downwards. */
const MOVES = [
  [-1, 0],
  [0, 1],
  [1, 0],
  [0, -1],
] as const;
const ODD_CELLS = [8, 10, 12, 22, 24, 26, 36, 38, 40];

const cell = z
  .int()
  .min(0)
  .max(CELLS - 1);
const form = z.object({
  ...{ seed: z.int().min(0), counter: z.int().min(0), walker: cell, goal: cell },
  blocks: z.array(cell).length(BLOCKS),
});

/** Actions: 0 up, 1 right, 2 down, 3 left; walls and blocks stop. Reward: 1 at the goal, where the episode ends, less 0.02 a step. */
export class GridImage implements Environment<Float32Array, number, Box, Discrete> {
  readonly observationSpace = box({ low: 0, high: 1, shape: [3, SIDE, SIDE] });
  readonly actionSpace = discrete(MOVES.length);
  #random = new RandomStream(0, streams.environmentStates);
  #walker = -1;
  #goal = 0;
  #blocks: readonly number[] = [];

  reset(options?: { seed?: number }): ResetResult<Float32Array> {
    if (options?.seed !== undefined) {
      checkSeed(options.seed);
      this.#random = new RandomStream(options.seed, streams.environmentStates);
    }
    const blocks = [...ODD_CELLS];
    while (blocks.length > BLOCKS) blocks.splice(this.#random.integer(blocks.length), 1);
    const free = Array.from({ length: CELLS }, (_, at) => at).filter((at) => !blocks.includes(at));
    const [walker] = free.splice(this.#random.integer(free.length), 1);
    this.#blocks = blocks;
    this.#walker = walker;
    this.#goal = free[this.#random.integer(free.length)];
    return { observation: this.#picture() };
  }

  step(action: number): StepResult<Float32Array> {
    if (this.#walker < 0) refuseBeforeReset(ID, "step");
    const move = MOVES[action];
    if (move === undefined) {
      const what = `${ID}: there is no such action`;
      throw new AscentError("space", { what, got: String(action), expected: "0, 1, 2 or 3", fix: "Give one of them." });
    }
    const row = Math.min(Math.max(Math.floor(this.#walker / SIDE) + move[0], 0), SIDE - 1);
    const column = Math.min(Math.max((this.#walker % SIDE) + move[1], 0), SIDE - 1);
    const to = row * SIDE + column;
    if (!this.#blocks.includes(to)) this.#walker = to;
    const terminated = this.#walker === this.#goal;
    const reward = (terminated ? 1 : 0) - STEP_COST;
    return { observation: this.#picture(), reward, terminated, truncated: false };
  }

  scene(): Scene {
    if (this.#walker < 0) refuseBeforeReset(ID, "scene");
    const shapes: Shape[] = [];
    const square = (at: number, shrink: number) => {
      const [x, y] = [at % SIDE, SIDE - 1 - Math.floor(at / SIDE)];
      return rectangle(x + shrink, y + shrink, x + 1 - shrink, y + 1 - shrink);
    };
    for (let at = 0; at < CELLS; at++) {
      const fill = at === this.#goal ? "good" : this.#blocks.includes(at) ? "muted" : "sky";
      shapes.push({ kind: "polygon", points: square(at, 0.03), fill });
    }
    const [x, y] = [this.#walker % SIDE, SIDE - 1 - Math.floor(this.#walker / SIDE)];
    shapes.push({ kind: "circle", x: x + 0.5, y: y + 0.5, radius: 0.32, fill: "accent1", stroke: "ground" });
    return { left: -0.2, bottom: -0.2, right: SIDE + 0.2, top: SIDE + 0.2, shapes, words: this.#words() };
  }

  saveState(): unknown {
    if (this.#walker < 0) refuseBeforeReset(ID, "saveState");
    const { seed, counter } = this.#random;
    return { seed, counter, walker: this.#walker, goal: this.#goal, blocks: [...this.#blocks] };
  }

  loadState(state: unknown): void {
    const saved = form.safeParse(state);
    if (!saved.success) refuseSaved(ID, saved.error);
    const { seed, counter, walker, goal, blocks } = saved.data;
    this.#random = new RandomStream(seed, streams.environmentStates);
    this.#random.counter = counter;
    this.#walker = walker;
    this.#goal = goal;
    this.#blocks = blocks;
  }

  #picture(): Float32Array {
    const picture = new Float32Array(3 * CELLS);
    picture[this.#walker] = 1;
    picture[CELLS + this.#goal] = 1;
    for (const block of this.#blocks) picture[2 * CELLS + block] = 1;
    return picture;
  }

  #words(): string {
    const place = (at: number) => `row ${Math.floor(at / SIDE) + 1}, column ${(at % SIDE) + 1}`;
    if (this.#walker === this.#goal) return `The walker has reached the goal at ${place(this.#goal)}.`;
    return `The walker is at ${place(this.#walker)}, the goal at ${place(this.#goal)}; blocks are at ${this.#blocks.map(place).join("; ")}.`;
  }
}

export const gridImage: EnvironmentSpec<Environment<Float32Array, number, Box, Discrete>> = {
  id: ID,
  summary: "walk to a goal around blocks on a grid seen as a picture of three channels (not in Gymnasium)",
  maxEpisodeSteps: TIME_LIMIT,
  rewardThreshold: 0.85,
  make: (count, firstIndex) =>
    batchFromFactory(() => new GridImage(), count, { id: ID, maxEpisodeSteps: TIME_LIMIT }, firstIndex),
  makeSingle: () => timeLimit(new GridImage(), TIME_LIMIT),
};
