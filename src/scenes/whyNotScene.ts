/** What is wrong with a scene, in words: of `checkEnvironment`, and of what draws. */
import { type Check, isNumbers } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { paintNames } from "./paints.ts";
import type { Scene } from "./scene.ts";

const KINDS = ["polygon", "polyline", "circle", "text"];
const ANCHORS = ["start", "middle", "end"];

/** Undefined when it is a scene; otherwise what does not fit, such as `shapes[2].fill is "red", no paint`. */
export function whyNotScene(value: unknown): string | undefined {
  if (!isObject(value)) return `it is ${describeValue(value)}, no object`;
  for (const side of ["left", "bottom", "right", "top"]) {
    if (!Number.isFinite(value[side])) return `${side} is ${describeValue(value[side])}, no finite number`;
  }
  const { left, bottom, right, top, shapes, words } = value as unknown as Scene;
  if (!(left < right)) return `left is ${left} and right is ${right}, not to the right of it`;
  if (!(bottom < top)) return `bottom is ${bottom} and top is ${top}, not above it`;
  if (typeof words !== "string" || words.trim() === "") return `words is ${describeValue(words)}, no sentence`;
  if (!Array.isArray(shapes)) return `shapes is ${describeValue(shapes)}, no list`;
  for (let i = 0; i < shapes.length; i++) {
    const why = whyNotShape(shapes[i]);
    if (why !== undefined) return `shapes[${i}]${why}`;
  }
  return undefined;
}

export const sceneCheck: Check = {
  expected: "a scene: { left, bottom, right, top, shapes, words }",
  fits: (value) => whyNotScene(value) === undefined,
  fix: "whyNotScene(value) says what does not fit.",
};

function whyNotShape(shape: unknown): string | undefined {
  if (!isObject(shape)) return ` is ${describeValue(shape)}, no object`;
  const { kind } = shape;
  if (!KINDS.includes(kind as string)) return `.kind is ${describeValue(kind)}, not one of ${KINDS.join(", ")}`;
  return kind === "polygon" || kind === "polyline" ? whyNotLine(shape) : whyNotPlaced(shape);
}

function whyNotLine(shape: Record<string, unknown>): string | undefined {
  const { points } = shape;
  if (!Array.isArray(points)) return `.points is ${describeValue(points)}, no list`;
  for (let i = 0; i < points.length; i++) {
    const point: unknown = points[i];
    const fits = isNumbers(point) && point.length === 2 && Number.isFinite(point[0]) && Number.isFinite(point[1]);
    if (!fits) return `.points[${i}] is ${describeValue(point)}, no pair of finite numbers`;
  }
  return whyNotPaint(shape, "stroke", shape["kind"] === "polyline") ?? whyNotPaint(shape, "fill") ?? whyNotWidth(shape);
}

function whyNotPlaced(shape: Record<string, unknown>): string | undefined {
  const isText = shape["kind"] === "text";
  const extent = isText ? "size" : "radius";
  for (const name of ["x", "y", extent]) {
    if (!Number.isFinite(shape[name])) return `.${name} is ${describeValue(shape[name])}, no finite number`;
  }
  if (!((shape[extent] as number) > 0)) return `.${extent} is ${shape[extent]}, not above 0`;
  if (!isText) return whyNotPaint(shape, "stroke") ?? whyNotPaint(shape, "fill") ?? whyNotWidth(shape);
  if (typeof shape["text"] !== "string") return `.text is ${describeValue(shape["text"])}, no text`;
  const { anchor } = shape;
  if (anchor !== undefined && !ANCHORS.includes(anchor as string)) {
    return `.anchor is ${describeValue(anchor)}, not one of ${ANCHORS.join(", ")}`;
  }
  return whyNotPaint(shape, "paint");
}

function whyNotPaint(shape: Record<string, unknown>, name: string, needed = false): string | undefined {
  const paint = shape[name];
  if ((paint === undefined && !needed) || (paintNames as readonly unknown[]).includes(paint)) return undefined;
  return `.${name} is ${describeValue(paint)}, not one of ${paintNames.join(", ")}`;
}

function whyNotWidth({ strokeWidth }: Record<string, unknown>): string | undefined {
  if (strokeWidth === undefined || (Number.isFinite(strokeWidth) && (strokeWidth as number) > 0)) return undefined;
  return `.strokeWidth is ${describeValue(strokeWidth)}, no number above 0`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
