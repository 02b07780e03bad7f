/** First and second derivatives of every loss against central differences in float64, and its programs against the same graph. */

import { beforeAll, describe, test } from "vitest";
import {
  alphaPo,
  bradleyTerryLoss,
  cpo,
  type GroupLossOptions,
  groupLoss,
  ktoLoss,
  orpo,
  type PairLossName,
  type PreferenceLossOptions,
  preferenceLoss,
  simpo,
} from "../../../src/objectives/index.ts";
import type { Engine } from "../../../src/tensor/engine.ts";
import { grad } from "../../../src/tensor/grad.ts";
import type { Tensor } from "../../../src/tensor/graph.ts";
import { bothEngines, expectSameAsReference, numbers, seeded } from "../../tensor/support.ts";
import { expectDerivatives, Inputs } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

function check(loss: Tensor, by: readonly Tensor[], inputs: Inputs, what: string) {
  expectDerivatives(loss, by, inputs.values, what);
  expectSameAsReference(engines, [loss, ...grad(loss, by)], inputs.values, what, { absolute: 1e-4, relative: 1e-4 });
}

const PAIRS = 3;

function pairsOf(reference: boolean, seed: number) {
  const random = seeded(seed);
  const inputs = new Inputs();
  const side = (name: string) => ({
    logProb: inputs.vector(name, numbers(random, PAIRS, -6, -1)),
    referenceLogProb: reference ? inputs.vector(`${name} reference`, numbers(random, PAIRS, -6, -1)) : undefined,
    length: inputs.vector(`${name} length`, [2, 5, 3]),
  });
  return { inputs, pairs: { chosen: side("chosen"), rejected: side("rejected") } };
}

describe("preference losses", () => {
  const names: readonly PairLossName[] = [
    ...(["sigmoid", "hinge", "ipo", "robust", "exo_pair", "nca_pair", "bco_pair", "sppo_hard"] as const),
    ...(["aot", "aot_unpaired", "apo_zero", "apo_down", "discopop", "sft", "sigmoid_norm"] as const),
  ];
  const cases: [string, PreferenceLossOptions][] = [
    ...names.map((loss): [string, PreferenceLossOptions] => [loss, { loss, beta: 0.4 }]),
    ...(["sigmoid", "robust", "exo_pair", "aot", "sigmoid_norm"] as const).map(
      (loss): [string, PreferenceLossOptions] => [`${loss}, smoothed`, { loss, labelSmoothing: 0.2 }],
    ),
    ["forward KL", { score: "forward_kl" }],
    ["JS", { score: "js_divergence", loss: "ipo" }],
    ["α = 0.5", { score: { alpha: 0.5 }, loss: "hinge" }],
    ["offset", { targetMargin: 0.7 }],
    [
      "mixture",
      {
        loss: [
          { loss: "sigmoid", weight: 0.8 },
          { loss: "bco_pair", weight: 0.2 },
          { loss: "sft", weight: 1 },
        ],
      },
    ],
  ];
  test.each(cases)("%s", (name, options) => {
    const { inputs, pairs } = pairsOf(true, 3);
    check(preferenceLoss(pairs, options), [pairs.chosen.logProb, pairs.rejected.logProb], inputs, name);
  });

  test.each<[string, PreferenceLossOptions]>([
    ["CPO", cpo()],
    ["CPO, ipo", cpo(0.3, 0.5, "ipo")],
    ["SimPO", simpo()],
    ["AlphaPO", alphaPo(0.25)],
    ["ORPO", orpo()],
  ])("%s", (name, options) => {
    const { inputs, pairs } = pairsOf(false, 4);
    check(preferenceLoss(pairs, options), [pairs.chosen.logProb, pairs.rejected.logProb], inputs, name);
  });
});

test("KTO", () => {
  const inputs = new Inputs();
  const logProb = inputs.vector("policy", [-3, -2, -4]);
  const referenceLogProb = inputs.vector("reference", [-2.5, -2.75, -4.25]);
  const desirable = inputs.vector("desirable", [1, 0, 1]);
  const loss = ktoLoss(
    { logProb, referenceLogProb, desirable, referencePoint: 0.3 },
    { beta: 0.5, undesirableWeight: 1.5 },
  );
  check(loss, [logProb], inputs, "KTO");
});

test("Bradley–Terry, margin and centring", () => {
  const inputs = new Inputs();
  const [chosen, rejected] = [inputs.vector("chosen", [1, -0.5, 2]), inputs.vector("rejected", [0.5, 0.25, 3])];
  const loss = bradleyTerryLoss({ chosen, rejected, margin: inputs.vector("margin", [0.5, 0, 1]) }, 0.1);
  check(loss, [chosen, rejected], inputs, "Bradley–Terry");
});

describe("losses of groups", () => {
  const losses = ["grpo", "dapo", "bnpo", "dr_grpo", "luspo", "cispo", "sapo"] as const;
  const cases: [string, GroupLossOptions][] = [
    ...losses.map((loss): [string, GroupLossOptions] => [loss, { loss, completionLength: 4 }]),
    ["sequence ratio", { ratio: "sequence" }],
    ["two-sided", { clipRangeHigh: 0.3, ratioCap: 1.5 }],
    ["KL, corrected", { klCoefficient: 0.3 }],
    ["KL, plain", { klCoefficient: 0.3, klCorrection: false }],
  ];
  test.each(cases)("%s", (name, options) => {
    const random = seeded(5);
    const inputs = new Inputs();
    const rows = (low: number, high: number) => [0, 1, 2].map(() => numbers(random, 4, low, high));
    const sampled = rows(-2, -0.2);
    const logProb = inputs.matrix(
      "policy",
      sampled.map((row) => row.map((x, t) => x + [0.05, -0.35, 0.4, 0.1][t])),
    );
    const batch = {
      logProb,
      oldLogProb: inputs.matrix("old", sampled),
      referenceLogProb: inputs.matrix("reference", rows(-2, -0.2)),
      advantage: inputs.vector("advantage", [1.2, -0.7, 0.4]),
      mask: inputs.matrix("mask", [
        [1, 1, 1, 1],
        [1, 1, 0, 0],
        [1, 1, 1, 0],
      ]),
    };
    // cispo's ratio is held fixed, so its differences are of another function.
    if (name === "cispo") {
      const loss = groupLoss(batch, options);
      return expectSameAsReference(engines, [loss, ...grad(loss, [logProb])], inputs.values, name, {
        absolute: 1e-4,
        relative: 1e-4,
      });
    }
    check(groupLoss(batch, options), [logProb], inputs, name);
  });
});
