/** What figures open the bench with. */
import type { JsonValue } from "ascent-rl";
import type { BenchSettings } from "../link/benchSettings.ts";

type Options = Readonly<Record<string, JsonValue>>;

export interface BenchSide {
  algorithm: string;
  options: Options;
}

/** One or two algorithms on an environment, over four seeds. */
export function besideEachOther(
  chapter: string,
  { environment, steps }: { environment: string; steps: number },
  a: BenchSide,
  b?: BenchSide,
): BenchSettings {
  const side = ({ algorithm, options }: BenchSide) => ({ algorithm, environment, steps, options });
  return { a: side(a), ...(b && { b: side(b) }), seeds: [0, 1, 2, 3], hide: [], chapter };
}

/** REINFORCE on CartPole-v1 with these weights, beside others where there is a second side. */
export function reinforceOnCartPole(a: Options, chapter: string, b?: Options): BenchSettings {
  const side = (options: Options) => ({ algorithm: "reinforce", options });
  return besideEachOther(chapter, { environment: "CartPole-v1", steps: 30_000 }, side(a), b && side(b));
}
