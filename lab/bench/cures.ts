/** What usually cures a collapse that a figure announced, in the settings that the algorithm has. Pure. */
import type { AlgorithmFacts } from "../catalogue/catalogue.ts";

interface Cure {
  readonly figures: readonly string[];
  /** Each with the setting that it is of. */
  readonly ways: readonly (readonly [option: string, words: string])[];
}

const CURES: readonly Cure[] = [
  {
    figures: ["kl", "approxKl", "clipFraction", "parameterDistance"],
    ways: [
      ["learningRate", "lower learningRate"],
      ["nEpochs", "lower nEpochs"],
      ["targetKl", "set targetKl (0.02)"],
    ],
  },
  {
    figures: ["entropy"],
    ways: [
      ["learningRate", "lower learningRate"],
      ["entCoef", "raise entCoef (0.01)"],
    ],
  },
  {
    figures: ["explainedVariance"],
    ways: [
      ["normalizeRewards", "set normalizeRewards"],
      ["criticLearningRate", "raise criticLearningRate"],
      ["vfCoef", "raise vfCoef"],
    ],
  },
  {
    figures: ["loss", "policyLoss", "valueLoss", "gradientNorm"],
    ways: [
      ["learningRate", "lower learningRate"],
      ["maxGradNorm", "cut the gradient (maxGradNorm)"],
      ["normalizeRewards", "set normalizeRewards"],
    ],
  },
];

/** A sentence; empty where nothing is known. @param figure that was seen first; undefined where none was. */
export function cureOf({ options }: AlgorithmFacts, figure: string | undefined): string {
  const known = CURES.find(({ figures }) => figure !== undefined && figures.includes(figure)) ?? CURES[0];
  const ways = known.ways.filter(([name]) => options.some((option) => option.name === name)).map(([, words]) => words);
  const last = ways.pop();
  if (last === undefined) return "";
  return `What usually helps: ${ways.length === 0 ? last : `${ways.join(", ")} or ${last}`}.`;
}
