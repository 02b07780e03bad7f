/** Independent draws, uniform over every dimension (of a logarithmic one, over the logarithm). */
import { RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import { type Settings, type Space, settingsAt } from "../space.ts";

/** A function of seed and number alone: trial 7 is the same whatever became of the others. */
export function randomSettings(space: Space, seed: number, number: number): Settings {
  const random = new RandomStream(seed, streams.sweeps, number);
  return settingsAt(
    space,
    Object.keys(space).map(() => random.uniform()),
  );
}
