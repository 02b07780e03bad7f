/** What a picture cannot be drawn from, refused in words. */
import {
  above,
  checkArgument,
  checkOptions,
  isNumbers,
  listOf,
  type OptionChecks,
  oneOf,
  optional,
  text,
  wholeNumber,
} from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import type { Panel, Picture, Series } from "./model.ts";

/** What is the same for every picture. */
export const frameChecks = {
  title: text,
  subtitle: optional(text),
  description: optional(text),
  width: optional(above(0)),
  height: optional(above(0)),
};

const panelCheck = {
  expected: "a panel",
  fits: (value: unknown) => ["lines", "intervals"].includes((value as Panel | null)?.kind as string),
};
const pictureChecks: OptionChecks<Picture> = {
  ...frameChecks,
  panels: listOf(panelCheck, 'a list of panels, each of kind "lines" or "intervals"'),
  columns: optional(wholeNumber(1)),
  names: optional(oneOf(["beside", "above"])),
};
const one = {
  expected: "a series",
  fits: (value: unknown) => isNumbers((value as Series | null)?.x) && isNumbers((value as Series | null)?.y),
};
const seriesCheck = listOf(one, "a list of series, each with arrays x and y");

/** @throws AscentError "shape" when a series' arrays differ in length. */
export function checkPicture(picture: Picture): void {
  checkOptions("pictureSvg", pictureChecks, picture);
  for (const panel of picture.panels) if (panel.kind === "lines") checkSeries(panel.series);
}

/** @throws AscentError "shape" when a series' arrays differ in length. */
export function checkSeries(series: readonly Series[]): void {
  checkArgument("series", seriesCheck, series);
  for (const { name, x, y, low, high } of series) {
    const lengths = [x, y, low ?? (high === undefined ? x : []), high ?? (low === undefined ? x : [])].map(
      (array) => array.length,
    );
    if (lengths.every((length) => length === x.length)) continue;
    throw new AscentError("shape", {
      what: `The arrays of series "${name}" differ in length`,
      got: `x ${lengths[0]}, y ${lengths[1]}, low ${lengths[2]}, high ${lengths[3]}`,
      expected: "equal lengths, with both low and high or neither",
      fix: "Give one y, and one low and high, for each x.",
    });
  }
}
