/** Pendulum as a picture: the rod, where it should stand, and the torque as an arrow around the pivot, as long as it is strong. */
import { cos, sin } from "../../../math/deterministic.ts";
import { arc } from "../../../scenes/forms.ts";
import { bySign, degrees, spoken } from "../../../scenes/phrases.ts";
import type { Scene, Shape } from "../../../scenes/scene.ts";

const EDGE = 1.3;

/**
 * @param state angle (0 is upright, positive counter-clockwise) and angular velocity.
 * @param torque of the last step as it was clipped; undefined where there is none.
 * @param limit of the torque.
 */
export function pendulumScene(state: ArrayLike<number>, torque: number | undefined, limit: number): Scene {
  const turn = Math.round(state[0] / (2 * Math.PI));
  const angle = state[0] - 2 * Math.PI * turn;
  const velocity = state[1];
  const tip = [-sin(angle), cos(angle)] as const;
  const upright = Math.abs(angle) < 0.1;
  const shapes: Shape[] = [
    { kind: "circle", x: 0, y: 0, radius: 1.12, fill: "sky" },
    {
      kind: "polyline",
      points: [
        [0, 0.12],
        [0, 1.24],
      ],
      stroke: upright ? "good" : "muted",
      strokeWidth: 0.015,
      dashed: true,
    },
    { kind: "polyline", points: [[0, 0], tip], stroke: "accent2", strokeWidth: 0.14 },
    { kind: "circle", x: 0, y: 0, radius: 0.06, fill: "ink" },
    { kind: "circle", x: tip[0], y: tip[1], radius: 0.04, fill: "ground" },
  ];
  if (torque !== undefined && Math.abs(torque) > 0.02 * limit) {
    // Begins below the pivot and goes round to the side it turns to, a full half circle and more at the limit.
    const span = 0.35 + (2.4 * torque * Math.sign(torque)) / limit;
    const points = arc(0, 0, 0.36, -Math.PI / 2, -Math.PI / 2 + Math.sign(torque) * span);
    shapes.push({ kind: "polyline", points, stroke: "accent1", strokeWidth: 0.035, arrow: true });
  }
  return { left: -EDGE, bottom: -EDGE, right: EDGE, top: EDGE, shapes, words: words() };

  function words(): string {
    const side = bySign(angle, 0.0088, " to the right", "", " to the left");
    const pole = side === "" ? "The pendulum is upright" : `The pendulum is ${degrees(angle)} from upright${side}`;
    const turns = bySign(velocity, 0.02, "turns clockwise", "hardly turns", "turns counter-clockwise");
    if (torque === undefined) return `${pole} and ${turns}.`;
    const way = bySign(torque, 0.02 * limit, "clockwise", "", "counter-clockwise");
    const pushed = way === "" ? "hardly any torque" : `a torque of ${spoken(Math.abs(torque), 1)} ${way}`;
    return `${pole} and ${turns}; ${pushed}.`;
  }
}
