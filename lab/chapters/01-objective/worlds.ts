/**
 * The two worlds of the chapter, each with a policy of one logit for each state and action: a bandit of three arms, whose
 * logits have two directions that matter, and the maze of `ascent variance --env grid` without a cost of steps, where plain
 * REINFORCE can be seen to arrive.
 */

import { bandit, gridWorld, type PolicyModel, type TabularMdp, tabularSoftmax } from "ascent-rl/mdp";

export type WorldName = "bandit" | "maze";

/** What the arms pay. */
export const ARMS: readonly number[] = [1, 0.5, 0];
export const MAZE = ["...G", ".#.X", "S..."] as const;

/** Sides of the maze's actions 0 to 3, y up. */
export const SIDES = [
  [0, 1],
  [1, 0],
  [0, -1],
  [-1, 0],
] as const;

/**
 * Two orthonormal directions of the bandit's logits: "first arm rather than the last" and "second arm rather than the others".
 * The third, all logits alike, changes no probability, and no estimate ever points along it.
 */
export const PLANE: readonly [Float64Array, Float64Array] = [
  Float64Array.of(1, 0, -1).map((x) => x / Math.SQRT2),
  Float64Array.of(-1, 2, -1).map((x) => x / Math.sqrt(6)),
];

/** How far the plane is drawn in each direction, and points of a side of the grid on which J is known there. */
export const REACH = 3;
export const SIDE = 33;

export interface World {
  readonly mdp: TabularMdp;
  readonly model: PolicyModel;
  readonly theta: Float64Array;
}

/** The bandit's logits at a place of the plane. The terminal state has three more, which stay 0. */
export function banditAt(x: number, y: number): World {
  const mdp = bandit(ARMS);
  const theta = new Float64Array(6);
  for (let a = 0; a < 3; a++) theta[a] = x * PLANE[0][a] + y * PLANE[1][a];
  return { mdp, model: tabularSoftmax(mdp.states, mdp.actions), theta };
}

/** The maze with the policy that picks every side alike. */
export function maze(): World {
  const mdp = gridWorld(MAZE, { slip: 0.1, gamma: 0.95, stepReward: 0, horizon: 20 });
  const model = tabularSoftmax(mdp.states, mdp.actions);
  return { mdp, model, theta: new Float64Array(model.parameterCount) };
}

/** Along the two directions of the plane. */
export function inPlane(vector: ArrayLike<number>): [number, number] {
  const along = (direction: Float64Array) => direction.reduce((sum, value, a) => sum + value * vector[a], 0);
  return [along(PLANE[0]), along(PLANE[1])];
}
