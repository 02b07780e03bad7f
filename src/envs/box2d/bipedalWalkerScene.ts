/** BipedalWalker as a picture that follows it: the ground, what stands on it, and the walker. */
import type { Body } from "planck";
import type { Point, Scene, Shape } from "../../scenes/scene.ts";
import { bodyShapes } from "./bodyShapes.ts";
import { TERRAIN_LENGTH, TERRAIN_STEP, type WalkerTerrain } from "./walkerTerrain.ts";

const WIDTH = 20;
const HEIGHT = 40 / 3;

export interface WalkerView extends WalkerTerrain {
  hull: Body;
  legs: readonly Body[];
  feet: readonly boolean[];
  fell: boolean;
}

export function walkerScene(view: WalkerView): Scene {
  const { hull, legs, feet, heights, blocks } = view;
  const { x, y } = hull.getPosition();
  const left = x - WIDTH / 5;
  const right = left + WIDTH;
  const ground: Point[] = [];
  heights.forEach((height, i) => {
    const at = i * TERRAIN_STEP;
    if (at > left - TERRAIN_STEP && at < right + TERRAIN_STEP) ground.push([at, height]);
  });
  const seen = blocks.filter((points) => points.some(([at]) => at > left && at < right));
  const bottom = Math.min(0, y - HEIGHT / 2);
  const shapes: Shape[] = [
    ...(ground.length > 1
      ? [
          {
            kind: "polygon",
            points: [[ground[0][0], bottom], ...ground, [ground.at(-1)![0], bottom]],
            fill: "faint",
            stroke: "muted",
          } satisfies Shape,
        ]
      : []),
    ...seen.map((points): Shape => ({ kind: "polygon", points, fill: "muted", stroke: "ink" })),
    // The far leg lies behind the hull, the near one before it.
    ...legs.slice(0, 2).flatMap((leg, i) => bodyShapes(leg, i === 1 && feet[0] ? "good" : "accent2")),
    ...bodyShapes(hull, view.fell ? "bad" : "accent1"),
    ...legs.slice(2).flatMap((leg, i) => bodyShapes(leg, i === 1 && feet[1] ? "good" : "accent4")),
  ];
  return { left, bottom, right, top: bottom + HEIGHT, shapes, words: words(view) };
}

function words({ hull, feet, fell }: WalkerView): string {
  const { x } = hull.getPosition();
  const { x: speed } = hull.getLinearVelocity();
  const degrees = Math.round((hull.getAngle() * 180) / Math.PI);
  const share = Math.round((100 * x) / ((TERRAIN_LENGTH - 10) * TERRAIN_STEP));
  const standing = feet.filter(Boolean).length;
  return [
    `The walker has gone ${Math.max(0, share)} % of the way and moves ${speed < 0 ? "back" : "on"} at ${Math.abs(speed).toFixed(1)}`,
    `its hull is tilted ${Math.abs(degrees)}° ${degrees < 0 ? "forward" : "back"}`,
    fell
      ? "it has fallen"
      : standing === 0
        ? "no foot on the ground"
        : standing === 1
          ? "one foot on the ground"
          : "both feet on the ground",
  ]
    .join("; ")
    .concat(".");
}
