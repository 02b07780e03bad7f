/** One environment for people from a batched one of count 1: typed values, explicit resets. */
import { z } from "zod";
import { checkArgument } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { checkSeed, deriveSeed } from "../random/stream.ts";
import { streams } from "../random/streams.ts";
import type { Scene } from "../scenes/scene.ts";
import type { BatchedEnvironment } from "./batched.ts";
import { parseSaved, refuseBeforeReset } from "./checks.ts";
import { batchCheck } from "./contract.ts";
import type { Environment, Info, ResetResult, StepResult } from "./environment.ts";
import { readFlat, type Space, writeFlat } from "./spaces.ts";

const savedForm = z.object({
  id: z.string(),
  seed: z.int().min(0),
  resets: z.int().min(0),
  phase: z.enum(["running", "ended"]),
  batch: z.unknown(),
});

/**
 * The environment in `batch`, which must have count 1 (AscentError "option" otherwise) and belongs to the result from
 * now on. reset({ seed }) starts as the batch does from that seed; every further reset() without one starts from a seed
 * derived from it, and a first reset() without one counts as seed 0: nothing is ever drawn from the clock.
 */
export function singleFromBatched<Observation = unknown, Action = unknown>(
  batch: BatchedEnvironment,
): Environment<Observation, Action> {
  checkArgument("singleFromBatched: batch", batchCheck, batch);
  if (batch.count !== 1) {
    throw new AscentError("option", {
      what: `singleFromBatched takes one environment of ${batch.id}`,
      got: `a batch of ${batch.count}`,
      expected: "a batch of 1",
      fix: "Make it with a count of 1.",
    });
  }
  return new SingleFromBatched<Observation, Action>(batch);
}

class SingleFromBatched<Observation, Action> implements Environment<Observation, Action> {
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  readonly actionMask?: () => Uint8Array;
  readonly scene?: () => Scene;
  readonly #batch: BatchedEnvironment;
  readonly #action: Float32Array;
  #seed = 0;
  #resets = 0;
  #phase: "new" | "running" | "ended" = "new";

  constructor(batch: BatchedEnvironment) {
    this.#batch = batch;
    this.observationSpace = batch.observationSpace;
    this.actionSpace = batch.actionSpace;
    this.#action = new Float32Array(batch.actionSize);
    const masks = batch.actionMasks;
    if (masks !== undefined) this.actionMask = () => masks.slice();
    if (batch.scene !== undefined) this.scene = () => this.#scene();
  }

  reset(options?: { seed?: number }): ResetResult<Observation> {
    if (options?.seed !== undefined) {
      checkSeed(options.seed);
      this.#seed = options.seed;
      this.#resets = 0;
    }
    const seed = this.#resets === 0 ? this.#seed : deriveSeed(this.#seed, streams.environmentSeeds, 0, this.#resets);
    this.#resets++;
    this.#batch.reset(seed);
    this.#phase = "running";
    return this.#withInfo({ observation: this.#read(this.#batch.observations) }, this.#batch.infos);
  }

  step(action: Action): StepResult<Observation> {
    const batch = this.#batch;
    if (this.#phase === "new") refuseBeforeReset(batch.id, "step");
    if (this.#phase === "ended") {
      throw new AscentError("state", {
        what: `${batch.id}: step was called after the episode's end`,
        fix: "Call reset.",
      });
    }
    writeFlat(batch.actionSpace, action, this.#action, 0);
    batch.step(this.#action);
    const terminated = batch.terminated[0] === 1;
    const truncated = batch.truncated[0] === 1;
    const ended = terminated || truncated;
    if (ended) this.#phase = "ended";
    const observation = this.#read(ended ? batch.finalObservations : batch.observations);
    const infos = ended ? batch.finalInfos : batch.infos;
    return this.#withInfo({ observation, reward: batch.rewards[0], terminated, truncated }, infos);
  }

  saveState(): unknown {
    if (this.#phase === "new") refuseBeforeReset(this.#batch.id, "saveState");
    const { id } = this.#batch;
    return { id, seed: this.#seed, resets: this.#resets, phase: this.#phase, batch: this.#batch.saveState() };
  }

  loadState(state: unknown): void {
    const saved = parseSaved(this.#batch, savedForm, state);
    this.#batch.loadState(saved.batch);
    this.#seed = saved.seed;
    this.#resets = saved.resets;
    this.#phase = saved.phase;
  }

  close(): void {
    this.#batch.close?.();
  }

  /** A batch without `finalScene` has begun the next episode when one ends, and that is what it shows then. */
  #scene(): Scene {
    const batch = this.#batch;
    if (this.#phase === "new") refuseBeforeReset(batch.id, "scene");
    const draw = this.#phase === "ended" ? (batch.finalScene ?? batch.scene) : batch.scene;
    return (draw as (index: number) => Scene).call(batch, 0);
  }

  #withInfo<Result extends object>(result: Result, infos: BatchedEnvironment["infos"]): Result & { info?: Info } {
    const info = infos?.[0];
    // A copy: batches may tell everything of an environment in one object that stays the same.
    return info === undefined ? result : { ...result, info: { ...info } };
  }

  #read(columns: Float32Array): Observation {
    return readFlat(this.observationSpace, columns, 0) as Observation;
  }
}
