/**
 * Many instances of one task on one thread, one after the other, without an allocation at a step. Each has data of its own; the
 * compiled model is shared. An episode's start depends on (seed, environment, episode) alone.
 */
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { checkSeed, RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import type { Scene } from "../../scenes/scene.ts";
import type { BatchedEnvironment } from "../batched.ts";
import {
  checkActionsLength,
  checkCount,
  checkFirstIndex,
  checkIndex,
  checkSavedLength,
  parseSaved,
  refuseAction,
  refuseBeforeReset,
} from "../checks.ts";
import type { Info } from "../environment.ts";
import { exactNumber } from "../exactNumberForm.ts";
import { fromExact, toExact } from "../exactNumbers.ts";
import { type Box, box } from "../spaces.ts";
import { compileModel, controlBounds } from "./compile.ts";
import { Drawing } from "./drawing.ts";
import { engineFor, type MujocoModel } from "./engine.ts";
import { Physics } from "./physics.ts";
import {
  refuseDiverged,
  refuseEngine,
  refuseFull,
  refuseMemory,
  refuseReward,
  refuseStart,
  type Where,
} from "./refusals.ts";
import type { Judgement, MujocoTask } from "./task.ts";

/** Blocks of random numbers that an episode's start may take. */
const DRAWS = 4096;

const savedForm = z.object({
  id: z.string(),
  seed: z.int().min(0),
  episodes: z.array(z.int().min(0)),
  steps: z.array(z.int().min(0)),
  physics: z.array(z.array(exactNumber)),
  remembered: z.array(exactNumber),
  observations: z.array(exactNumber),
});

/** WebAssembly's memory is not garbage-collected: what nobody closed is freed when its batch is. */
const unclosed = new FinalizationRegistry<Handles>(free);

interface Handles {
  physics: Physics[];
  model: MujocoModel;
  /** Made when a picture is first asked for. */
  drawing?: Drawing;
}

function free({ physics, model, drawing }: Handles): void {
  drawing?.close();
  for (const one of physics.splice(0)) one.close();
  model.delete();
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

export class MujocoBatch implements BatchedEnvironment {
  readonly id: string;
  readonly count: number;
  readonly firstIndex: number;
  readonly observationSpace: Box;
  readonly actionSpace: Box;
  readonly observationSize: number;
  readonly actionSize: number;
  readonly observations: Float32Array;
  readonly finalObservations: Float32Array;
  readonly exactObservations: Float64Array;
  readonly exactFinalObservations: Float64Array;
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly infos: (Info | undefined)[];
  readonly finalInfos: (Info | undefined)[];
  readonly exactState = true;
  readonly #task: MujocoTask;
  readonly #model: MujocoModel;
  readonly #physics: Physics[] = [];
  readonly #judgements: Mutable<Judgement>[];
  readonly #startInfos: Record<string, number>[];
  readonly #frames: number;
  readonly #limit: number;
  /** Seconds of a step less half a frame: less than that has passed when MuJoCo has reset data that diverged. */
  readonly #least: number;
  readonly #times: Float64Array;
  readonly #steps: Int32Array;
  readonly #episodes: Float64Array;
  /** [count × rememberSize] */
  readonly #remembered: Float64Array;
  /** [count × (nq + nv)]: the state before the step, for errors. */
  readonly #last: Float64Array;
  /** [count × nq]: positions that episodes ended in, for pictures. */
  readonly #finalPositions: Float64Array;
  #random: RandomStream[] = [];
  readonly #handles: Handles;
  #closed = false;

  /**
   * @param count integer ≥ 1.
   * @param firstIndex of a slice, the number of its first environment.
   * @throws AscentError "state" while the physics is not loaded, "environment" for a model that does not compile.
   */
  constructor(task: MujocoTask, count: number, firstIndex = 0) {
    checkCount(task.id, count);
    checkFirstIndex(task.id, firstIndex);
    const engine = engineFor(task.id);
    const model = compileModel(engine, task.id, task.model, task.files);
    this.#task = task;
    this.#model = model;
    this.id = task.id;
    this.count = count;
    this.firstIndex = firstIndex;
    this.#handles = { physics: this.#physics, model };
    unclosed.register(this, this.#handles, this);
    try {
      this.actionSpace = box(controlBounds(task.id, model));
      for (let i = 0; i < count; i++) this.#physics.push(instance(() => new Physics(engine, model), task.id, i, count));
    } catch (error) {
      this.close();
      throw error;
    }
    const { nq, nv } = model;
    this.actionSize = model.nu;
    this.observationSize = task.observe === undefined ? nq + nv : (task.observationSize ?? nq + nv);
    this.observationSpace = box({ low: -Infinity, high: Infinity, shape: [this.observationSize] });
    this.observations = new Float32Array(count * this.observationSize);
    this.finalObservations = new Float32Array(count * this.observationSize);
    this.exactObservations = new Float64Array(count * this.observationSize);
    this.exactFinalObservations = new Float64Array(count * this.observationSize);
    this.rewards = new Float64Array(count);
    this.terminated = new Uint8Array(count);
    this.truncated = new Uint8Array(count);
    this.infos = new Array<undefined>(count).fill(undefined);
    this.finalInfos = new Array<undefined>(count).fill(undefined);
    this.#frames = task.frameSkip ?? 1;
    this.#limit = task.maxEpisodeSteps ?? Infinity;
    this.#least = (this.#frames - 0.5) * model.opt.timestep;
    this.#times = new Float64Array(count);
    this.#steps = new Int32Array(count);
    this.#episodes = new Float64Array(count);
    const remembers = task.rememberSize ?? 0;
    this.#remembered = new Float64Array(count * remembers);
    this.#last = new Float64Array(count * (nq + nv));
    this.#finalPositions = new Float64Array(count * nq);
    this.#startInfos = Array.from({ length: count }, () => ({}));
    const seconds = this.#frames * model.opt.timestep;
    this.#judgements = Array.from({ length: count }, (_, i) => ({
      actions: new Float32Array(0),
      from: i * model.nu,
      count: model.nu,
      before: this.#remembered.subarray(i * remembers, (i + 1) * remembers),
      seconds,
      reward: 0,
      terminated: false,
      info: {},
    }));
  }

  reset(seed: number): void {
    this.#seed(seed);
    this.#episodes.fill(0);
    this.#clear();
    for (let i = 0; i < this.count; i++) this.#start(i);
  }

  step(actions: Float32Array): void {
    if (this.#random.length === 0) refuseBeforeReset(this.id, "step");
    checkActionsLength(this.id, actions, this.count * this.actionSize);
    for (let k = 0; k < actions.length; k++) {
      if (Number.isFinite(actions[k])) continue;
      const i = Math.floor(k / this.actionSize);
      refuseAction(this, i, this.#steps[i], `${actions[k]} is not finite`);
    }
    // In passes: what judging and observing needs is fetched into the caches once for all, not anew after each one's physics.
    for (let i = 0; i < this.count; i++) {
      const { ctrl } = this.#physics[i];
      for (let j = 0; j < ctrl.length; j++) ctrl[j] = actions[i * ctrl.length + j];
    }
    for (let i = 0; i < this.count; i++) this.#advance(i);
    for (let i = 0; i < this.count; i++) this.#judge(i, actions);
  }

  saveState(): unknown {
    if (this.#random.length === 0) refuseBeforeReset(this.id, "saveState");
    return {
      id: this.id,
      seed: this.#random[0].seed,
      episodes: [...this.#episodes],
      steps: [...this.#steps],
      physics: this.#physics.map((one) => toExact(one.state())),
      remembered: toExact(this.#remembered),
      observations: toExact(this.exactObservations),
    };
  }

  /** A state that is refused (AscentError "file") changes nothing. */
  loadState(saved: unknown): void {
    const { seed, episodes, steps, physics, remembered, observations } = parseSaved(this, savedForm, saved);
    checkSavedLength(this, "episode numbers", episodes.length, this.count);
    checkSavedLength(this, "step counts", steps.length, this.count);
    checkSavedLength(this, "states of the physics", physics.length, this.count);
    for (const one of physics) checkSavedLength(this, "numbers of the physics", one.length, this.#physics[0].stateSize);
    checkSavedLength(this, "remembered numbers", remembered.length, this.#remembered.length);
    checkSavedLength(this, "observation columns", observations.length, this.exactObservations.length);
    this.#seed(seed);
    this.#episodes.set(episodes);
    this.#steps.set(steps);
    this.#clear();
    for (let i = 0; i < this.count; i++) {
      this.#physics[i].setState(fromExact(physics[i]));
      this.#times[i] = this.#physics[i].time;
      this.#keep(i, this.#physics[i]);
    }
    this.#remembered.set(fromExact(remembered));
    this.exactObservations.set(fromExact(observations));
    this.observations.set(this.exactObservations);
  }

  /**
   * Environment `index` begins its episode anew, from this state.
   *
   * @throws AscentError "file" unless these are the model's numbers of positions and velocities.
   */
  startFrom(index: number, qpos: readonly number[], qvel: readonly number[]): void {
    checkIndex(this, index);
    if (this.#random.length === 0) refuseBeforeReset(this.id, "startFrom");
    const { nq, nv } = this.#model;
    if (qpos.length !== nq || qvel.length !== nv) {
      throw new AscentError("file", {
        what: `An episode of ${this.id} cannot begin so`,
        got: `${qpos.length} positions and ${qvel.length} velocities`,
        expected: `${nq} and ${nv}`,
        fix: "Give the initial qpos and qvel of the model.",
      });
    }
    this.#start(index, { qpos, qvel });
  }

  scene(index: number): Scene {
    checkIndex(this, index);
    if (this.#random.length === 0) refuseBeforeReset(this.id, "scene");
    // A copy: making the drawing may move the memory that the view is of.
    return this.#draw(this.#physics[index].qpos.slice());
  }

  finalScene(index: number): Scene {
    checkIndex(this, index);
    const { nq } = this.#model;
    return this.#draw(this.#finalPositions.subarray(index * nq, (index + 1) * nq));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    unclosed.unregister(this);
    free(this.#handles);
  }

  #advance(i: number): void {
    try {
      this.#physics[i].advance(this.#frames);
      if (this.#task.contactForces) this.#physics[i].contactForces();
    } catch (cause) {
      refuseEngine(this.#where(i), cause);
    }
  }

  #judge(i: number, actions: Float32Array): void {
    const physics = this.#physics[i];
    const judgement = this.#judgements[i];
    const now = physics.time;
    if (!(now - this.#times[i] > this.#least)) this.#diverged(i, actions);
    this.#times[i] = now;
    judgement.actions = actions;
    judgement.reward = 0;
    judgement.terminated = false;
    this.#task.judge(physics, judgement);
    const { reward, terminated } = judgement;
    if (!Number.isFinite(reward)) refuseReward(this.#where(i), reward);
    this.#see(i, physics);
    this.rewards[i] = reward;
    this.terminated[i] = terminated ? 1 : 0;
    this.infos[i] = judgement.info;
    const cut = ++this.#steps[i] >= this.#limit;
    this.truncated[i] = cut ? 1 : 0;
    if (terminated || cut) this.#end(i, physics);
    else this.#keep(i, physics);
  }

  /** Keeps what the episode ended with, then starts the next one. */
  #end(i: number, physics: Physics): void {
    if (physics.full) refuseFull(this.#where(i));
    const from = i * this.observationSize;
    for (let j = from; j < from + this.observationSize; j++) {
      this.finalObservations[j] = this.observations[j];
      this.exactFinalObservations[j] = this.exactObservations[j];
    }
    this.#finalPositions.set(physics.qpos, i * this.#model.nq);
    this.finalInfos[i] = this.infos[i];
    this.#episodes[i]++;
    this.#start(i);
  }

  #start(i: number, state?: { qpos: readonly number[]; qvel: readonly number[] }): void {
    const physics = this.#physics[i];
    this.#steps[i] = 0;
    physics.reset();
    if (state === undefined) {
      const random = this.#random[i];
      random.counter = this.#episodes[i] * DRAWS;
      this.#task.start?.(physics, random);
    } else {
      physics.qpos.set(state.qpos);
      physics.qvel.set(state.qvel);
    }
    this.#keep(i, physics);
    const { nq, nv } = this.#model;
    for (let j = i * (nq + nv); j < (i + 1) * (nq + nv); j++) {
      if (!Number.isFinite(this.#last[j])) refuseStart(this.#where(i), this.#last[j]);
    }
    try {
      physics.forward();
    } catch (cause) {
      refuseEngine(this.#where(i), cause);
    }
    this.#times[i] = physics.time;
    const info = this.#startInfos[i];
    this.#task.describeStart?.(physics, info);
    this.infos[i] = info;
    this.#see(i, physics);
  }

  /** The state as it is, for an error's words. */
  #keep(i: number, physics: Physics): void {
    const { nq, nv } = this.#model;
    const { qpos, qvel } = physics;
    const from = i * (nq + nv);
    for (let j = 0; j < nq; j++) this.#last[from + j] = qpos[j];
    for (let j = 0; j < nv; j++) this.#last[from + nq + j] = qvel[j];
  }

  #see(i: number, physics: Physics): void {
    const from = i * this.observationSize;
    const exact = this.exactObservations;
    if (this.#task.observe === undefined) {
      const { qpos, qvel } = physics;
      for (let j = 0; j < qpos.length; j++) exact[from + j] = qpos[j];
      for (let j = 0; j < qvel.length; j++) exact[from + qpos.length + j] = qvel[j];
    } else {
      this.#task.observe(physics, exact, from);
    }
    for (let j = from; j < from + this.observationSize; j++) this.observations[j] = exact[j];
    this.#task.remember?.(physics, this.#judgements[i].before);
  }

  #diverged(i: number, actions: Float32Array): never {
    const { nq, nv, nu } = this.#model;
    const row = i * (nq + nv);
    refuseDiverged(this.#where(i), this.#physics[i].warnings(), {
      qpos: this.#last.slice(row, row + nq),
      qvel: this.#last.slice(row + nq, row + nq + nv),
      action: actions.slice(i * nu, (i + 1) * nu),
    });
  }

  #where(i: number): Where {
    const { seed } = this.#random[0];
    return { id: this.id, environment: this.firstIndex + i, step: this.#steps[i], episode: this.#episodes[i], seed };
  }

  #draw(qpos: Float64Array): Scene {
    this.#handles.drawing ??= new Drawing(engineFor(this.id), this.#model, this.#task);
    return this.#handles.drawing.scene(qpos);
  }

  #seed(seed: number): void {
    checkSeed(seed);
    const { count, firstIndex } = this;
    this.#random = Array.from(
      { length: count },
      (_, i) => new RandomStream(seed, streams.environmentStates, firstIndex + i),
    );
  }

  #clear(): void {
    this.rewards.fill(0);
    this.terminated.fill(0);
    this.truncated.fill(0);
    this.infos.fill(undefined);
    this.finalInfos.fill(undefined);
  }
}

function instance(make: () => Physics, id: string, index: number, count: number): Physics {
  try {
    return make();
  } catch (cause) {
    return refuseMemory(id, index, count, cause);
  }
}
