/** Valid arguments of "ascent-rl/box2d". */
import { options } from "./harness.ts";

export const box2dRows: Record<string, () => unknown[]> = {
  lunarLander: () => [
    "Mine-v0",
    options({ continuous: true, gravity: -9, enableWind: true, windPower: 10, turbulencePower: 1 }),
  ],
};
