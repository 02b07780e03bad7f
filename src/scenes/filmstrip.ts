/** Several scenes in one picture, in reading order, each with its number: how an episode went, at a glance. */
import {
  checkArgument,
  checkOptions,
  listOf,
  type OptionChecks,
  optional,
  positiveNumber,
  text,
  wholeNumber,
} from "../arguments/checks.ts";
import { element, text as words } from "../charts/svg.ts";
import type { Scene } from "./scene.ts";
import { sceneFrame } from "./sceneSvg.ts";
import { shapesSvg } from "./shapesSvg.ts";
import { sceneCheck } from "./whyNotScene.ts";

export interface FilmstripOptions {
  /** Scenes in a row. Default 4, or as many as there are. */
  columns?: number;
  /** Pixels of the whole. Default 240 a column. */
  width?: number;
  /** Default: says how many scenes there are. */
  title?: string;
  /** What stands below each, such as "step 12". Default: numbers from 0. */
  captions?: readonly string[];
}

const stripOptions: OptionChecks<FilmstripOptions> = {
  columns: optional(wholeNumber(1)),
  width: optional(positiveNumber),
  title: optional(text),
  captions: optional(listOf(text, "a list of texts")),
};

const GAP = 10;
const CAPTION = 20;

/**
 * One SVG with all the scenes, drawn side by side at one scale a scene.
 *
 * @throws AscentError "option" for an empty list, or an entry that is no scene.
 */
export function sceneFramesToSvg(scenes: readonly Scene[], options: FilmstripOptions = {}): string {
  const list = listOf(sceneCheck, "a list of at least one scene");
  const some = { ...list, fits: (value: unknown) => list.fits(value) && (value as unknown[]).length > 0 };
  checkArgument("sceneFramesToSvg: scenes", some, scenes);
  checkOptions("sceneFramesToSvg", stripOptions, options);
  const columns = Math.min(options.columns ?? 4, scenes.length);
  const width = options.width ?? columns * 240;
  const cell = Math.max(1, (width - GAP * (columns + 1)) / columns);
  const scales = scenes.map(({ left, right }) => cell / (right - left));
  const heights = scenes.map(({ bottom, top }, i) => (top - bottom) * scales[i]);
  const drawn: string[] = [];
  let y = GAP;
  for (let first = 0; first < scenes.length; first += columns) {
    const row = scenes.slice(first, first + columns);
    const tallest = Math.max(...heights.slice(first, first + columns));
    row.forEach((scene, column) => {
      const i = first + column;
      const x = GAP + column * (cell + GAP);
      // A nested svg cuts off what reaches out of its window.
      const place = { left: 0, top: 0, scale: scales[i] };
      drawn.push(element("svg", { x, y, width: cell, height: heights[i] }, shapesSvg(scene, place)));
      const caption = options.captions?.[i] ?? String(i);
      const middle = { x: x + cell / 2, y: y + tallest + CAPTION - 6, "text-anchor": "middle" };
      drawn.push(words(caption, { ...middle, "font-size": 12, class: "f-muted" }));
    });
    y += tallest + CAPTION + GAP;
  }
  const title = options.title ?? `${scenes.length} states of an episode`;
  const said = scenes.map((scene, i) => `${options.captions?.[i] ?? i}: ${scene.words}`).join(" ");
  return sceneFrame({ width, height: Math.round(y), title, words: said, scenes }, drawn);
}
