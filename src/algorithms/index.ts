/** The algorithms, in paper order. */
export { type PpoOptions, ppo, ppoOptions } from "./ppo.ts";
