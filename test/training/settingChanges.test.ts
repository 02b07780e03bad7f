/** Settings that change at a step of a run: they take effect there, resume exactly, and change no bit where nothing changes. */

import { describe, expect, test } from "vitest";
import { algorithms } from "../../src/algorithms/algorithmRegistry.ts";
import { fixedSettings } from "../../src/algorithms/commonOptions.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/files/index.ts";
import { type AlgorithmName, type AnyOptions, createLearner, type SettingChange, train } from "../../src/index.ts";
import type { LearnerSnapshot, Metrics, PolicyLearner } from "../../src/learners/learner.ts";
import { hashOf } from "../algorithms/support.ts";

const small: AnyOptions = {
  nEnvs: 4,
  nSteps: 32,
  hidden: [8],
  batchSize: 32,
  nEpochs: 2,
  nCriticUpdates: 2,
  replayBatches: 2,
};
const smallFor = (name: AlgorithmName, options: AnyOptions = {}) => {
  const known = Object.entries(small).filter(([key]) => key in algorithms[name].options.shape);
  return { ...Object.fromEntries(known), ...options };
};

const acting = (Object.keys(algorithms) as AlgorithmName[]).filter(
  (name) => algorithms[name].learnsFrom === "environment",
);

interface Case {
  name?: AlgorithmName;
  environment?: string;
  options?: AnyOptions;
  changes?: readonly SettingChange[];
  resumeFrom?: LearnerSnapshot;
}

const create = ({ name = "ppo", environment = "MaskedCorridor-v1", options, changes = [], resumeFrom }: Case) =>
  createLearner(name, {
    environment,
    options: smallFor(name, options),
    changes,
    steps: 1280,
    kernels: "simd",
    ...(resumeFrom && { resumeFrom }),
  });

async function run(
  of: Case,
  iterations: number,
): Promise<{ figures: Metrics[]; hash: string; learner: PolicyLearner }> {
  const { learner } = await create(of);
  const figures = Array.from({ length: iterations }, () => learner.iterate());
  return { figures, hash: hashOf(learner), learner };
}

describe("a change takes effect at the first iteration that begins at its step or behind it", () => {
  test("the learning rate, by the figures; before it not a bit is another", async () => {
    const plain = await run({}, 5);
    const changes = [{ atStep: 200, options: { learningRate: 1e-5 } }];
    const changed = await run({ changes }, 5);
    // Iterations begin at 0, 128 and 256.
    expect(changed.figures.map(({ learningRate }) => learningRate)).toEqual([3e-4, 3e-4, 1e-5, 1e-5, 1e-5]);
    expect(changed.figures.slice(0, 2)).toEqual(plain.figures.slice(0, 2));
    expect(changed.hash).not.toBe(plain.hash);
  });

  test("a schedule and annealSteps, as progress of the whole run", async () => {
    const changes = [
      { atStep: 256, options: { learningRate: "linear:1e-2" } },
      { atStep: 512, options: { annealSteps: 1024 } },
    ];
    const { figures } = await run({ changes }, 6);
    const rates = [3e-4, 3e-4, 1e-2 * (1 - 256 / 1280), 1e-2 * (1 - 384 / 1280), 1e-2 * (1 - 512 / 1024), 1e-2 * 0.375];
    for (const [i, { learningRate }] of figures.entries()) expect(learningRate).toBeCloseTo(rates[i], 12);
  });

  test("at step 0 it is the setting", async () => {
    const changed = await run({ changes: [{ atStep: 0, options: { gaeLambda: 0.5 } }] }, 3);
    expect(changed.hash).toBe((await run({ options: { gaeLambda: 0.5 } }, 3)).hash);
  });

  test("clipRange cuts ratios from then on; the entropy bonus, λ and γ change what is learnt", async () => {
    const fast = { learningRate: 3e-2 };
    const { figures } = await run({ options: fast, changes: [{ atStep: 128, options: { clipRange: 1e-6 } }] }, 2);
    expect(figures[0]["clipFraction"]).toBeLessThan(0.9);
    // Every ratio but those of the first minibatch of an update, which are 1.
    expect(figures[1]["clipFraction"]).toBeGreaterThan(0.8);
    const plain = (await run({}, 3)).hash;
    for (const options of [{ entCoef: 0.5 }, { gaeLambda: 0 }, { gamma: 0.5 }, { nEpochs: 1 }, { batchSize: 16 }]) {
      expect((await run({ changes: [{ atStep: 128, options }] }, 3)).hash).not.toBe(plain);
    }
  });

  test("β is what it is set to, and steered on from there", async () => {
    const options = { objective: "penalty", klCoef: 1 };
    const { figures } = await run({ options, changes: [{ atStep: 256, options: { klCoef: 7 } }] }, 4);
    expect(figures[1]["klCoef"]).toBe(0.5);
    expect(figures[2]["klCoef"]).toBe(7);
    expect(figures[3]["klCoef"]).not.toBe(7);
  });

  test.each([
    ["reinforce", "learningRate", { learningRate: 1e-4 }],
    ["trpo", "approxKl", { targetKl: 1e-6 }],
    ["npg", "quadraticKl", { targetKl: 1e-6 }],
    ["off-policy-pg", "learningRate", { learningRate: 1e-7 }],
    ["a2c", "learningRate", { learningRate: 1e-7 }],
  ] as const)("%s", async (name, figure, options) => {
    const { figures } = await run({ name, changes: [{ atStep: 1, options }] }, 2);
    expect(figures[1][figure]).toBeLessThan(0.1 * figures[0][figure]);
  });

  test("null goes back to the algorithm's own default", async () => {
    const options = { learningRate: 1e-3, targetKl: 1e-9 };
    const { figures } = await run({ options, changes: [{ atStep: 128, options: { targetKl: null } }] }, 2);
    expect(figures.map(({ epochs }) => epochs)).toEqual([1, 2]);
  });
});

describe("nothing else changes", () => {
  const everything: AnyOptions = { normalizeObservations: true, normalizeRewards: true, seed: 3 };

  test("a change to the same value is no change", async () => {
    const changes = [{ atStep: 128, options: { learningRate: 3e-4, gamma: 0.99 } }];
    expect((await run({ options: everything, changes }, 4)).learner.policy()).toEqual(
      (await run({ options: everything }, 4)).learner.policy(),
    );
  });

  test.each(acting)("%s made anew in the midst of a run goes on to the bit", async (name) => {
    // It makes the learner anew, and is without effect: observations and rewards are not normalised.
    const changes = [
      { atStep: 1, options: { clipObservations: 3 } },
      { atStep: 300, options: { clipRewards: 3 } },
    ];
    const [plain, changed] = [await run({ name }, 5), await run({ name, changes }, 5)];
    expect(changed.figures).toEqual(plain.figures);
    expect(changed.hash).toBe(plain.hash);
  });

  test("and with normalisers, a memory and a Box of actions", async () => {
    const options = { ...everything, recurrent: "gru", recurrentSize: 4 };
    const [plain, changed] = [
      await run({ environment: "Pendulum-v1", options }, 4),
      await run({ environment: "Pendulum-v1", options, changes: [{ atStep: 128, options: { klRate: 3 } }] }, 4),
    ];
    expect(changed.hash).toBe(plain.hash);
  });
});

describe("resume", () => {
  const changes = [
    { atStep: 100, options: { learningRate: 1e-3, klCoef: 4 } },
    { atStep: 384, options: { gaeLambda: 0.5, objective: "penalty" } },
    { atStep: 512, options: { klCoef: 2 } },
  ];

  test.each([1, 2, 3, 4, 5])("across the changes, saved behind iteration %i", async (at) => {
    const straight = await run({ changes }, 7);
    const { learner } = await create({ changes });
    for (let i = 0; i < at; i++) learner.iterate();
    const { arrays, state } = decodeCheckpoint(encodeCheckpoint({ version: 1, ...learner.save() }));
    const resumed = await create({ changes, resumeFrom: { arrays, state } });
    const figures = Array.from({ length: 7 - at }, () => resumed.learner.iterate());
    expect(figures).toEqual(straight.figures.slice(at));
    expect(hashOf(resumed.learner)).toBe(straight.hash);
  });

  test("a learner behind a change takes a state from before it, and the other way round", async () => {
    const { learner } = await create({ changes });
    const [before, behind] = [learner.save(), run({ changes }, 7)];
    for (let i = 0; i < 7; i++) learner.iterate();
    expect(hashOf(learner)).toBe((await behind).hash);
    const last = learner.save();
    learner.load(before);
    expect(learner.steps).toBe(0);
    for (let i = 0; i < 7; i++) learner.iterate();
    expect(learner.save()).toEqual(last);
  });

  test("a state with changes behind it is refused by a run without them, which stays as it is", async () => {
    const { learner } = await run({ changes }, 7);
    const other = await create({});
    const hash = hashOf(other.learner);
    expect(() => other.learner.load(learner.save())).toThrow(
      "The saved state is of a run whose settings changed: got 3 changes behind it, expected at most 0, those of this run. Give the changes of that run",
    );
    expect(hashOf(other.learner)).toBe(hash);
  });

  test("an iteration that is given up in the midst of a change leaves nothing half done", async () => {
    const straight = await run({ changes }, 5);
    const { learner } = await create({ changes });
    learner.iterate();
    const before = learner.save();
    const work = learner.iteration();
    work.next();
    work.return(undefined as never);
    learner.load(before);
    for (let i = 0; i < 4; i++) learner.iterate();
    expect(hashOf(learner)).toBe(straight.hash);
  });
});

describe("change()", () => {
  test("holds from the next iteration on, and the list repeats the run", async () => {
    const created = await create({ changes: [{ atStep: 600, options: { gamma: 0.9 } }] });
    const { learner } = created;
    learner.iterate();
    learner.iterate();
    expect(created.change({ learningRate: 1e-4 })).toEqual({ atStep: 256, options: { learningRate: 1e-4 } });
    expect(created.change({ clipRange: 0.1 }).options).toEqual({ learningRate: 1e-4, clipRange: 0.1 });
    for (let i = 0; i < 5; i++) learner.iterate();
    expect(created.options).toMatchObject({ learningRate: 1e-4, clipRange: 0.1, gamma: 0.9 });
    expect(created.changes.map(({ atStep }) => atStep)).toEqual([256, 600]);
    expect((await run({ changes: created.changes }, 7)).hash).toBe(hashOf(learner));
  });

  test("may be for a step that is still to come, in any order, and the list repeats the run", async () => {
    const created = await create({});
    created.learner.iterate();
    created.change({ clipRange: 0.1 }, 500);
    created.change({ learningRate: 1e-4 }, 256);
    created.change({ entCoef: 0.01 }, 500);
    expect(created.changes).toEqual([
      { atStep: 256, options: { learningRate: 1e-4 } },
      { atStep: 500, options: { clipRange: 0.1, entCoef: 0.01 } },
    ]);
    for (let i = 0; i < 5; i++) created.learner.iterate();
    expect((await run({ changes: created.changes }, 6)).hash).toBe(hashOf(created.learner));
    expect(() => created.change({ clipRange: 0.2 }, 700)).toThrow(
      /settings cannot change at a step that has been made: got step 700 of a run that is at 768, expected 768 or more/,
    );
    expect(created.changes).toHaveLength(2);
  });

  test("refuses what cannot change, and goes on", async () => {
    const created = await create({});
    expect(() => created.change({ hidden: [3] })).toThrow(/ppo: hidden cannot change in the midst of a run/);
    expect(created.changes).toEqual([]);
    created.learner.iterate();
    expect(hashOf(created.learner)).toBe((await run({}, 1)).hash);
  });
});

describe("what cannot be is refused before anything is trained", () => {
  test.each([
    [
      { atStep: 5, options: { hidden: [3] } },
      /ppo: hidden cannot change.*got \[3\] from step 5 on, expected \[8\], or a change of gamma, .*\. Start another run/,
    ],
    [{ atStep: 5, options: { seed: 3 } }, /seed cannot change/],
    [{ atStep: 5, options: { nEnvs: 3 } }, /nEnvs cannot change/],
    [{ atStep: 5, options: { learningrate: 3 } }, /ppo has no option "learningrate".*Did you mean "learningRate"/],
    [{ atStep: 5, options: { learningRate: -1 } }, /option "learningRate" has a wrong value/],
    [{ atStep: -5, options: {} }, /atStep.*got -5, expected a whole number ≥ 0/],
    [{ atStep: 5, learningRate: 3 }, /Write it inside options: \{ learningRate: … \}/],
    [{ atStep: 5 }, /options.*expected an object of settings/],
    [3, /changes/],
  ] as [SettingChange, RegExp][])("%j", async (change, message) => {
    await expect(create({ changes: [change] })).rejects.toThrow(message);
  });

  test("steps that do not grow, and what is no list", async () => {
    const at = (atStep: number) => ({ atStep, options: { gamma: 0.9 } });
    await expect(create({ changes: [at(10), at(10)] })).rejects.toThrow(
      "ppo: the steps of changes must grow: got a change at step 10 behind one at 10, expected more than 10. Put them in order",
    );
    await expect(create({ changes: at(1) as unknown as SettingChange[] })).rejects.toThrow(/a list of changes/);
  });

  test("a fixed setting may be named with the value that it has", async () => {
    await create({ changes: [{ atStep: 5, options: { hidden: [8], gamma: 0.9 } }] });
  });
});

/** Values unlike the defaults. */
const others: Record<string, unknown> = {
  objective: "penalty",
  klRule: "fixed",
  weighting: "gae",
  baseline: "leaveOneOut",
  discounting: "exact",
  estimator: "causal",
  maxGradNorm: 0.1,
  maxGradNormVf: 0.1,
  ratioClip: 2,
  clipRangeVf: 0.3,
  targetKl: 0.05,
  annealSteps: 999,
  gaeLambda: 0.5,
  gamma: 0.5,
};

describe("every other setting can change", () => {
  const all = acting.flatMap((name) =>
    Object.keys(algorithms[name].options.shape)
      .filter((setting) => !fixedSettings.includes(setting))
      .map((setting) => [name, setting] as const),
  );
  test.each(all)("%s: %s", async (name, setting) => {
    const { options } = await createLearner(name, {
      environment: "CartPole-v1",
      options: smallFor(name),
    });
    const now = options[setting];
    const value =
      others[setting] ??
      (typeof now === "boolean" ? !now : Number.isInteger(now) && now !== 0 ? (now as number) + 1 : 0.5);
    const { figures } = await run({ name, changes: [{ atStep: 1, options: { [setting]: value } }] }, 2);
    expect(figures).toHaveLength(2);
  });
});

test("train takes them", async () => {
  const { nCriticUpdates: _, replayBatches: __, ...options } = small;
  const changes = [{ atStep: 256, options: { learningRate: 0 } }];
  const seen: number[] = [];
  await train("ppo", {
    environment: "MaskedCorridor-v1",
    steps: 640,
    options: { ...options, learningRate: 1e-3 },
    changes,
    onIteration: ({ learningRate }) => void seen.push(learningRate),
  });
  expect(seen).toEqual([1e-3, 1e-3, 0, 0, 0]);
});
