/** What figures open the bench with. */
import type { JsonValue } from "ascent-rl";
import type { BenchSettings } from "../link/benchSettings.ts";

type Options = Readonly<Record<string, JsonValue>>;

/** REINFORCE on CartPole-v1 with these weights, beside others where there is a second side. */
export function reinforceOnCartPole(a: Options, chapter: string, b?: Options): BenchSettings {
  const side = (options: Options) => ({
    ...{ algorithm: "reinforce", environment: "CartPole-v1", steps: 30_000, options },
  });
  return { a: side(a), ...(b && { b: side(b) }), seeds: [0, 1, 2, 3], hide: [], chapter };
}
