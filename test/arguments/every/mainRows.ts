/** Valid arguments of the functions of the main entry, with those of "ascent-rl/envs", "/policies" and "/algorithms". */

import { readFileSync } from "node:fs";
import * as envs from "../../../src/envs/index.ts";
import { encodeDataset, recordEpisodes } from "../../../src/imitation/index.ts";
import { makeLanguageModel } from "../../../src/language/model/languageModel.ts";
import { reverseWorld } from "../../../src/language/worlds/rewriting.ts";
import { createPolicy, encodePolicy } from "../../../src/policies/index.ts";
import { RandomStream } from "../../../src/random/index.ts";
import { createEngine } from "../../../src/tensor/index.ts";
import { createLearner } from "../../../src/training/train.ts";
import { also, anyKind, maybe, options, parts, settings } from "./harness.ts";

export async function mainRows(): Promise<Record<string, () => unknown[]>> {
  const golden: unknown = JSON.parse(
    readFileSync(new URL("../../golden/gymnasium/Acrobot-v1.json", import.meta.url), "utf8"),
  );
  const engine = await createEngine();
  const { signal } = new AbortController();
  const cartPole = () => envs.environmentSpec("CartPole-v1").makeSingle();
  const batch = () => envs.makeBatched("CartPole-v1", 1);
  const four = envs.discrete(4);
  const dataset = await recordEpisodes("random", "CartPole-v1", { episodes: 2 });
  const untrained = (await createLearner("reinforce", { environment: "CartPole-v1", engine })).learner;
  const description = untrained.policy();
  const acted = await createPolicy(description, { engine });
  acted.act([0, 0, 0, 0]);
  const random = () => new RandomStream(0, 1024);
  const out = () => new Float32Array(2);
  const languageModel = makeLanguageModel(engine, reverseWorld().model, { seed: 0 });
  const language = () =>
    settings({
      world: also("reverse"),
      worldRows: maybe(2),
      steps: maybe(1),
      seed: maybe(0),
      signal: maybe(AbortSignal.abort()),
      monitor: maybe(true),
      sampleEvery: maybe(1),
      options: maybe({ batchSize: 2 }, "object"),
    });
  const spaces = { spec: envs.environmentSpec("MaskedCorridor-v1") };
  const algorithm = () => [engine, batch(), options({ learningRate: 1e-3, seed: 0 }), maybe(100)];
  const batchOptions = options({ id: "Own-v0", maxEpisodeSteps: 10 });
  return {
    ...Object.fromEntries(["a2c", "npg", "offPolicyPg", "ppo", "reinforce", "trpo"].map((name) => [name, algorithm])),
    bc: () => [engine, dataset, options({ learningRate: 1e-3, seed: 0 }), maybe(100)],
    actorCritic: () => [
      envs.box({ low: -1, high: 1, shape: [2] }),
      envs.box({ low: -1, high: 1, shape: [2] }),
      options({
        ...{
          hidden: [4],
          criticHidden: [4],
          shared: false,
          activation: "tanh",
          orthogonalInit: true,
          scalePixels: true,
        },
        ...{ cnn: "auto", imageLayout: "auto", recurrent: "gru", recurrentSize: 4, distribution: "gaussian" },
        ...{
          normalizeActions: true,
          logStdInit: 0,
          stateDependentStd: false,
          sdeSampleFreq: 4,
          sdeLearnFeatures: false,
        },
      }),
    ],
    algorithmNamed: () => ["ppo"],
    batchFromFactory: () => [cartPole, 1, batchOptions],
    box: () => [parts({ low: also(-1, "list"), high: also(1, "list"), shape: also([2], "nothing") })],
    checkDataset: () => [dataset],
    checkEnvironment: () => [cartPole, options({ steps: 3, seed: 0, maxEpisodeSteps: 2 })],
    choiceColumns: () => [four],
    classicSpec: () => [also({ ...envs.pendulum })],
    ClassicControl: () => [also({ ...envs.pendulum }), 1],
    contains: () => [four, also(1, ...anyKind)],
    createLearner: () => [
      "ppo",
      settings({ environment: also("CartPole-v1", "function"), seed: maybe(0), engine: maybe(engine) }),
    ],
    createLanguageLearner: () => ["sft", language()],
    languageAlgorithmNamed: () => ["sft"],
    trainLanguageModel: () => ["sft", language()],
    evaluateLanguageModel: () => [
      languageModel,
      also("reverse"),
      options({ samples: 1, seed: 0, greedy: true, signal: maybe(new AbortController().signal) }),
    ],
    createPlayer: () => [description, also("CartPole-v1"), options({ seed: 0, deterministic: true, engine })],
    decisionOf: () => [acted],
    createPolicy: () => [description, options({ engine, seed: 0, rows: 1 })],
    decodeDataset: () => [encodeDataset(dataset)],
    decodePolicy: () => [encodePolicy(description)],
    describe: () => [four],
    dict: () => [also({ a: four })],
    discrete: () => [2, maybe(0)],
    encodeDataset: () => [dataset],
    encodePolicy: () => [description],
    environmentSpec: () => ["CartPole-v1"],
    evaluatePolicy: () => [
      description,
      also("CartPole-v1"),
      options({
        episodes: 1,
        seed: 0,
        deterministic: true,
        engine,
        longestEpisode: 1000,
        signal,
      }),
    ],
    flatSize: () => [four],
    formatFindings: () => [[]],
    hideMask: () => [envs.environmentSpec("MaskedCorridor-v1").makeSingle()],
    loadPolicyFromBytes: () => [encodePolicy(description), options({ engine, seed: 0, rows: 1 })],
    makeBatched: () => [also("CartPole-v1"), 1],
    maskSize: () => [four],
    Monitor: () => [parts({ algorithm: "ppo", options: also({}, "object") })],
    multiBinary: () => [2],
    multiDiscrete: () => [[2, 3]],
    prepareEnvironment: () => [also("CartPole-v1", "function")],
    Policy: () => [engine, description, options({ seed: 0, rows: 1 })],
    readFlat: () => [four, also(Float32Array.of(1), "list"), 0],
    nextMultiplier: () => [1, 0.01, settings({ klRule: "adaptive", klTarget: 0.01, klRate: 10 })],
    recordEpisodes: () => [
      "random",
      "CartPole-v1",
      settings({ episodes: 1, seed: maybe(0), deterministic: maybe(true), signal: maybe(signal) }),
    ],
    registerEnvironment: () => [also({ ...spaces.spec, id: `Own-v${Math.random()}` })],
    replayGolden: () => [golden, 1e-6, options({ steps: 5 })],
    returnsOf: () => [dataset],
    runLearner: () => [untrained, 0, options({ signal, onIteration: () => undefined })],
    sample: () => [four, random()],
    sampleFlat: () => [four, random(), also(out(), "list"), 0],
    singleFromBatched: () => [batch()],
    spaceFromJson: () => [envs.spaceToJson(four)],
    spaceToJson: () => [four],
    train: () => [
      "ppo",
      settings({
        environment: also("CartPole-v1", "function"),
        steps: maybe(1),
        seed: maybe(0),
        engine: maybe(engine),
        signal: maybe(AbortSignal.abort()),
        monitor: maybe(true),
        options: maybe({ nSteps: 8, batchSize: 8, nEnvs: 1, nEpochs: 1 }, "object"),
      }),
    ],
    whyNotFlat: () => [four, also(Float32Array.of(1), "list"), 0],
    whyNotIn: () => [four, also(1, ...anyKind)],
    withoutMasks: () => [spaces.spec],
    writeFlat: () => [four, also(1, "NaN"), also(out(), "list"), 0],
  };
}
