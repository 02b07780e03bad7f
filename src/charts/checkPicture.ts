/** What a picture cannot be drawn from, refused in words. */
import { AscentError } from "../errors.ts";
import type { Picture, Series } from "./model.ts";

/** @throws AscentError "shape" when a series' arrays differ in length. */
export function checkPicture({ panels }: Picture): void {
  for (const panel of panels) if (panel.kind === "lines") checkSeries(panel.series);
}

/** @throws AscentError "shape" when a series' arrays differ in length. */
export function checkSeries(series: readonly Series[]): void {
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
