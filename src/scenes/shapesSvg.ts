/** Shapes as SVG elements: pixels from the left upper corner, colours as names of classes. */
import { FONT } from "../charts/palette.ts";
import { type Attributes, element, pathThrough, text } from "../charts/svg.ts";
import { arrowHead, usualStrokeWidth } from "./arrowHead.ts";
import { scenePaints } from "./paints.ts";
import type { Paint, Point, Scene, Shape } from "./scene.ts";

/** The window's place in a picture, in pixels. */
export interface Place {
  left: number;
  top: number;
  /** Pixels for a unit of the world. */
  scale: number;
}

/** The scene's shapes, clipped to nothing: the caller's own `svg` element ends what it draws. */
export function shapesSvg(scene: Scene, { left, top, scale }: Place): string {
  const x = (value: number) => left + (value - scene.left) * scale;
  const y = (value: number) => top + (scene.top - value) * scale;
  const path = (points: readonly Point[], closed = false) =>
    pathThrough([points.flatMap(([px, py]) => [x(px), y(py)])], closed);
  const painted = (fill: Paint | undefined, stroke: Paint | undefined, width: number): Attributes => ({
    class: `${fill === undefined ? "f" : `f-${fill}`}${stroke === undefined ? "" : ` s-${stroke}`}`,
    "stroke-width": stroke === undefined ? undefined : hundredths(width * scale),
  });
  const usual = usualStrokeWidth(scene);
  const draw = (shape: Shape): string => {
    if (shape.kind === "text") {
      const { paint = "ink", anchor = "start", size } = shape;
      return text(shape.text, {
        x: x(shape.x),
        y: y(shape.y),
        "font-size": size * scale,
        "text-anchor": anchor === "start" ? undefined : anchor,
        class: `f-${paint}`,
      });
    }
    const width = shape.strokeWidth ?? usual;
    if (shape.kind === "circle") {
      const { fill, stroke, radius } = shape;
      return element("circle", { cx: x(shape.x), cy: y(shape.y), r: radius * scale, ...painted(fill, stroke, width) });
    }
    if (shape.points.length === 0) return "";
    if (shape.kind === "polygon") {
      return element("path", { d: path(shape.points, true), ...painted(shape.fill, shape.stroke, width) });
    }
    const { head, line } = shape.arrow ? arrowHead(shape.points, width) : { head: [], line: shape.points };
    const dashes = hundredths(2.5 * width * scale);
    const drawn = element("path", {
      d: path(line),
      ...painted(undefined, shape.stroke, width),
      "stroke-dasharray": shape.dashed ? dashes : undefined,
    });
    return head.length === 0 ? drawn : drawn + element("path", { d: path(head, true), class: `f-${shape.stroke}` });
  };
  return scene.shapes.map(draw).join("");
}

/** Rules for the paints that the scenes use; each holds only inside pictures of this folder. */
export function sceneStyle(scenes: readonly Scene[]): string {
  const used = new Set<Paint>(["ground", "ink", "muted"]);
  for (const { shapes } of scenes) {
    for (const shape of shapes) {
      const paints = shape.kind === "text" ? [shape.paint] : [shape.stroke, "fill" in shape ? shape.fill : undefined];
      for (const paint of paints) if (paint !== undefined) used.add(paint);
    }
  }
  const root = ".ascent-scene";
  const rules = (side: "light" | "dark") =>
    [...used].map((paint) => {
      const colour = scenePaints[side][paint];
      return `${root} .f-${paint}{fill:${colour}}${root} .s-${paint}{stroke:${colour}}`;
    });
  return [
    `${root} text{font-family:${FONT}}`,
    `${root} path,${root} circle{stroke-linecap:round;stroke-linejoin:round}`,
    `${root} .f{fill:none}`,
    ...rules("light"),
    `@media(prefers-color-scheme:dark){${rules("dark").join("")}}`,
  ].join("");
}

/** As text, since a stroke's width matters to less than a tenth of a pixel. */
function hundredths(value: number): string {
  return String(Math.round(value * 100) / 100);
}
