/** MountainCar as a picture, with a force by name or by number: the valley's profile, the car on it, the flag, the last force. */
import { cos, sin } from "../../../math/deterministic.ts";
import { placed, rectangle } from "../../../scenes/forms.ts";
import { bySign, spoken } from "../../../scenes/phrases.ts";
import type { Point, Scene, Shape } from "../../../scenes/scene.ts";

const LEFT = -1.2;
const RIGHT = 0.6;
const BOTTOM = -0.06;
const BOTTOM_OF_VALLEY = -Math.PI / 6;
const PIECES = 60;

const height = (x: number) => 0.45 * sin(3 * x) + 0.55;

const hill: readonly Point[] = Array.from({ length: PIECES + 1 }, (_, i) => {
  const x = LEFT + ((RIGHT - LEFT) * i) / PIECES;
  return [x, height(x)];
});

/**
 * @param state position and velocity.
 * @param force of the last step, −1 to 1; undefined where there is none.
 * @param goal where the flag stands.
 */
export function mountainCarScene(state: ArrayLike<number>, force: number | undefined, goal: number): Scene {
  const [x, velocity] = [state[0], state[1]];
  const slope = 1.35 * cos(3 * x);
  const root = Math.sqrt(1 + slope * slope);
  const along = [1 / root, slope / root];
  const onHill = (points: readonly Point[]) => turned(points, along, x, height(x));
  const shapes: Shape[] = [
    { kind: "polygon", points: rectangle(LEFT, BOTTOM, RIGHT, 1.24), fill: "sky" },
    { kind: "polygon", points: [...hill, [RIGHT, BOTTOM], [LEFT, BOTTOM]], fill: "faint" },
    { kind: "polyline", points: hill, stroke: "muted", strokeWidth: 0.012 },
    {
      kind: "polyline",
      points: [
        [goal, height(goal)],
        [goal, height(goal) + 0.2],
      ],
      stroke: "ink",
      strokeWidth: 0.01,
    },
    {
      kind: "polygon",
      points: placed(
        [
          [0, 0],
          [0.09, -0.035],
          [0, -0.07],
        ],
        0,
        goal,
        height(goal) + 0.2,
      ),
      fill: "good",
    },
  ];
  const [front, back] = onHill([
    [0.045, 0.028],
    [-0.045, 0.028],
  ]);
  shapes.push(
    { kind: "polygon", points: onHill(BODY), fill: "accent1" },
    { kind: "circle", x: back[0], y: back[1], radius: 0.026, fill: "ink" },
    { kind: "circle", x: front[0], y: front[1], radius: 0.026, fill: "ink" },
  );
  if (force !== undefined && Math.abs(force) > 0.02) {
    const side = force > 0 ? 1 : -1;
    const points = onHill([
      [side * 0.1, 0.16],
      [side * (0.1 + 0.06 + 0.14 * Math.abs(force)), 0.16],
    ]);
    shapes.push({ kind: "polyline", points, stroke: "accent2", strokeWidth: 0.014, arrow: true });
  }
  return { left: LEFT, bottom: BOTTOM, right: RIGHT, top: 1.24, shapes, words: words() };

  function words(): string {
    const off = x - BOTTOM_OF_VALLEY;
    const where = bySign(off, 0.03, "on the left slope", "at the bottom of the valley", "on the right slope");
    const moves = bySign(velocity, 0.0005, "rolls left", "stands still", "rolls right");
    const pushed = force === undefined ? "" : `; ${engine(force)}`;
    const there = x >= goal ? " It is at the flag." : "";
    const far = `${spoken(Math.max(goal - x, 0), 2)} from the flag`;
    return `The car is ${where}, ${far}, and ${moves}${pushed}.${there}`;
  }
}

function engine(force: number): string {
  const side = bySign(force, 0.02, "left", "", "right");
  if (side === "") return "its engine is idle";
  return `its engine pushes ${side}${Math.abs(force) < 0.995 ? ` with ${spoken(100 * Math.abs(force), 0)} %` : ""}`;
}

/** Around the point where it touches the hill. */
const BODY: readonly Point[] = [
  [-0.085, 0.035],
  [0.085, 0.035],
  [0.085, 0.075],
  [0.045, 0.08],
  [0.02, 0.115],
  [-0.04, 0.115],
  [-0.06, 0.08],
  [-0.085, 0.075],
];

function turned(points: readonly Point[], [c, s]: readonly number[], x: number, y: number): Point[] {
  return points.map(([px, py]) => [x + c * px - s * py, y + s * px + c * py]);
}
