/** The classic-control tasks of Gymnasium, and two of them seen in part. */
import type { EnvironmentSpec } from "../batched.ts";
import { acrobot } from "./acrobot.ts";
import { classicSpec } from "./batch.ts";
import { cartPole } from "./cartpole.ts";
import { mountainCar } from "./mountain-car.ts";
import { mountainCarContinuous } from "./mountain-car-continuous.ts";
import { cartPoleNoVelocity, pendulumNoVelocity } from "./partial.ts";
import { pendulum } from "./pendulum.ts";

export const classicControl: readonly EnvironmentSpec[] = [
  cartPole,
  acrobot,
  pendulum,
  mountainCar,
  mountainCarContinuous,
].map(classicSpec);

export const partiallySeen: readonly EnvironmentSpec[] = [cartPoleNoVelocity, pendulumNoVelocity].map(classicSpec);
