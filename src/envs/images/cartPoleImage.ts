/**
 * CartPoleImage-v1: CartPole-v1 seen as grey pictures of 84 × 84, the last four of them, as Atari games are (Mnih et al. 2015). The
 * same dynamics, rewards and seeds; only what is seen differs. The pole is drawn three times as long as its scale, since at its
 * true length the angles that matter would move its end by less than three pixels.
 */
import { z } from "zod";
import { cos, sin } from "../../math/deterministic.ts";
import type { EnvironmentSpec } from "../batched.ts";
import { batchFromFactory } from "../batchFromFactory.ts";
import { ClassicControl } from "../classic-control/batch.ts";
import { cartPole } from "../classic-control/cartpole.ts";
import type { Environment } from "../environment.ts";
import { singleFromBatched } from "../singleFromBatched.ts";
import { type Box, box, type Discrete, discrete } from "../spaces.ts";
import { passThrough, remembering } from "../wrappers/passThrough.ts";
import { drawLine, drawRectangle, type Plane } from "./raster.ts";

const ID = "CartPoleImage-v1";
const SIDE = 84;
const FRAMES = 4;
const PIXELS = SIDE * SIDE;

/** Position ±2.4 is what a running episode can have; the cart is seen whole there. */
const PIXELS_A_UNIT = 15;
const POLE_LENGTH = 45;
const POLE_WIDTH = 3;
const CART = { halfWidth: 5, top: 66, bottom: 73 };
const GROUND = { grey: 90, cart: 170, pole: 255 };

/** One state, position and angle (0 is upright, positive leans right), on a black plane. */
export function drawCartPole(plane: Plane, position: number, angle: number): void {
  plane.pixels.fill(0, plane.offset, plane.offset + PIXELS);
  const x = SIDE / 2 + PIXELS_A_UNIT * position;
  drawRectangle(plane, [0, CART.bottom, SIDE, CART.bottom + 1], GROUND.grey);
  drawRectangle(plane, [x - CART.halfWidth, CART.top, x + CART.halfWidth, CART.bottom], GROUND.cart);
  const end: [number, number] = [x + POLE_LENGTH * sin(angle), CART.top - POLE_LENGTH * cos(angle)];
  drawLine(plane, [x, CART.top, ...end], POLE_WIDTH, GROUND.pole);
}

const form = z.object({ positions: z.array(z.number()).length(FRAMES), angles: z.array(z.number()).length(FRAMES) });

/** Observations are [4, 84, 84] of 0 to 255, the oldest first; where an episode begins, its first picture four times. */
export function cartPoleImages(): Environment<Float32Array, number, Box, Discrete> {
  const inner = singleFromBatched<Float32Array, number>(new ClassicControl(cartPole, 1));
  // What is drawn is known from these: a saved state need not hold pictures.
  let positions = new Array<number>(FRAMES).fill(0);
  let angles = new Array<number>(FRAMES).fill(0);
  const frames = new Float32Array(FRAMES * PIXELS);
  const draw = (frame: number) => {
    drawCartPole({ pixels: frames, offset: frame * PIXELS, side: SIDE }, positions[frame], angles[frame]);
  };
  return passThrough<Float32Array, number, Box, Discrete>(inner, {
    observationSpace: box({ low: 0, high: 255, shape: [FRAMES, SIDE, SIDE] }),
    actionSpace: discrete(2),
    reset(options) {
      const { observation } = inner.reset(options);
      positions.fill(observation[0]);
      angles.fill(observation[2]);
      draw(0);
      for (let frame = 1; frame < FRAMES; frame++) frames.copyWithin(frame * PIXELS, 0, PIXELS);
      return { observation: frames.slice() };
    },
    step(action) {
      const result = inner.step(action);
      frames.copyWithin(0, PIXELS);
      positions = [...positions.slice(1), result.observation[0]];
      angles = [...angles.slice(1), result.observation[2]];
      draw(FRAMES - 1);
      return { ...result, observation: frames.slice() };
    },
    ...remembering(ID, inner, {
      form,
      save: () => ({ positions: [...positions], angles: [...angles] }),
      load(kept) {
        positions = [...kept.positions];
        angles = [...kept.angles];
        for (let frame = 0; frame < FRAMES; frame++) draw(frame);
      },
    }),
  });
}

/** The time limit is that of CartPole-v1, and within. */
export const cartPoleImage: EnvironmentSpec<Environment<Float32Array, number, Box, Discrete>> = {
  id: ID,
  summary: "CartPole-v1 seen as the last four grey pictures of 84 × 84 (not in Gymnasium)",
  maxEpisodeSteps: cartPole.maxEpisodeSteps,
  rewardThreshold: cartPole.rewardThreshold,
  make: (count, firstIndex) => batchFromFactory(cartPoleImages, count, { id: ID }, firstIndex),
  makeSingle: cartPoleImages,
};
