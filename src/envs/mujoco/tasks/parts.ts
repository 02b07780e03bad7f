/** What several tasks have in common: noise at the start, columns of observations, and who is healthy. */
import type { RandomStream } from "../../../random/stream.ts";
import type { Physics } from "../physics.ts";
import type { Range } from "./options.ts";

/** Adds noise to the model's own state: uniform up to the scale; velocities by a normal distribution where it says so. */
export function noisyStart(scale: number, velocities: "uniform" | "normal" = "uniform") {
  return ({ qpos, qvel }: Physics, random: RandomStream): void => {
    for (let j = 0; j < qpos.length; j++) qpos[j] += random.uniformBetween(-scale, scale);
    for (let j = 0; j < qvel.length; j++) {
      qvel[j] += velocities === "normal" ? scale * random.normal() : random.uniformBetween(-scale, scale);
    }
  };
}

/** Copies numbers from `from` on. Returns where the next ones go. */
export function copyInto(out: Float64Array, at: number, numbers: Float64Array, from = 0): number {
  for (let j = from; j < numbers.length; j++) out[at + j - from] = numbers[j];
  return at + numbers.length - from;
}

/** The same, cut off at ±bound. */
export function copyClipped(out: Float64Array, at: number, numbers: Float64Array, bound: number): number {
  for (let j = 0; j < numbers.length; j++) out[at + j] = Math.min(Math.max(numbers[j], -bound), bound);
  return at + numbers.length;
}

/** Strictly between the two; NaN is not. */
export function within(x: number, [low, high]: Range): boolean {
  return low < x && x < high;
}

export function clipped(x: number, [low, high]: Range): number {
  return Math.min(Math.max(x, low), high);
}

export function distanceFromOrigin({ qpos }: Physics): number {
  return Math.sqrt(qpos[0] * qpos[0] + qpos[1] * qpos[1]);
}

/** Distance of two bodies. */
export function distanceOf({ xpos }: Physics, a: number, b: number): number {
  const [dx, dy, dz] = [
    xpos[3 * a] - xpos[3 * b],
    xpos[3 * a + 1] - xpos[3 * b + 1],
    xpos[3 * a + 2] - xpos[3 * b + 2],
  ];
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}
