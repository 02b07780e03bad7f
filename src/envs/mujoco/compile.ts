/** From MJCF to a compiled model, or to an error that says where the text is wrong. */
import { AscentError } from "../../errors.ts";
import type { MujocoEngine, MujocoModel } from "./engine.ts";

/** Files that the MJCF names, such as meshes, by those names. */
export type ModelFiles = Readonly<Record<string, Uint8Array>>;

/**
 * @throws AscentError "environment" with MuJoCo's own message, the line's number and its text.
 */
export function compileModel(engine: MujocoEngine, id: string, mjcf: string, files: ModelFiles = {}): MujocoModel {
  const held = new engine.MjVFS();
  try {
    for (const [name, bytes] of Object.entries(files)) held.addBuffer(name, bytes);
    const model = engine.MjModel.from_xml_string(mjcf, held);
    if (model !== null) return model;
    throw new Error("no model, and no message");
  } catch (cause) {
    throw new AscentError(
      "environment",
      { what: `${id}: MuJoCo cannot compile the model`, ...explained(cause, mjcf) },
      { cause },
    );
  } finally {
    held.delete();
  }
}

const MORE = 'Give the model more memory: <size memory="1M"/>.';

function explained(cause: unknown, mjcf: string): { got: string; expected: string; fix: string } {
  const raw = cause instanceof Error ? cause.message : String(cause);
  const message = raw
    .replace(/^(MuJoCo Error: |Loading error: |Error: )+/, "")
    .replace(/\s+/g, " ")
    .trim();
  const number = Number(/(?:Element .*, line |Line number=)(\d+)/.exec(message)?.[1] ?? 0);
  if (cause instanceof WebAssembly.RuntimeError) {
    return {
      got: message,
      expected: "a compiled model",
      fix: "Earlier errors have broken the physics: start the program anew.",
    };
  }
  const line = mjcf.split("\n")[number - 1]?.trim() ?? "";
  return {
    got: message,
    expected: "MJCF, as MuJoCo's XML reference describes it",
    fix: line !== "" ? `Mend line ${number} of the model: ${line}` : /memory/.test(message) ? MORE : "Mend the model.",
  };
}

/**
 * The bounds of the controls, [low…, high…].
 *
 * @throws AscentError "environment" for a motor without bounds: no policy could know what to send it.
 */
export function controlBounds(id: string, model: MujocoModel): { low: number[]; high: number[] } {
  const range = model.actuator_ctrlrange.slice();
  const bounds = { low: [] as number[], high: [] as number[] };
  for (let i = 0; i < model.nu; i++) {
    const actuator = model.actuator(i);
    const { ctrllimited, name } = actuator;
    actuator.delete();
    if (!ctrllimited) {
      throw new AscentError("environment", {
        what: `${id}: actuator ${i}${name === "" ? "" : ` ("${name}")`} has no bounds`,
        got: "no ctrlrange",
        expected: 'ctrllimited="true" and ctrlrange="low high" on every actuator',
        fix: "Actions are scaled and clipped by them: bound what the motor may be told.",
      });
    }
    bounds.low.push(range[2 * i]);
    bounds.high.push(range[2 * i + 1]);
  }
  if (model.nu > 0) return bounds;
  throw new AscentError("environment", {
    what: `${id}: the model has no actuators`,
    got: "none",
    expected: "at least one in <actuator>",
    fix: 'Give it what an action can move, such as <motor joint=… ctrllimited="true" ctrlrange="-1 1"/>.',
  });
}
