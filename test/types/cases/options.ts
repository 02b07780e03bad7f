/** Names, options and figures of algorithms: known ones are completed and checked, unknown ones refused. */

import {
  type AlgorithmName,
  algorithmNamed,
  algorithms,
  createLearner,
  type Metrics,
  type OptionsOf,
  runLearner,
  train,
} from "ascent-rl";
import type { PpoOptions } from "ascent-rl/algorithms";
import { trainRun } from "ascent-rl/node";
import { typeOf } from "./typeOf.js";

const environment = "CartPole-v1";

typeOf("" as AlgorithmName).is<"reinforce" | "a2c" | "off-policy-pg" | "npg" | "trpo" | "ppo" | "bc">();
typeOf(algorithms.ppo.name).is<"ppo">();
// @ts-expect-error no such algorithm
await train("poo", { environment });
// @ts-expect-error no such algorithm
await trainRun({ algorithm: "poo", environment, out: "runs/new" });
// @ts-expect-error any text: algorithmNamed makes a name of it
await train("ppo" as string, { environment });
await train(algorithmNamed("ppo" as string).name, { environment, options: { anything: 1 } });

// Options: literal names, schedules in short, lists that are constant.
await train("ppo", {
  environment,
  options: {
    ...{ activation: "silu", distribution: "squashedGaussian", cnn: "nature", imageLayout: "hwc", recurrent: "gru" },
    ...{ optimiser: "sgd", objective: "penalty", klRule: "dual", maxGradNorm: "none", hidden: [64] },
    ...{ learningRate: "linear:1e-3:1e-4", clipRange: "cosine:0.2", entCoef: 0.01 },
  },
});
const constant = { hidden: [32, 32], learningRate: "linear:3e-4", cnn: [{ filters: 8, kernel: [3, 3] }] } as const;
await train("ppo", { environment, options: constant });
const kept: PpoOptions = { clipRangeVf: { kind: "steps", from: 0.2, milestones: [[0.5, 0.1]] } };
await trainRun({ algorithm: "ppo", environment, out: "runs/new", options: kept });
typeOf({} as NonNullable<OptionsOf["reinforce"]["baseline"]>).is<
  "none" | "mean" | "leaveOneOut" | "timeStep" | "value"
>();
// @ts-expect-error no such activation
await train("ppo", { environment, options: { activation: "swish" } });
// @ts-expect-error no such distribution
await train("ppo", { environment, options: { distribution: "normal" } });
// @ts-expect-error no such convolutions
await train("ppo", { environment, options: { cnn: "resnet" } });
// @ts-expect-error no such activation in a layer
await train("ppo", { environment, options: { cnn: [{ filters: 8, kernel: 3, activation: "swish" }] } });
// @ts-expect-error no such schedule
await train("ppo", { environment, options: { learningRate: "exponential:1e-3" } });
// @ts-expect-error not a number
await train("ppo", { environment, options: { learningRate: "linear:fast" } });
// @ts-expect-error a number as text
await train("ppo", { environment, options: { gamma: "0.99" } });
// @ts-expect-error one size is no list
await train("ppo", { environment, options: { hidden: 64 } });
// @ts-expect-error an option of PPO
await train("reinforce", { environment, options: { clipRange: 0.2 } });
// @ts-expect-error an option of PPO
await trainRun({ algorithm: "trpo", environment, out: "runs/new", options: { nEpochs: 3 } });
// @ts-expect-error a setting of no one
await train("ppo", { environment, maxSteps: 1000 });

// Figures by name. Those of the algorithm are there in every iteration; after a run without any, only those of the run.
const { metrics } = await train("ppo", {
  environment,
  onIteration: ({ steps, episodeReturn, loss, approxKl }, learner) => {
    typeOf(steps).is<number>();
    typeOf(episodeReturn).is<number>();
    typeOf(loss).is<number>();
    typeOf(approxKl).is<number | undefined>();
    typeOf(learner.steps).is<number>();
  },
});
typeOf(metrics.steps + metrics.episodes + metrics.episodeReturn + metrics.episodeLength).is<number>();
typeOf(metrics.explainedVariance).is<number | undefined>();
// @ts-expect-error a figure of TRPO
metrics.cgIterations;
// @ts-expect-error misspelt
metrics.episodereturn;
const { metrics: cloned } = await train("bc", {});
typeOf(cloned.heldOutLogLikelihood).is<number | undefined>();
// @ts-expect-error there are no episodes
cloned.episodeReturn;
const { learner, steps } = await createLearner("trpo", { environment });
typeOf(learner.iterate().cgResidual).is<number>();
const ended = await runLearner(learner, steps, { onIteration: ({ stepFraction }) => console.log(stepFraction) });
typeOf(ended.metrics.steps).is<number>();
typeOf(ended.metrics.entropy).is<number | undefined>();
await trainRun({ algorithm: "a2c", environment, out: "runs/new", onIteration: ({ kl }) => console.log(kl.toFixed(3)) });

// Of an algorithm that only the running program knows, any figure may be asked for.
const named = await train(algorithmNamed("ppo" as string).name, { environment });
const general: Metrics = named.metrics;
typeOf(general.steps).is<number>();
typeOf(general["loss"]).is<number | undefined>();
typeOf(Object.entries(metrics)[0]?.[1]).is<number | undefined>();
