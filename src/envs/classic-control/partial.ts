/**
 * Tasks of which only a part is seen: the same dynamics, some of the observation's columns. What is left out must be
 * remembered, so these are what policies with a memory are tried on. Not in Gymnasium.
 */
import { box } from "../spaces.ts";
import { cartPole } from "./cartpole.ts";
import type { Dynamics } from "./dynamics.ts";
import { pendulum } from "./pendulum.ts";

/** @param columns of the observation that are seen, in this order. */
function seeing(columns: readonly number[], whole: Dynamics, names: Pick<Dynamics, "id" | "summary">): Dynamics {
  const { low, high } = whole.observationSpace;
  const width = low.length;
  let all = new Float32Array(0);
  return {
    ...whole,
    ...names,
    observationSpace: box({ low: columns.map((j) => low[j]), high: columns.map((j) => high[j]) }),
    observe(state, out, from, to) {
      if (all.length < to * width) all = new Float32Array(to * width);
      whole.observe(state, all, from, to);
      for (let i = from; i < to; i++) {
        for (let k = 0; k < columns.length; k++) out[i * columns.length + k] = all[i * width + columns[k]];
      }
    },
  };
}

export const cartPoleNoVelocity = seeing([0, 2], cartPole, {
  id: "CartPoleNoVelocity-v1",
  summary: "CartPole-v1 seeing only position and angle: a task for memory (not in Gymnasium)",
});

export const pendulumNoVelocity = seeing([0, 1], pendulum, {
  id: "PendulumNoVelocity-v1",
  summary: "Pendulum-v1 seeing only the angle: a task for memory (not in Gymnasium)",
});
