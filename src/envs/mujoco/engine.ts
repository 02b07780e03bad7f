/**
 * The physics package, `@mujoco/mujoco`: loading it once for the whole program, and what is used of it, as types. They are written
 * here because it is an optional package, whose own types say `any` and must not be asked of who does without.
 */
import { AscentError } from "../../errors.ts";

export interface MujocoModel {
  readonly nq: number;
  readonly nv: number;
  readonly nu: number;
  readonly nbody: number;
  readonly ngeom: number;
  readonly opt: { readonly timestep: number };
  readonly actuator_ctrlrange: Float64Array;
  readonly body_mass: Float64Array;
  readonly geom_type: Int32Array;
  readonly geom_size: Float64Array;
  readonly geom_bodyid: Int32Array;
  readonly geom_aabb: Float64Array;
  readonly body_parentid: Int32Array;
  actuator(index: number): { readonly name: string; readonly ctrllimited: boolean; delete(): void };
  delete(): void;
}

/** Fields of MuJoCo's data that are read or written, by its own names; each is a view of WebAssembly's memory. */
type ViewName =
  | "qpos"
  | "qvel"
  | "qacc"
  | "ctrl"
  | "xpos"
  | "xquat"
  | "xipos"
  | "geom_xpos"
  | "geom_xmat"
  | "site_xpos"
  | "cinert"
  | "cvel"
  | "cfrc_ext"
  | "qfrc_actuator"
  | "qfrc_constraint"
  | "ten_length"
  | "ten_velocity"
  | "sensordata";

interface Handle {
  delete(): void;
}

export interface MujocoData extends Readonly<Record<ViewName, Float64Array>>, Handle {
  readonly time: number;
  /** Since the last reset: most contacts, constraints and bytes at a time; and the bytes there are. */
  readonly maxuse_con: number;
  readonly maxuse_efc: number;
  readonly maxuse_arena: number;
  readonly narena: number;
  readonly warning: { get(index: number): (Handle & { readonly number: number }) | undefined };
}

interface Constant {
  readonly value: number;
}

export interface MujocoEngine {
  readonly MjModel: { from_xml_string(mjcf: string, files?: MujocoFiles): MujocoModel | null };
  readonly MjData: new (model: MujocoModel) => MujocoData;
  readonly MjVFS: new () => MujocoFiles;
  readonly DoubleBuffer: new (count: number) => Handle & { GetView(): Float64Array };
  readonly mjtState: { readonly mjSTATE_INTEGRATION: Constant };
  readonly mjtObj: Readonly<
    Record<"mjOBJ_BODY" | "mjOBJ_JOINT" | "mjOBJ_GEOM" | "mjOBJ_SITE" | "mjOBJ_SENSOR", Constant>
  >;
  mj_step(model: MujocoModel, data: MujocoData): void;
  mj_forward(model: MujocoModel, data: MujocoData): void;
  mj_kinematics(model: MujocoModel, data: MujocoData): void;
  mj_rnePostConstraint(model: MujocoModel, data: MujocoData): void;
  mj_resetData(model: MujocoModel, data: MujocoData): void;
  mj_stateSize(model: MujocoModel, parts: number): number;
  mj_getState(model: MujocoModel, data: MujocoData, out: unknown, parts: number): void;
  mj_setState(model: MujocoModel, data: MujocoData, state: number[], parts: number): void;
  mj_name2id(model: MujocoModel, kind: number, name: string): number;
}

export interface MujocoFiles extends Handle {
  addBuffer(name: string, bytes: Uint8Array): void;
}

/** What the package's module exports: a function that starts it. */
export interface MujocoPackage {
  default(options?: unknown): Promise<unknown>;
}

export const PACKAGE = "@mujoco/mujoco";
export const INSTALL = "npm install @mujoco/mujoco@3.14";

let loading: Promise<void> | undefined;
let loaded: MujocoEngine | undefined;

/**
 * Loads and starts the physics, once: who asks again gets the same. A failure can be tried again.
 *
 * @param importPackage imports the package's module.
 * @param options of the package's start, such as `wasmBinary` or `locateFile`.
 * @throws AscentError "environment" with the line that installs it, where it is missing or does not start.
 */
export function loadEngine(importPackage: () => Promise<MujocoPackage>, options: object = {}): Promise<void> {
  loading ??= start(importPackage, options).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start(importPackage: () => Promise<MujocoPackage>, options: object): Promise<void> {
  let module: MujocoPackage;
  try {
    module = await importPackage();
  } catch (cause) {
    throw new AscentError(
      "environment",
      {
        what: `Environments of MuJoCo need the package ${PACKAGE}, and it cannot be loaded`,
        got: firstLine(cause),
        expected: "an installed package",
        fix: inPage()
          ? 'Await loadMujoco() of "ascent-rl/mujoco" first: a bundler takes the package along with that.'
          : `Install it beside this one: ${INSTALL}`,
      },
      { cause },
    );
  }
  try {
    loaded = (await module.default(options)) as MujocoEngine;
  } catch (cause) {
    throw new AscentError(
      "environment",
      {
        what: `${PACKAGE} does not start`,
        got: firstLine(cause),
        expected: "WebAssembly, and mujoco.wasm beside its script",
        fix: inPage()
          ? "The page's rules must allow 'unsafe-eval'; where the file lies elsewhere, say so with loadMujoco({ locateFile })."
          : `Install it anew: ${INSTALL}`,
      },
      { cause },
    );
  }
}

/** @throws AscentError "state" while the physics is not loaded. */
export function engineFor(id: string): MujocoEngine {
  if (loaded !== undefined) return loaded;
  throw new AscentError("state", {
    what: `${id} cannot be made yet: its physics is not loaded`,
    fix: `Await prepareEnvironment("${id}") before, or loadMujoco() of "ascent-rl/mujoco"; train and the commands do so by themselves.`,
  });
}

function inPage(): boolean {
  return "window" in globalThis || "importScripts" in globalThis || !("process" in globalThis);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
