/**
 * One figure in motion: MuJoCo's data of a model, read and written through views of WebAssembly's memory. When that memory grows,
 * as it does when further data are made, every view made before is empty, and what is written to it is lost: so a view is looked at
 * before it is handed out, and fetched anew when it is empty. Hold on to the physics, never to a view beyond the step.
 */
import { AscentError } from "../../errors.ts";
import type { MujocoData, MujocoEngine, MujocoModel, ViewName } from "./engine.ts";

const KINDS = {
  body: "mjOBJ_BODY",
  joint: "mjOBJ_JOINT",
  geom: "mjOBJ_GEOM",
  site: "mjOBJ_SITE",
  sensor: "mjOBJ_SENSOR",
} as const;

/** How many numbers MuJoCo counts its warnings under, in its order. */
export interface WarningCounts {
  contactsFull: number;
  constraintsFull: number;
  badPosition: number;
  badVelocity: number;
  badAcceleration: number;
}

/** What tasks are given: the state and what follows from it, by MuJoCo's names (its documentation says what is in them). */
export class Physics {
  readonly model: MujocoModel;
  readonly #engine: MujocoEngine;
  readonly #data: MujocoData;
  readonly #views: Partial<Record<ViewName, Float64Array>> = {};
  readonly #indices = new Map<string, number>();
  readonly #parts: number;

  constructor(engine: MujocoEngine, model: MujocoModel) {
    this.#engine = engine;
    this.model = model;
    this.#data = new engine.MjData(model);
    this.#parts = engine.mjtState.mjSTATE_INTEGRATION.value;
  }

  /** Positions, [nq]. */
  get qpos(): Float64Array {
    return this.#view("qpos");
  }
  /** Velocities, [nv]. */
  get qvel(): Float64Array {
    return this.#view("qvel");
  }
  /** Accelerations of the last step, [nv]. */
  get qacc(): Float64Array {
    return this.#view("qacc");
  }
  /** What the actuators are told, [nu]. */
  get ctrl(): Float64Array {
    return this.#view("ctrl");
  }
  /** Places of the bodies' frames, [nbody × 3]; of the last step's beginning, as all that follows from positions. */
  get xpos(): Float64Array {
    return this.#view("xpos");
  }
  /** Their directions as quaternions, [nbody × 4]. */
  get xquat(): Float64Array {
    return this.#view("xquat");
  }
  /** Places of the bodies' centres of mass, [nbody × 3]. */
  get xipos(): Float64Array {
    return this.#view("xipos");
  }
  get geom_xpos(): Float64Array {
    return this.#view("geom_xpos");
  }
  get geom_xmat(): Float64Array {
    return this.#view("geom_xmat");
  }
  get site_xpos(): Float64Array {
    return this.#view("site_xpos");
  }
  /** Inertias about the whole's centre of mass, [nbody × 10]. */
  get cinert(): Float64Array {
    return this.#view("cinert");
  }
  /** Velocities about it, [nbody × 6]. */
  get cvel(): Float64Array {
    return this.#view("cvel");
  }
  /** Forces from outside on the bodies, [nbody × 6]; only where the task asks for `contactForces`. */
  get cfrc_ext(): Float64Array {
    return this.#view("cfrc_ext");
  }
  get qfrc_actuator(): Float64Array {
    return this.#view("qfrc_actuator");
  }
  get qfrc_constraint(): Float64Array {
    return this.#view("qfrc_constraint");
  }
  get ten_length(): Float64Array {
    return this.#view("ten_length");
  }
  get ten_velocity(): Float64Array {
    return this.#view("ten_velocity");
  }
  get sensordata(): Float64Array {
    return this.#view("sensordata");
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

  /** Since the last reset. Allocates: for ends of episodes, not for every step. */
  warnings(): WarningCounts {
    // A part of the data and freed with it: the list must not be deleted, what it hands out must.
    const list = this.#data.warning;
    const [contactsFull, constraintsFull, badPosition, badVelocity, badAcceleration] = [1, 2, 3, 4, 5].map((index) => {
      const one = list.get(index);
      const number = one?.number ?? 0;
      one?.delete();
      return number;
    });
    return { contactsFull, constraintsFull, badPosition, badVelocity, badAcceleration };
  }

  close(): void {
    this.#data.delete();
  }

  #view(name: ViewName): Float64Array {
    const kept = this.#views[name];
    if (kept !== undefined && kept.length > 0) return kept;
    const view = this.#data[name];
    this.#views[name] = view;
    return view;
  }
}
