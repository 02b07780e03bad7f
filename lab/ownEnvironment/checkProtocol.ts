/** What the worker that looks at an environment of one's own says, and how the page reads it: as something that may be wrong. */
import type { Finding } from "ascent-rl";
import { type Scene, whyNotScene } from "ascent-rl/scenes";

/** A finding with the line of the reader's text that it is about. */
export interface OwnFinding extends Finding {
  line?: number;
}

export interface CheckedEnvironment {
  findings: readonly OwnFinding[];
  /** Of episodes with random actions, from their first state on; empty where the environment draws nothing. */
  scenes: readonly Scene[];
  /** In words, such as "Discrete(2)". */
  observationSpace: string;
  actionSpace: string;
}

export type CheckReply =
  /** The text is about to run. */
  | { kind: "begun" }
  | { kind: "checked"; checked: CheckedEnvironment }
  | { kind: "threw"; message: string; line?: number };

export const MOST_SCENES = 120;
const MOST_FINDINGS = 40;
const LONGEST_TEXT = 2000;
const MOST_SHAPES = 500;

/** Undefined for what is no reply: whatever it is, it is not looked at any further. */
export function readCheckReply(data: unknown): CheckReply | undefined {
  if (!isRecord(data)) return undefined;
  if (data["kind"] === "begun") return { kind: "begun" };
  if (data["kind"] === "threw") {
    const { message, line } = data;
    return typeof message === "string" ? { kind: "threw", message: cut(message), ...lineOf(line) } : undefined;
  }
  if (data["kind"] !== "checked" || !isRecord(data["checked"])) return undefined;
  const { findings, scenes, observationSpace, actionSpace } = data["checked"];
  if (!Array.isArray(findings) || !Array.isArray(scenes)) return undefined;
  if (typeof observationSpace !== "string" || typeof actionSpace !== "string") return undefined;
  const read = findings.slice(0, MOST_FINDINGS).map(readFinding);
  const drawn = scenes.slice(0, MOST_SCENES);
  if (read.includes(undefined) || !drawn.every(isDrawable)) return undefined;
  const checked = { findings: read as OwnFinding[], scenes: drawn, observationSpace: cut(observationSpace) };
  return { kind: "checked", checked: { ...checked, actionSpace: cut(actionSpace) } };
}

/** Whether it is a scene, and not so large that drawing it would hold up the page. */
export function isDrawable(value: unknown): value is Scene {
  const shapes = isRecord(value) ? value["shapes"] : undefined;
  if (!Array.isArray(shapes) || shapes.length > MOST_SHAPES) return false;
  let points = 0;
  for (const shape of shapes) {
    if (isRecord(shape) && Array.isArray(shape["points"])) points += shape["points"].length;
  }
  return points <= 20 * MOST_SHAPES && whyNotScene(value) === undefined;
}

function readFinding(value: unknown): OwnFinding | undefined {
  if (!isRecord(value)) return undefined;
  const { level, rule, message, line } = value;
  if (level !== "error" && level !== "warning") return undefined;
  if (typeof rule !== "string" || typeof message !== "string") return undefined;
  return { level, rule: cut(rule), message: cut(message), ...lineOf(line) };
}

function lineOf(line: unknown): { line?: number } {
  return typeof line === "number" && Number.isSafeInteger(line) && line > 0 ? { line } : {};
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)} …` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
