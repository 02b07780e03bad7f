/**
 * A reward model from preferences: −log σ(r_chosen − r_rejected) (Bradley & Terry 1952; Ouyang et al. 2022, eq. 1; docs/theory.md,
 * 25), with r the number that the model's head gives at the last token of prompt and completion. A margin of each pair, and a pull of the
 * level towards 0, as options.
 */

import { z } from "zod";
import { AscentError } from "../../errors.ts";
import type { PreferenceRow, Rows } from "../../language/data/rows.ts";
import type { LanguageModel } from "../../language/model/languageModel.ts";
import { scoringModel } from "../../language/model/scoringModel.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import { bradleyTerryLoss } from "../../objectives/preferences/bradleyTerry.ts";
import type { Given } from "../../options/given.ts";
import { parseOptions } from "../../options/parse.ts";
import type { Work } from "../../pauses.ts";
import { deriveSeed, streams } from "../../random/index.ts";
import { mul } from "../../tensor/ops/elementwise.ts";
import { takeLast } from "../../tensor/ops/gather.ts";
import { fallingRate, updateOptions } from "./commonOptions.ts";
import { checkMaterial, encodeRows } from "./encodedRows.ts";
import { ensembleLearner } from "./ensembleLearner.ts";
import type { TextObjective } from "./objective.ts";
import { encodePair } from "./pairObjective.ts";
import { supervisedLearner } from "./supervisedLearner.ts";

export const rewardModelOptions = z.strictObject({
  ...updateOptions,
  learningRate: fallingRate(1e-4),
  useMargin: z.boolean().default(true).describe("of rows that say by how much the chosen one is better"),
  centring: z
    .number()
    .min(0)
    .default(0)
    .describe("weight of (r_chosen + r_rejected)², which keeps rewards around 0 (Eisenstein et al. 2023)"),
  members: z
    .int()
    .min(1)
    .default(1)
    .describe("models trained side by side, each from a head and through an order of its own (Coste et al. 2023)"),
});

export type RewardModelOptions = Given<typeof rewardModelOptions>;

/**
 * A learner on pairs; an iteration is one update, and its `steps` are pairs seen.
 *
 * @param material a model with the head "score", which is trained in place, and rows of tokens.
 * @param totalSteps the run's planned length in pairs, over which schedules anneal unless `annealSteps` is given.
 * @throws AscentError "option" for unknown or ill-typed options, a model with another head, and rows that cannot be learnt from.
 */
export function* makingRewardModel(
  { model, rows }: { model: LanguageModel; rows: Rows<PreferenceRow> },
  given: RewardModelOptions,
  totalSteps: number,
): Work<LanguageLearner> {
  checkMaterial("reward-model", { model, rows, totalSteps });
  const options = parseOptions("reward-model", rewardModelOptions, given);
  requireScoreHead(model);
  const annealSteps = options.annealSteps ?? totalSteps;
  const learners: LanguageLearner[] = [];
  for (let member = 0; member < options.members; member++) {
    const seed = member === 0 ? options.seed : deriveSeed(options.seed, streams.parameters, member, 0);
    const own = member === 0 ? model : scoringModel(model, { seed });
    learners.push(yield* oneRewardModel(own, rows, { ...options, seed }, annealSteps));
  }
  return options.members === 1 ? learners[0] : ensembleLearner(learners, "margin");
}

function* oneRewardModel(
  model: LanguageModel,
  rows: Rows<PreferenceRow>,
  options: z.output<typeof rewardModelOptions>,
  annealSteps: number,
): Work<LanguageLearner> {
  const { description } = model.network;
  const encode = (row: PreferenceRow, what: string) => encodePair(row, what, description, options.maxLength);
  return supervisedLearner({
    ...{ algorithm: "reward-model", model, options, annealSteps },
    data: yield* encodeRows("reward-model", rows, encode, options),
    objective: rewardObjective(options),
  });
}

function requireScoreHead({ network: { description } }: LanguageModel): void {
  if (description.head === "score") return;
  throw new AscentError("option", {
    what: "reward-model: the model has no head that scores",
    got: `head "${description.head}"`,
    expected: 'head "score"',
    fix: 'Make it with { ...description, head: "score" }, or take over a language model\'s body with scoringModel(model).',
  });
}

export function rewardObjective({
  useMargin,
  centring,
}: Pick<z.output<typeof rewardModelOptions>, "useMargin" | "centring">): TextObjective<PreferenceRow> {
  return {
    kinds: 2,
    values({ rows }) {
      return { margin: Float32Array.from(rows, ({ margin = 0 }) => (useMargin ? margin : 0)) };
    },
    graph({ network, tokens, last, row, scalar, kind }) {
      const reward = takeLast(network.scores(network.hidden({ tokens })), last());
      const pairs = { chosen: kind(reward, 0), rejected: kind(reward, 1), margin: row("margin") };
      return { loss: mul(bradleyTerryLoss(pairs, centring), scalar("share")), vectors: { reward } };
    },
    figures({ rows }, { reward }) {
      const pairs = rows.length;
      let [accuracy, margin, total] = [0, 0, 0];
      for (let i = 0; i < pairs; i++) {
        accuracy += reward[i] > reward[pairs + i] ? 1 : 0;
        margin += reward[i] - reward[pairs + i];
        total += reward[i] + reward[pairs + i];
      }
      return {
        accuracy: accuracy / pairs,
        margin: margin / pairs,
        min_reward: Math.min(...reward),
        mean_reward: total / (2 * pairs),
        max_reward: Math.max(...reward),
      };
    },
  };
}
