/** LunarLander as a picture: the ground, the flags, the lander with its legs and its engines' fire. */
import type { Body } from "planck";
import type { Point, Scene, Shape } from "../../scenes/scene.ts";
import { bodyShapes, pointOf } from "./bodyShapes.ts";

const WIDTH = 20;
const HEIGHT = 40 / 3;
const PAD = HEIGHT / 4;

/** What burns. */
export interface Fire {
  main: number;
  /** Signed: below 0 the left engine, above it the right one. */
  side: number;
}

export interface LanderView {
  lander: Body;
  legs: readonly Body[];
  contacts: readonly boolean[];
  heights: readonly number[];
  fire: Fire;
  crashed: boolean;
}

export function landerScene(view: LanderView): Scene {
  const { lander, legs, heights, fire } = view;
  const ground: Point[] = heights.map((height, i) => [(WIDTH / (heights.length - 1)) * i, height]);
  const shapes: Shape[] = [
    { kind: "polygon", points: [[0, 0], ...ground, [WIDTH, 0]], fill: "faint", stroke: "muted" },
    ...[8, 12].flatMap(flag),
    ...flames(lander, fire),
    ...legs.flatMap((leg, i) => bodyShapes(leg, view.contacts[i] ? "good" : "accent1")),
    ...bodyShapes(lander, view.crashed ? "bad" : "accent1"),
  ];
  return { left: 0, bottom: 0, right: WIDTH, top: HEIGHT, shapes, words: words(view) };
}

function flag(x: number): Shape[] {
  const points: Point[] = [
    [x, PAD + 1.6],
    [x, PAD + 1.2],
    [x + 0.8, PAD + 1.4],
  ];
  return [
    { kind: "polyline", points: [[x, PAD], points[0]], stroke: "ink" },
    { kind: "polygon", points, fill: "accent2" },
  ];
}

function flames(lander: Body, { main, side }: Fire): Shape[] {
  const shapes: Shape[] = [];
  const flame = (points: readonly Point[]) => shapes.push({ kind: "polygon", points, fill: "accent3" });
  if (main > 0) {
    flame([pointOf(lander, -0.25, -0.34), pointOf(lander, 0.25, -0.34), pointOf(lander, 0, -0.5 - 1.1 * main)]);
  }
  if (side !== 0) {
    const at = Math.sign(side) * 0.57;
    flame([pointOf(lander, at, 0.32), pointOf(lander, at, 0.08), pointOf(lander, at + 0.9 * side, 0.2)]);
  }
  return shapes;
}

function words({ lander, contacts, fire, crashed }: LanderView): string {
  const { x, y } = lander.getPosition();
  const { x: vx, y: vy } = lander.getLinearVelocity();
  const degrees = Math.round((lander.getAngle() * 180) / Math.PI);
  const aside = Math.abs(x - WIDTH / 2);
  const where = aside < 0.5 ? "above the pad" : `${aside.toFixed(1)} ${x < WIDTH / 2 ? "left" : "right"} of the pad`;
  const legs = contacts.filter(Boolean).length;
  const engines = [
    ...(fire.main > 0 ? ["the main engine"] : []),
    ...(fire.side !== 0 ? [`the ${fire.side < 0 ? "left" : "right"} engine`] : []),
  ];
  return [
    `The lander is ${where}, ${Math.max(0, y - PAD).toFixed(1)} up, ${vy < 0 ? "sinking" : "rising"} at ${Math.abs(vy).toFixed(1)}, moving ${vx < 0 ? "left" : "right"} at ${Math.abs(vx).toFixed(1)}, leaning ${Math.abs(degrees)}° to the ${degrees > 0 ? "left" : "right"}`,
    engines.length > 0 ? `${engines.join(" and ")} burning` : "no engine burning",
    crashed
      ? "its body touches the ground"
      : `${legs === 0 ? "no leg" : legs === 1 ? "one leg" : "both legs"} on the ground`,
  ]
    .join("; ")
    .concat(".");
}
