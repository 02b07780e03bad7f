/**
 * One figure in motion: MuJoCo's data of a model, read and written through views of WebAssembly's memory. When that memory grows,
 * as it does when further data are made, every view made before is empty, and what is written to it is lost: so a view is looked at
 * before it is handed out, and fetched anew when it is empty. Hold on to the physics, never to a view beyond the step.
 */
import { AscentError } from "../../errors.ts";
import type { MujocoData, MujocoEngine, MujocoModel } from "./engine.ts";

const EMPTY: Float64Array = new Float64Array(0);
const KINDS = {
  body: "mjOBJ_BODY",
  joint: "mjOBJ_JOINT",
  geom: "mjOBJ_GEOM",
  site: "mjOBJ_SITE",
  sensor: "mjOBJ_SENSOR",
} as const;

/** How often MuJoCo found the state to be beyond what it goes on from, by what was. */
export interface WarningCounts {
  badPosition: number;
  badVelocity: number;
  badAcceleration: number;
}

/** What tasks are given: the state and what follows from it, by MuJoCo's names (its documentation says what is in them). */
export class Physics {
  readonly model: MujocoModel;
  readonly #engine: MujocoEngine;
  readonly #data: MujocoData;
  #warnings: MujocoData["warning"] | undefined;
  readonly #indices = new Map<string, number>();
  readonly #parts: number;
  // A field each: what is looked up by its name at every step costs ten times as much.
  #qpos = EMPTY;
  #qvel = EMPTY;
  #qacc = EMPTY;
  #ctrl = EMPTY;
  #xpos = EMPTY;
  #xquat = EMPTY;
  #xipos = EMPTY;
  #geom_xpos = EMPTY;
  #geom_xmat = EMPTY;
  #site_xpos = EMPTY;
  #cinert = EMPTY;
  #cvel = EMPTY;
  #cfrc_ext = EMPTY;
  #qfrc_actuator = EMPTY;
  #qfrc_constraint = EMPTY;
  #ten_length = EMPTY;
  #ten_velocity = EMPTY;
  #sensordata = EMPTY;

  constructor(engine: MujocoEngine, model: MujocoModel) {
    this.#engine = engine;
    this.model = model;
    this.#data = new engine.MjData(model);
    this.#parts = engine.mjtState.mjSTATE_INTEGRATION.value;
  }

  /** Positions, [nq]. */
  get qpos(): Float64Array {
    if (this.#qpos.length === 0) this.#qpos = this.#data.qpos;
    return this.#qpos;
  }
  /** Velocities, [nv]. */
  get qvel(): Float64Array {
    if (this.#qvel.length === 0) this.#qvel = this.#data.qvel;
    return this.#qvel;
  }
  /** Accelerations of the last step, [nv]. */
  get qacc(): Float64Array {
    if (this.#qacc.length === 0) this.#qacc = this.#data.qacc;
    return this.#qacc;
  }
  /** What the actuators are told, [nu]. */
  get ctrl(): Float64Array {
    if (this.#ctrl.length === 0) this.#ctrl = this.#data.ctrl;
    return this.#ctrl;
  }
  /** Places of the bodies' frames, [nbody × 3]; of the last step's beginning, as all that follows from positions. */
  get xpos(): Float64Array {
    if (this.#xpos.length === 0) this.#xpos = this.#data.xpos;
    return this.#xpos;
  }
  /** Their directions as quaternions, [nbody × 4]. */
  get xquat(): Float64Array {
    if (this.#xquat.length === 0) this.#xquat = this.#data.xquat;
    return this.#xquat;
  }
  /** Places of the bodies' centres of mass, [nbody × 3]. */
  get xipos(): Float64Array {
    if (this.#xipos.length === 0) this.#xipos = this.#data.xipos;
    return this.#xipos;
  }
  get geom_xpos(): Float64Array {
    if (this.#geom_xpos.length === 0) this.#geom_xpos = this.#data.geom_xpos;
    return this.#geom_xpos;
  }
  get geom_xmat(): Float64Array {
    if (this.#geom_xmat.length === 0) this.#geom_xmat = this.#data.geom_xmat;
    return this.#geom_xmat;
  }
  get site_xpos(): Float64Array {
    if (this.#site_xpos.length === 0) this.#site_xpos = this.#data.site_xpos;
    return this.#site_xpos;
  }
  /** Inertias about the whole's centre of mass, [nbody × 10]. */
  get cinert(): Float64Array {
    if (this.#cinert.length === 0) this.#cinert = this.#data.cinert;
    return this.#cinert;
  }
  /** Velocities about it, [nbody × 6]. */
  get cvel(): Float64Array {
    if (this.#cvel.length === 0) this.#cvel = this.#data.cvel;
    return this.#cvel;
  }
  /** Forces from outside on the bodies, [nbody × 6]; only where the task asks for `contactForces`. */
  get cfrc_ext(): Float64Array {
    if (this.#cfrc_ext.length === 0) this.#cfrc_ext = this.#data.cfrc_ext;
    return this.#cfrc_ext;
  }
  get qfrc_actuator(): Float64Array {
    if (this.#qfrc_actuator.length === 0) this.#qfrc_actuator = this.#data.qfrc_actuator;
    return this.#qfrc_actuator;
  }
  get qfrc_constraint(): Float64Array {
    if (this.#qfrc_constraint.length === 0) this.#qfrc_constraint = this.#data.qfrc_constraint;
    return this.#qfrc_constraint;
  }
  get ten_length(): Float64Array {
    if (this.#ten_length.length === 0) this.#ten_length = this.#data.ten_length;
    return this.#ten_length;
  }
  get ten_velocity(): Float64Array {
    if (this.#ten_velocity.length === 0) this.#ten_velocity = this.#data.ten_velocity;
    return this.#ten_velocity;
  }
  get sensordata(): Float64Array {
    if (this.#sensordata.length === 0) this.#sensordata = this.#data.sensordata;
    return this.#sensordata;
  }
  /** Seconds since the episode's start. */
  get time(): number {
    return this.#data.time;
  }

  /** The number of the body, joint, geom, site or sensor of this name. @throws AscentError "environment" when there is none. */
  indexOf(kind: keyof typeof KINDS, name: string): number {
    const key = `${kind} ${name}`;
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    const index = this.#engine.mj_name2id(this.model, this.#engine.mjtObj[KINDS[kind]].value, name);
    if (index < 0) {
      throw new AscentError("environment", {
        what: `The model has no ${kind} named "${name}"`,
        fix: "Correct the name, or give it to an element of the MJCF.",
      });
    }
    this.#indices.set(key, index);
    return index;
  }

  /** Back to the model's own state. */
  reset(): void {
    this.#engine.mj_resetData(this.model, this.#data);
  }

  /** What follows from positions, velocities and controls, without moving. */
  forward(): void {
    this.#engine.mj_forward(this.model, this.#data);
  }

  /** Places of everything from positions alone. */
  place(): void {
    this.#engine.mj_kinematics(this.model, this.#data);
  }

  advance(frames: number): void {
    const engine = this.#engine;
    const { model } = this;
    const data = this.#data;
    for (let k = 0; k < frames; k++) engine.mj_step(model, data);
  }

  /** Fills cfrc_ext, which MuJoCo leaves out of its steps. */
  contactForces(): void {
    this.#engine.mj_rnePostConstraint(this.model, this.#data);
  }

  /** All that the future depends on, the solver's warm start included. */
  state(): Float64Array {
    const buffer = new this.#engine.DoubleBuffer(this.#engine.mj_stateSize(this.model, this.#parts));
    try {
      this.#engine.mj_getState(this.model, this.#data, buffer, this.#parts);
      return buffer.GetView().slice();
    } finally {
      buffer.delete();
    }
  }

  get stateSize(): number {
    return this.#engine.mj_stateSize(this.model, this.#parts);
  }

  setState(state: readonly number[]): void {
    this.#engine.mj_resetData(this.model, this.#data);
    this.#engine.mj_setState(this.model, this.#data, [...state], this.#parts);
  }

  /** Whether contacts or constraints were left out for want of room since the last reset. A microsecond: for ends of episodes. */
  get full(): boolean {
    // Where there was not one of either, and half of the memory was never used, none was left out.
    const { maxuse_con, maxuse_efc, maxuse_arena, narena } = this.#data;
    if (maxuse_con + maxuse_efc === 0 && 2 * maxuse_arena < narena) return false;
    return this.#count(1) + this.#count(2) > 0;
  }

  /** Since the last reset. */
  warnings(): WarningCounts {
    const [badPosition, badVelocity, badAcceleration] = [3, 4, 5].map((index) => this.#count(index));
    return { badPosition, badVelocity, badAcceleration };
  }

  #count(index: number): number {
    // A part of the data and freed with it: the list must not be deleted, what it hands out must.
    this.#warnings ??= this.#data.warning;
    const one = this.#warnings.get(index);
    const number = one?.number ?? 0;
    one?.delete();
    return number;
  }

  close(): void {
    this.#data.delete();
  }
}
