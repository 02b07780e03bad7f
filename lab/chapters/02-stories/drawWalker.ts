/** The walker as a figure of a few strokes: how it stands, and which way it goes. */
import type { Theme } from "../../page/theme.ts";

/** Joints in units of its height, feet at 0, forward to the right. */
interface Pose {
  lean: number;
  /** Feet, from the hip forward. */
  feet: readonly [number, number];
  /** Hands, from the shoulder forward and up. */
  hands: readonly (readonly [number, number])[];
}

const STANDING: Pose = {
  lean: 0,
  feet: [-0.07, 0.07],
  hands: [
    [-0.12, -0.26],
    [0.12, -0.26],
  ],
};

/** By state: upright, braced, striding. Down is drawn by itself. */
const POSES: readonly Pose[] = [
  STANDING,
  {
    lean: -0.07,
    feet: [-0.24, 0.14],
    hands: [
      [-0.2, -0.2],
      [0.22, -0.12],
    ],
  },
  {
    lean: 0.08,
    feet: [-0.2, 0.24],
    hands: [
      [-0.24, -0.14],
      [0.24, -0.14],
    ],
  },
];
export const DOWN = 3;

/** @param x, y the middle between the feet, on the ground; `height` in CSS pixels. */
export function drawWalker(
  context: CanvasRenderingContext2D,
  theme: Theme,
  state: number,
  { x, y, height }: { x: number; y: number; height: number },
): void {
  const at = (forward: number, up: number): [number, number] => [x + forward * height, y - up * height];
  context.save();
  context.strokeStyle = theme.ink;
  context.fillStyle = theme.ink;
  context.lineWidth = Math.max(2, height / 16);
  context.lineCap = "round";
  context.lineJoin = "round";
  const stroke = (...points: [number, number][]) => {
    context.beginPath();
    for (const point of points) context.lineTo(...point);
    context.stroke();
  };
  const head = (forward: number, up: number) => {
    context.beginPath();
    context.arc(...at(forward, up), 0.1 * height, 0, 2 * Math.PI);
    context.fill();
  };
  if (state === DOWN) {
    stroke(at(-0.5, 0.05), at(-0.2, 0.12), at(0.2, 0.07));
    stroke(at(0.14, 0.09), at(0.3, 0.04));
    head(0.34, 0.12);
    context.restore();
    return;
  }
  const { lean, feet, hands } = POSES[state] ?? STANDING;
  const hip = at(0, 0.45);
  const shoulder = at(lean, 0.76);
  stroke(hip, shoulder);
  for (const foot of feet) stroke(hip, at(foot * 0.55 + 0.03, 0.22), at(foot, 0));
  for (const [forward, up] of hands) stroke(shoulder, at(lean + forward, 0.76 + up));
  head(lean * 1.3, 0.9);
  context.restore();
}
