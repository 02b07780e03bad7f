/** Valid arguments of the functions of "ascent-rl/distributions", "/objectives" and "/variance". */

import * as heads from "../../../src/distributions/index.ts";
import { box } from "../../../src/envs/index.ts";
import * as mdp from "../../../src/mdp/index.ts";
import { RandomStream } from "../../../src/random/index.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { input, parameter, randomKey } from "../../../src/tensor/index.ts";
import { parseEstimator, tabularSource, warmPolicy } from "../../../src/variance/index.ts";
import { also, maybe, options, parts, settings } from "./harness.ts";

export async function headRows(): Promise<Record<string, () => unknown[]>> {
  const engine = await createEngine();
  const space = box({ low: -2, high: 2, shape: [2] });
  const mean = input("mean", [3, 2]);
  const rows = input("rows", [3]);
  const p = parameter("p", [3, 2]);
  const logStd = parameter("logStd", [2]);
  const interval = heads.boxInterval(space, "beta");
  const current = heads.gaussian(p, logStd);
  const twin = heads.gaussian(input("twinMean", [3, 2]), input("twinLogStd", [2]));
  const head = heads.gaussianHead(2);
  const gaussian = options({ logStdInit: 0, stateDependentStd: false });
  const ratio = parts({ logProb: rows, oldLogProb: rows, advantage: rows });
  const operand = (value: number) => also(value, "NaN");
  const chain = mdp.chain({ length: 3, horizon: 3 });
  const policy = Float64Array.from({ length: 6 }, () => 0.5);
  const source = () => tabularSource("chain", chain, { trajectories: 2, seed: 0, fitEpisodes: 2 });
  const untrained = await warmPolicy(engine, { environment: "CartPole-v1", steps: 0, seed: 0 });
  const study = settings({
    estimators: [parseEstimator("total")],
    batches: 4,
    ...{ discounting: maybe("exact"), onProgress: maybe(() => undefined) },
  });
  const episodes = {
    ...{ offsets: Int32Array.of(0, 1, 2), rewards: new Float64Array(2), values: new Float64Array(2) },
    ...{ finalValues: new Float64Array(2), terminated: new Uint8Array(2), gamma: 0.9 },
  };
  return {
    bernoulliHead: () => [2],
    beta: () => [mean, mean, interval],
    betaHead: () => [space],
    boxInterval: () => [space, "beta"],
    boxRescaling: () => [space],
    categoricalHead: () => [[2, 3], maybe([0, 1])],
    clippedSurrogate: () => [ratio, operand(0.2)],
    clippedValueLoss: () => [rows, rows, rows, operand(0.2)],
    digamma: () => [rows],
    environmentSource: () => [
      engine,
      untrained,
      settings({ trajectories: 2, seed: 0, gamma: 0.9, fitBatches: maybe(1), maxSteps: maybe(5) }),
    ],
    exactWorld: () => ["chain"],
    fisherVectorProduct: () => [current, twin, [p], [input("v", [3, 2])]],
    gaussian: () => [mean, logStd],
    gaussianHead: () => [2, gaussian, maybe("policy")],
    headForSpace: () => [
      space,
      options({
        ...{ distribution: "gaussian", normalizeActions: true, logStdInit: 0, stateDependentStd: false },
        ...{ sdeSampleFreq: 4, sdeLearnFeatures: false },
      }),
      maybe(2),
    ],
    klFromItself: () => [current, twin],
    klK1: () => [rows, rows],
    klK2: () => [rows, rows],
    klK3: () => [rows, rows],
    logBeta: () => [rows, rows],
    logGamma: () => [rows],
    parseEstimator: () => ["gae", maybe(0.9)],
    penalisedSurrogate: () => [ratio, rows, operand(1)],
    plainSurrogate: () => [ratio],
    probabilityRatio: () => [rows, rows],
    productHead: () => [[{ name: "a", head }]],
    pseudoLoss: () => [rows, rows, 2],
    relativeBias: () => [Float64Array.of(1, 2, 3, 4, 5, 6, 7, 9), Float64Array.of(1, 2)],
    rescaledHead: () => [head, space],
    runVarianceStudy: () => [source(), study],
    sampleGamma: () => [rows, randomKey()],
    sliceEpisodes: () => [parts(episodes), 0, 1],
    squashedGaussian: () => [mean, logStd, interval],
    squashedGaussianHead: () => [space, gaussian, maybe("policy")],
    stateDependentExplorationHead: () => [
      2,
      3,
      options({ logStdInit: -2, sdeSampleFreq: 4, sdeLearnFeatures: false }),
      maybe("policy"),
    ],
    tabularSource: () => [
      "chain",
      chain,
      settings({ trajectories: 2, seed: 0, parameters: maybe(new Float64Array(6)), fitEpisodes: maybe(2) }),
    ],
    valueLoss: () => [rows, rows],
    varianceStudy: () => [source(), study],
    warmPolicy: () => [engine, settings({ environment: "CartPole-v1", steps: 0, seed: 0 })],
    weightVarianceByHorizon: () => [
      chain,
      policy,
      policy,
      settings({ horizons: [1, 2], trajectories: 2, random: new RandomStream(0, 1024) }),
    ],
  };
}
