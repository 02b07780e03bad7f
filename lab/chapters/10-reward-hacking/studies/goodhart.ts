/** Gold and proxy over √KL while a learnt proxy is optimised, seed after seed; what is shown first is the seed under way. */
import { bestOfNPressure, type PressurePoint, regularisedPressure, rlooPath } from "ascent-rl/overoptimisation";
import type { Study } from "../../../studies/study.ts";
import { type SeedCurve, seedCurve } from "../curve.ts";
import { proxyOf, sentencesOf } from "../learnt.ts";
import { DRAWS, WIDTH } from "../sizes.ts";

export type Optimiser = "best of n" | "rloo" | "optimum";

export interface GoodhartInput {
  optimiser: Optimiser;
  /** Comparisons that the proxy learns from. */
  pairs: number;
  seeds: readonly number[];
}

export interface GoodhartOutput {
  /** What it was computed for. */
  of: GoodhartInput;
  /** The seeds that are done; undefined before the first. */
  curve: SeedCurve | undefined;
  /** The seed under way, as far as it has come; undefined when all are done. */
  underWay: { seed: number; doing: string; path: readonly PressurePoint[] } | undefined;
}

/** β of the perfect optimum, from weak to strong. */
export const BETAS = [8, 4, 2, 1.4, 1, 0.7, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08, 0.05] as const;
/** How often the first proxy is looked at while it learns, so that there is something to see at once. */
const LOOKS = 10;

const plain = ({ distance, proxy, gold }: PressurePoint): PressurePoint => ({ distance, proxy, gold });

export const study: Study<GoodhartInput, GoodhartOutput> = async function* (input) {
  const { optimiser, pairs, seeds } = input;
  const paths: PressurePoint[][] = [];
  const form = optimiser === "best of n" ? "bestOfN" : "reinforcementLearning";
  const output = (underWay: GoodhartOutput["underWay"]): GoodhartOutput => ({
    of: input,
    curve: paths.length === 0 ? undefined : seedCurve(paths, form),
    underWay,
  });
  const [first] = seeds;
  if (first !== undefined) yield output({ seed: first, doing: "The policy learns the sentences", path: [] });
  for (const seed of seeds) {
    const sentences = await sentencesOf(seed);
    const { reference, gold } = sentences;
    const exact = (proxy: Float64Array) =>
      optimiser === "optimum"
        ? regularisedPressure({ reference, proxy, gold }, BETAS)
        : bestOfNPressure({ reference, proxy, gold }, DRAWS);
    const learning = proxyOf(sentences, { width: WIDTH, pairs, looks: seed === first ? LOOKS : 1 });
    let step = await learning.next();
    while (step.done !== true) {
      const path = optimiser === "rloo" ? [] : exact(step.value);
      yield output({ seed, doing: "The proxy learns from comparisons", path });
      step = await learning.next();
    }
    const path: PressurePoint[] = [];
    if (optimiser === "rloo") {
      for await (const point of rlooPath(await sentences.scene(), step.value)) {
        path.push(plain(point));
        yield output({ seed, doing: "RLOO optimises the proxy", path: [...path] });
      }
    } else path.push(...exact(step.value));
    paths.push(path);
    yield output(undefined);
  }
};
