/** Short runs of algorithms for language models, for `computeReference`: from completions of their own, and from preferences. */

import { makingDpo } from "../../src/algorithms/language/dpo.ts";
import type { LanguageLearner } from "../../src/learners/languageLearner.ts";
import { finish } from "../../src/pauses.ts";
import { createEngine, type KernelBuild } from "../../src/tensor/index.ts";
import { makeLearner, tinyModel, world } from "../algorithms/language/completionSupport.ts";

/** The numbers of each model afterwards, by algorithm and kernel build. */
export async function learnerNumbers(builds: readonly KernelBuild[]): Promise<Record<string, Float32Array>> {
  const numbers: Record<string, Float32Array> = {};
  for (const build of builds) {
    const engine = await createEngine({ build });
    const runs: Readonly<Record<string, () => LanguageLearner>> = {
      grpo: () => makeLearner("grpo", { model: tinyModel(engine) }, { beta: 0.1, nEpochs: 2, batchSize: 8 }),
      rlhf: () => makeLearner("rlhf", { model: tinyModel(engine) }, { beta: 0.1, klTarget: 1, clipRangeVf: 0.2 }),
      dpo: () => {
        const options = { batchSize: 8, learningRate: 1e-3, seed: 2 };
        return finish(makingDpo({ model: tinyModel(engine), rows: world.preferences!(24, 1) }, options, 48));
      },
    };
    for (const [name, make] of Object.entries(runs)) {
      const learner = make();
      for (let i = 0; i < 5; i++) learner.iterate();
      numbers[`${name}, ${build}`] = learner.model().block.flat().slice();
    }
  }
  return numbers;
}
