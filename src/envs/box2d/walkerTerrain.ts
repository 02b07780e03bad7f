/**
 * The ground that BipedalWalker goes over, after Gymnasium 1.3: gentle slopes, in the hardcore version with pits, stumps and
 * stairs between. Plain data; what makes bodies of it is bipedalWalker.ts.
 */
import type { RandomStream } from "../../random/stream.ts";
import type { Point } from "../../scenes/scene.ts";

const SCALE = 30;
export const TERRAIN_STEP = 14 / SCALE;
/** In steps. */
export const TERRAIN_LENGTH = 200;
export const TERRAIN_GRASS = 10;
export const TERRAIN_START = 20;
export const TERRAIN_HEIGHT = 400 / SCALE / 4;

export interface WalkerTerrain {
  /** Heights at each step. */
  heights: number[];
  /** Solid things that stand on the ground or hold its edges, in the order in which they are made. */
  blocks: Point[][];
}

type Kind = "grass" | "stump" | "stairs" | "pit";
const HARD: readonly Kind[] = ["stump", "stairs", "pit"];

export function walkerTerrain(random: RandomStream, hardcore: boolean): WalkerTerrain {
  const between = (low: number, high: number) => low + random.integer(high - low);
  const heights: number[] = [];
  const blocks: Point[][] = [];
  let kind: Kind = "grass";
  let isFirst = false;
  let velocity = 0;
  let y = TERRAIN_HEIGHT;
  let original = 0;
  let left = TERRAIN_START;
  let stairs = { steps: 0, width: 0, height: 0 };
  for (let i = 0; i < TERRAIN_LENGTH; i++) {
    const x = i * TERRAIN_STEP;
    if (kind === "grass" && !isFirst) {
      velocity = 0.8 * velocity + 0.01 * Math.sign(TERRAIN_HEIGHT - y);
      if (i > TERRAIN_START) velocity += random.uniformBetween(-1, 1) / SCALE;
      y += velocity;
    } else if (kind === "pit" && isFirst) {
      left = between(3, 5);
      const wall = block(x, y, 1, -4);
      blocks.push(
        wall,
        wall.map(([px, py]) => [px + TERRAIN_STEP * left, py]),
      );
      left += 2;
      original = y;
    } else if (kind === "pit") {
      y = left > 1 ? original - 4 * TERRAIN_STEP : original;
    } else if (kind === "stump" && isFirst) {
      left = between(1, 3);
      blocks.push(block(x, y, left, left));
    } else if (kind === "stairs" && isFirst) {
      const height = random.uniform() > 0.5 ? 1 : -1;
      stairs = { height, width: 4, steps: between(3, 5) };
      original = y;
      for (let s = 0; s < stairs.steps; s++) {
        blocks.push(block(x + s * stairs.width * TERRAIN_STEP, y + s * height * TERRAIN_STEP, stairs.width, -1));
      }
      left = stairs.steps * stairs.width;
    } else if (kind === "stairs") {
      const n = (stairs.steps * stairs.width - left - stairs.height) / stairs.width;
      y = original + n * stairs.height * TERRAIN_STEP;
    }
    isFirst = false;
    heights.push(y);
    left--;
    if (left !== 0) continue;
    left = between(TERRAIN_GRASS / 2, TERRAIN_GRASS);
    kind = kind === "grass" && hardcore ? HARD[random.integer(HARD.length)] : "grass";
    isFirst = true;
  }
  return { heights, blocks };
}

/** A rectangle of so many steps, up from its corner or, with a negative height, down. */
function block(x: number, y: number, width: number, height: number): Point[] {
  const [right, other] = [x + width * TERRAIN_STEP, y + height * TERRAIN_STEP];
  return [
    [x, y],
    [right, y],
    [right, other],
    [x, other],
  ];
}
