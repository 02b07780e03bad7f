/** A text as a scene: a prompt, what was written after it, and the reward it got. */
import { checkOptions, finiteNumber, type OptionChecks, optional, text } from "../arguments/checks.ts";
import { textWidth, wrapped } from "../charts/textSize.ts";
import { bySign, spoken } from "./phrases.ts";
import type { Scene, Shape } from "./scene.ts";

export interface CompletionSceneOptions {
  prompt?: string;
  completion: string;
  /** Drawn beside the completion, green above 0 and red below. */
  reward?: number;
  /** A line below, such as its log-probability. */
  note?: string;
}

const options: OptionChecks<CompletionSceneOptions> = {
  prompt: optional(text),
  completion: text,
  reward: optional(finiteNumber),
  note: optional(text),
};

/** In units of a font's height. */
const WIDTH = 30;
const LINE = 1.45;
const MARGIN = 1;

/** The prompt, the completion below it as it is written, the reward below both. */
export function completionScene(parts: CompletionSceneOptions): Scene {
  checkOptions("completionScene", options, parts);
  const { prompt = "", completion, reward, note } = parts;
  const shapes: Shape[] = [];
  let y = -MARGIN;
  const write = (words: string, paint: "ink" | "muted" | "good" | "bad", size = 1) => {
    for (const line of wrapped(words, WIDTH - 2 * MARGIN, size)) {
      y -= size;
      shapes.push({ kind: "text", x: MARGIN, y, text: line, size, paint });
      y -= (LINE - 1) * size;
    }
  };
  if (prompt !== "") write(prompt, "muted");
  const first = y;
  write(completion === "" ? "(nothing)" : completion, completion === "" ? "muted" : "ink");
  // A stroke at the side says what was written by the policy, whatever its colours.
  shapes.push({
    kind: "polyline",
    points: [
      [MARGIN / 2, first - 0.1],
      [MARGIN / 2, y + 0.25],
    ],
    ...{ stroke: "accent1", strokeWidth: 0.15 },
  });
  if (reward !== undefined) {
    const label = `reward ${spoken(reward, 2)}`;
    const paint = bySign(reward, 1e-12, "bad", "muted", "good");
    y -= 1.2;
    shapes.push({ kind: "text", x: WIDTH - MARGIN - textWidth(label, 1), y, text: label, size: 1, paint });
  }
  if (note !== undefined) {
    if (reward === undefined) y -= 0.4;
    write(note, "muted", 0.8);
  }
  const after = prompt === "" ? "" : ` after “${prompt}”`;
  const written = completion === "" ? `Nothing is written${after}` : `“${completion}” is written${after}`;
  const gets = reward === undefined ? "" : `; its reward is ${spoken(reward, 2)}`;
  const words = `${written}${gets}.${note === undefined ? "" : ` ${note}`}`;
  return { left: 0, bottom: y - MARGIN, right: WIDTH, top: 0, shapes, words };
}
