/**
 * MaskedCorridor-v1: a walk to the end of a corridor in which every place has its own, different codes for the few actions that
 * exist there. Of 40 actions 2 to 4 are valid in a place; any other does nothing and costs the step. A small world to see what
 * action masks are worth (Huang & Ontañón 2022).
 */
import { z } from "zod";
import { checkSeed, RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import type { Scene } from "../../scenes/scene.ts";
import type { EnvironmentSpec } from "../batched.ts";
import { batchFromFactory } from "../batchFromFactory.ts";
import { refuseBeforeReset, refuseSaved } from "../checks.ts";
import type { Environment, ResetResult, StepResult } from "../environment.ts";
import { discrete } from "../spaces.ts";
import { timeLimit } from "../wrappers.ts";
import { corridorScene } from "./corridorScene.ts";

const ID = "MaskedCorridor-v1";
/** Walkable places; the goal lies behind the last one. */
const PLACES = 20;
const ACTIONS = 40;
const STEP_COST = 0.1;
const TIME_LIMIT = 100;

/** What can be done, as the change of place, by its number. */
const FORWARD = 0;
const BACK = 1;
const WAIT = 2;
const NAMES = ["forward", "back", "wait", "leap"];
const MOVES = [1, -1, 0, 2];

const savedForm = z.object({ seed: z.int().min(0), counter: z.int().min(0), place: z.int().min(0).max(PLACES) });

/** Forward is valid everywhere, back from place 1 on, waiting at every second place, a leap of two at every third. */
function isValid(place: number, move: number): boolean {
  if (move === BACK) return place > 0;
  if (move === WAIT) return place % 2 === 0;
  return move === FORWARD || place % 3 === 0;
}

/** The action that stands for a move in a place: no two places agree. */
export function corridorAction(place: number, move: number): number {
  return (7 * place + 11 * move + 3) % ACTIONS;
}

/** Reward: places gained, less 0.1 a step. Starts from places 0 to 3, where the best returns are 18.7, 17.7, 16.8 and 15.9. */
export class MaskedCorridor implements Environment<number, number> {
  readonly observationSpace = discrete(PLACES + 1);
  readonly actionSpace = discrete(ACTIONS);
  #random = new RandomStream(0, streams.environmentStates);
  #place = -1;

  reset(options?: { seed?: number }): ResetResult<number> {
    if (options?.seed !== undefined) {
      checkSeed(options.seed);
      this.#random = new RandomStream(options.seed, streams.environmentStates);
    }
    this.#place = this.#random.integer(4);
    return { observation: this.#place };
  }

  step(action: number): StepResult<number> {
    if (this.#place < 0) refuseBeforeReset(ID, "step");
    const before = this.#place;
    const move = MOVES.findIndex((_, m) => isValid(before, m) && corridorAction(before, m) === action);
    if (move >= 0) this.#place = Math.min(before + MOVES[move], PLACES);
    const terminated = this.#place === PLACES;
    return { observation: this.#place, reward: this.#place - before - STEP_COST, terminated, truncated: false };
  }

  /** [40] */
  actionMask(): Uint8Array {
    const mask = new Uint8Array(ACTIONS);
    for (let m = 0; m < MOVES.length; m++) if (isValid(this.#place, m)) mask[corridorAction(this.#place, m)] = 1;
    return mask;
  }

  scene(): Scene {
    if (this.#place < 0) refuseBeforeReset(ID, "scene");
    const place = this.#place;
    const valid = NAMES.flatMap((name, m) =>
      place < PLACES && isValid(place, m)
        ? [{ name, to: Math.min(place + MOVES[m], PLACES), action: corridorAction(place, m) }]
        : [],
    );
    return corridorScene(place, PLACES, valid);
  }

  saveState(): unknown {
    if (this.#place < 0) refuseBeforeReset(ID, "saveState");
    return { seed: this.#random.seed, counter: this.#random.counter, place: this.#place };
  }

  loadState(state: unknown): void {
    const saved = savedForm.safeParse(state);
    if (!saved.success) refuseSaved(ID, saved.error);
    const { seed, counter, place } = saved.data;
    this.#random = new RandomStream(seed, streams.environmentStates);
    this.#random.counter = counter;
    this.#place = place;
  }
}

export const maskedCorridor: EnvironmentSpec = {
  id: ID,
  summary: "walk a corridor where 2 to 4 of 40 actions are valid at each place; has action masks",
  maxEpisodeSteps: TIME_LIMIT,
  make: (count, firstIndex) =>
    batchFromFactory(() => new MaskedCorridor(), count, { id: ID, maxEpisodeSteps: TIME_LIMIT }, firstIndex),
  makeSingle: () => timeLimit(new MaskedCorridor(), TIME_LIMIT),
};
