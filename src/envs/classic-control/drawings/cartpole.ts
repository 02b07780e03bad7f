/** CartPole as a picture: the track, the cart, the pole at its true length, how far it may lean, and the last push. */
import { cos, sin } from "../../../math/deterministic.ts";
import { rectangle } from "../../../scenes/forms.ts";
import { bySign, degrees, spoken } from "../../../scenes/phrases.ts";
import type { Scene, Shape } from "../../../scenes/scene.ts";

const POLE = 1;
const HALF_CART = 0.28;
const AXLE = 0.22;

export interface CartPoleLimits {
  /** Beyond these the episode ends. */
  position: number;
  /** Radians. */
  angle: number;
}

/** @param state position, velocity, angle (0 is upright, positive leans right), angular velocity. */
export function cartPoleScene(state: ArrayLike<number>, action: number | undefined, limits: CartPoleLimits): Scene {
  const [x, velocity, angle, turning] = [state[0], state[1], state[2], state[3]];
  const [dx, dy] = [POLE * sin(angle), POLE * cos(angle)];
  const shapes: Shape[] = [
    { kind: "polygon", points: rectangle(-limits.position, -0.03, limits.position, 1.3), fill: "sky" },
    {
      kind: "polyline",
      points: [
        [-2.8, -0.03],
        [2.8, -0.03],
      ],
      stroke: "muted",
      strokeWidth: 0.02,
    },
  ];
  for (const side of [-1, 1]) {
    const end = side * limits.position;
    const leaning = side * limits.angle;
    shapes.push(
      {
        kind: "polyline",
        points: [
          [end, -0.03],
          [end, 1.3],
        ],
        stroke: "muted",
        strokeWidth: 0.015,
        dashed: true,
      },
      {
        kind: "polyline",
        points: [
          [x, AXLE],
          [x + 1.12 * sin(leaning), AXLE + 1.12 * cos(leaning)],
        ],
        ...{ stroke: "faint", strokeWidth: 0.015, dashed: true },
      },
    );
  }
  shapes.push(
    { kind: "polygon", points: rectangle(x - HALF_CART, 0.08, x + HALF_CART, 0.28), fill: "accent1" },
    { kind: "circle", x: x - 0.16, y: 0.05, radius: 0.08, fill: "ink" },
    { kind: "circle", x: x + 0.16, y: 0.05, radius: 0.08, fill: "ink" },
    {
      kind: "polyline",
      points: [
        [x, AXLE],
        [x + dx, AXLE + dy],
      ],
      stroke: "accent2",
      strokeWidth: 0.075,
    },
    { kind: "circle", x, y: AXLE, radius: 0.045, fill: "ground" },
  );
  if (action !== undefined) {
    const side = action === 1 ? 1 : -1;
    const from = x - side * (HALF_CART + 0.42);
    shapes.push({
      kind: "polyline",
      points: [
        [from, 0.18],
        [x - side * (HALF_CART + 0.04), 0.18],
      ],
      ...{ stroke: "ink", strokeWidth: 0.03, arrow: true },
    });
  }
  return { left: -2.9, bottom: -0.15, right: 2.9, top: 1.35, shapes, words: words() };

  function words(): string {
    const lean = bySign(angle, 0.0044, "left", "", "right");
    const pole = lean === "" ? "The pole is upright" : `The pole leans ${degrees(angle, 1)} to the ${lean}`;
    const turns = bySign(turning, 0.02, "turns left", "hardly turns", "turns right");
    const place = bySign(x, 0.005, "left of", "in", "right of");
    const where = place === "in" ? "in the middle" : `${spoken(Math.abs(x), 2)} ${place} the middle`;
    const moves = bySign(velocity, 0.01, "moves left", "hardly moves", "moves right");
    const over = Math.abs(angle) > limits.angle ? " The pole has fallen." : "";
    const out = Math.abs(x) > limits.position ? " The cart has left the track." : "";
    const pushed = action === undefined ? "" : `; it was pushed ${action === 1 ? "right" : "left"}`;
    return `${pole} and ${turns}, the cart is ${where} and ${moves}${pushed}.${over}${out}`;
  }
}
