/**
 * What the chapter's figures learn from seeds' worlds: policies and reward models, each learnt once and then known, so that a switch
 * is answered at once. All of it depends on the seed and the settings only.
 */
import { createEngine } from "ascent-rl";
import {
  type LearntProxyOptions,
  learningProxy,
  type OveroptimisationScene,
  overoptimisationScene,
} from "ascent-rl/overoptimisation";

/** What is exact of a seed's starting policy; the policy itself is made when it is asked for. */
export interface SeedSentences {
  readonly seed: number;
  /** π_ref [count] */
  readonly reference: Float64Array;
  /** [count] */
  readonly gold: Float64Array;
  scene(): Promise<OveroptimisationScene>;
}

const sentences = new Map<number, { reference: Float64Array; gold: Float64Array }>();
const proxies = new Map<string, Float64Array>();

/** Builds round differently; this one runs everywhere, so that every page shows the same numbers. */
export const KERNELS = "simd";

export async function sentencesOf(seed: number): Promise<SeedSentences> {
  let made: Promise<OveroptimisationScene> | undefined;
  // An engine for each use: its memory goes with it.
  const scene = () => (made ??= createEngine({ build: KERNELS }).then((engine) => overoptimisationScene(engine, seed)));
  let known = sentences.get(seed);
  if (known === undefined) {
    const { reference, gold } = await scene();
    known = { reference, gold };
    sentences.set(seed, known);
  }
  return { seed, ...known, scene };
}

/** The rewards of a proxy [count]: as it learns, if it is not known yet, and in the end. */
export async function* proxyOf(
  of: SeedSentences,
  options: LearntProxyOptions,
): AsyncGenerator<Float64Array, Float64Array> {
  const { looks: _, ...what } = options;
  const key = JSON.stringify({ of: of.seed, ...what });
  const known = proxies.get(key);
  if (known !== undefined) return known;
  let last = new Float64Array(0);
  for await (const rewards of learningProxy(await of.scene(), options)) {
    last = rewards as Float64Array<ArrayBuffer>;
    yield last;
  }
  proxies.set(key, last);
  return last;
}
