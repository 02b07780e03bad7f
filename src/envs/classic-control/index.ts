/** The classic-control tasks of Gymnasium. */
import type { EnvironmentSpec } from "../batched.ts";
import { acrobot } from "./acrobot.ts";
import { classicSpec } from "./batch.ts";
import { cartPole } from "./cartpole.ts";
import { mountainCar } from "./mountain-car.ts";
import { mountainCarContinuous } from "./mountain-car-continuous.ts";
import { pendulum } from "./pendulum.ts";

export const classicControl: readonly EnvironmentSpec[] = [
  cartPole,
  acrobot,
  pendulum,
  mountainCar,
  mountainCarContinuous,
].map(classicSpec);
