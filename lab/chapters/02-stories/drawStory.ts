/** A try as a row of steps: where each step was taken, what was done, and below it the weight of its score as a bar. */
import type { Size } from "../../figures/Canvas.tsx";
import { digitsOf } from "../../figures/numberWords.ts";
import type { Theme } from "../../page/theme.ts";
import { drawJacket } from "./drawJacket.ts";
import { drawWalker } from "./drawWalker.ts";
import { type StoryOutput, TRIES } from "./studies/story.ts";
import { FOLDS, type StoryName } from "./worlds.ts";

const PICTURE = 62;
const WORDS = 18;
const BARS = 88;
const NAMES = 62;

/** Height of a try, in CSS pixels. */
export const TRY_HEIGHT = PICTURE + WORDS + BARS;

/** What an action is called under its picture, short. */
const SHORT: Readonly<Record<StoryName, readonly string[]>> = {
  walker: ["back", "forward", "fall"],
  jacket: ["smooth", "crease"],
};

/** The same where there is no room for words. */
const SIGNS: Readonly<Record<StoryName, readonly string[]>> = {
  walker: ["←", "→", "↘"],
  jacket: ["✓", "✗"],
};

/** Columns narrower than this have signs in place of words, and smaller numbers. */
const NARROW = 46;

/** @param shown steps of all tries that are drawn so far; a bar grows with the fraction. */
export function drawTry(
  context: CanvasRenderingContext2D,
  { width }: Size,
  theme: Theme,
  story: StoryName,
  found: StoryOutput | undefined,
  i: number,
  shown: number,
): void {
  if (!found) return;
  const { offsets, weights, returns, actions } = found;
  const lengths = Array.from({ length: TRIES }, (_, n) => offsets[n + 1] - offsets[n]);
  // One place more for where the try ended.
  const columns = Math.max(5, ...lengths.map((length) => length + 1));
  const column = Math.min(96, (width - NAMES) / columns);
  // All tries and switches have one scale, so that a bar's change is the switch's doing.
  const most = Math.max(...Array.from(weights, Math.abs), ...Array.from(returns, Math.abs), 1e-9);
  const middle = PICTURE + WORDS + BARS / 2;
  drawTryName(context, theme, i, returns[i], shown >= offsets[i + 1]);
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(NAMES, middle);
  context.lineTo(NAMES + column * lengths[i], middle);
  context.stroke();
  for (let t = 0; t <= lengths[i]; t++) {
    const k = offsets[i] + t;
    if (shown < k) break;
    const x = NAMES + (t + 0.5) * column;
    drawState(context, theme, story, found, i, t, { x, size: Math.min(PICTURE - 8, column - 4) });
    if (t === lengths[i]) break;
    const grown = Math.min(1, shown - k);
    drawAction(context, theme, (column < NARROW ? SIGNS : SHORT)[story][actions[k]], x, column);
    drawWeight(context, theme, weights[k] * grown, grown === 1 ? weights[k] : undefined, { x, middle, column, most });
  }
}

function drawTryName(context: CanvasRenderingContext2D, theme: Theme, i: number, value: number, over: boolean): void {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillStyle = theme.ink;
  context.font = `600 13px ${theme.font}`;
  context.fillText(`try ${i + 1}`, 0, PICTURE / 2 - 8);
  context.font = `13px ${theme.font}`;
  if (over) context.fillText(`R = ${digitsOf(value)}`, 0, PICTURE / 2 + 10);
  context.fillStyle = theme.muted;
  context.fillText("weight", 0, PICTURE + WORDS + BARS / 2);
}

function drawState(
  context: CanvasRenderingContext2D,
  theme: Theme,
  story: StoryName,
  { offsets, states, finalStates, returns, actions }: StoryOutput,
  i: number,
  t: number,
  { x, size }: { x: number; size: number },
): void {
  const k = offsets[i] + t;
  const isEnd = k === offsets[i + 1];
  const state = isEnd ? finalStates[i] : states[k];
  if (story === "walker") {
    drawWalker(context, theme, state, { x, y: PICTURE - 4, height: size });
    context.strokeStyle = theme.faint;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x - size / 2, PICTURE - 2);
    context.lineTo(x + size / 2, PICTURE - 2);
    context.stroke();
    return;
  }
  // The end is one state for all; whether the jacket is creased the reward and the actions tell.
  const creased = isEnd ? returns[i] === 0 || actions.subarray(offsets[i], k).includes(1) : state % 2 === 1;
  const folds = isEnd ? FOLDS.length : state >> 1;
  drawJacket(context, theme, { folds, creased }, { x, y: PICTURE / 2, size: size * 1.1 });
}

function drawAction(context: CanvasRenderingContext2D, theme: Theme, name: string, x: number, column: number): void {
  context.font = `12px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = theme.muted;
  context.fillText(name, x, PICTURE + 8, column - 2);
}

function drawWeight(
  context: CanvasRenderingContext2D,
  theme: Theme,
  value: number,
  text: number | undefined,
  { x, middle, column, most }: { x: number; middle: number; column: number; most: number },
): void {
  const half = BARS / 2 - 18;
  const length = (value / most) * half;
  const wide = Math.min(34, column * 0.6);
  context.fillStyle = value >= 0 ? theme.good : theme.bad;
  context.fillRect(x - wide / 2, Math.min(middle, middle - length), wide, Math.max(1.5, Math.abs(length)));
  if (text === undefined) return;
  context.fillStyle = theme.ink;
  context.font = `${column < NARROW ? 10 : 12}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(digitsOf(text, 2), x, value >= 0 ? middle - length - 8 : middle - length + 9);
}
