/** Acrobot as a picture: both links, the bar that the tip has to pass, and the torque at the elbow. */
import { cos, sin } from "../../../math/deterministic.ts";
import { arc, rectangle } from "../../../scenes/forms.ts";
import { bySign, degrees, spoken } from "../../../scenes/phrases.ts";
import type { Scene, Shape } from "../../../scenes/scene.ts";

const EDGE = 2.25;

/**
 * @param state the two angles (0 is hanging down, the second relative to the first) and their velocities.
 * @param torque of the last step at the elbow: −1, 0 or 1; undefined where there is none.
 */
export function acrobotScene(state: ArrayLike<number>, torque: number | undefined): Scene {
  const [theta1, theta2, velocity1, velocity2] = [state[0], state[1], state[2], state[3]];
  const [elbowX, elbowY] = [sin(theta1), -cos(theta1)];
  const [tipX, tipY] = [elbowX + sin(theta1 + theta2), elbowY - cos(theta1 + theta2)];
  const reached = tipY > 1;
  const shapes: Shape[] = [
    { kind: "polygon", points: rectangle(-EDGE, 1, EDGE, EDGE), fill: "sky" },
    {
      kind: "polyline",
      points: [
        [-EDGE, 1],
        [EDGE, 1],
      ],
      stroke: reached ? "good" : "muted",
      strokeWidth: 0.04,
    },
    {
      kind: "polyline",
      points: [
        [0, 0],
        [elbowX, elbowY],
      ],
      stroke: "accent1",
      strokeWidth: 0.16,
    },
    {
      kind: "polyline",
      points: [
        [elbowX, elbowY],
        [tipX, tipY],
      ],
      stroke: "accent2",
      strokeWidth: 0.16,
    },
    { kind: "circle", x: 0, y: 0, radius: 0.1, fill: "ink" },
    { kind: "circle", x: elbowX, y: elbowY, radius: 0.09, fill: "ground", stroke: "ink", strokeWidth: 0.03 },
    { kind: "circle", x: tipX, y: tipY, radius: 0.07, fill: reached ? "good" : "ink" },
  ];
  if (torque !== undefined && torque !== 0) {
    // Around the outside of the elbow: what turns the second link counter-clockwise is positive.
    const outside = Math.PI / 2 + theta1 + theta2;
    const points = arc(elbowX, elbowY, 0.34, outside - torque * 1.1, outside + torque * 1.1);
    shapes.push({ kind: "polyline", points, stroke: "ink", strokeWidth: 0.045, arrow: true });
  }
  return { left: -EDGE, bottom: -EDGE, right: EDGE, top: EDGE, shapes, words: words() };

  function words(): string {
    const first = bySign(theta1, 0.01, " to the left", "", " to the right");
    const lower = `The upper link is ${degrees(theta1)} from hanging${first} and ${turns(velocity1)}`;
    const bend = bySign(theta2, 0.01, " to the left", "", " to the right");
    const elbow = `the lower one is bent by ${degrees(theta2)}${bend} and ${turns(velocity2)}`;
    const missing = reached ? "the tip is above the bar" : `the tip is ${spoken(1 - tipY, 1)} below the bar`;
    const pushed =
      torque === undefined
        ? ""
        : `; ${bySign(torque, 0.5, "torque clockwise", "no torque", "torque counter-clockwise")} at the elbow`;
    return `${lower}, ${elbow}; ${missing}${pushed}.`;
  }
}

function turns(velocity: number): string {
  return bySign(velocity, 0.02, "turns clockwise", "hardly turns", "turns counter-clockwise");
}
