/** Picture for docs/theory.md, 22: what PPO's clipping does to the objective of one sample, and to its gradient. */

import type { Picture } from "../../src/charts/index.ts";
import { clippedSurrogate, plainSurrogate } from "../../src/objectives/index.ts";
import { compile, createEngine, grad, input } from "../../src/tensor/index.ts";

export interface Surrogates {
  plain: number;
  clipped: number;
  /** By log π of the sample. */
  slope: number;
}

/** The surrogates of one sample of each ratio. */
export async function surrogates(ratios: readonly number[], advantage: number, clipRange = 0.2): Promise<Surrogates[]> {
  const [logProb, oldLogProb, weight] = ["logProb", "oldLogProb", "advantage"].map((name) => input(name, [1]));
  const sample = { logProb, oldLogProb, advantage: weight };
  const clipped = clippedSurrogate(sample, clipRange);
  const [slope] = grad(clipped, [logProb]);
  const engine = await createEngine();
  const program = compile(engine, { name: "surrogates", outputs: { clipped, slope, plain: plainSurrogate(sample) } });
  program.input("advantage").fill(advantage);
  program.input("oldLogProb").fill(0);
  return ratios.map((ratio) => {
    program.input("logProb").fill(Math.log(ratio));
    program.run();
    const value = (name: string) => program.output(name)[0];
    return { plain: value("plain"), clipped: value("clipped"), slope: value("slope") };
  });
}

export async function clippingPicture(): Promise<Picture> {
  const x = Array.from({ length: 200 }, (_, i) => 0.01 + i / 100);
  const panels = await Promise.all(
    [1, -1].map(async (advantage) => {
      const found = await surrogates(x, advantage);
      return {
        kind: "lines" as const,
        title: advantage > 0 ? "A good action, A = 1" : "A bad action, A = −1",
        x: { label: "probability ratio ρ", range: [0, 2] as const },
        y: { label: "objective of the sample", range: advantage > 0 ? ([0, 2] as const) : ([-2, 0] as const) },
        series: [
          { name: "ρA", x, y: found.map(({ plain }) => plain), dashed: true, style: 1 },
          { name: "min(ρA, clip(ρ, 1 − ε, 1 + ε) A)", x, y: found.map(({ clipped }) => clipped), style: 0 },
        ],
        levels: [{ value: advantage > 0 ? 1.2 : 0.8, label: advantage > 0 ? "1 + ε" : "1 − ε", axis: "x" as const }],
      };
    }),
  );
  return {
    title: "PPO's clipping, ε = 0.2: beyond the edge an action pays no more",
    subtitle:
      "Where the line is flat the gradient is 0; on the other side a step that went wrong is still undone in full",
    panels,
    names: "above",
  };
}
