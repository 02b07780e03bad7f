/** Random numbers: the counter-based generator, keyed streams, and the names of the library's own streams. */

export { threefry2x32 } from "../math/threefry.ts";
export { writeKey } from "./keys.ts";
export { checkSeed, deriveSeed, RandomStream } from "./stream.ts";
export { streams } from "./streams.ts";
