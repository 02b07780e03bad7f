/** Valid arguments of the functions of "ascent-rl/node", in a folder of their own. */

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeCheckpoint } from "../../../src/files/index.ts";
import { recordEpisodes } from "../../../src/imitation/index.ts";
import { makeLanguageModel } from "../../../src/language/index.ts";
import { characterTokenizer } from "../../../src/language/tokenizer/characterTokenizer.ts";
import { saveCheckpoint, saveLanguageModel, writeDataset } from "../../../src/node/index.ts";
import { encodePolicy } from "../../../src/policies/index.ts";
import { createEngine } from "../../../src/tensor/engine.ts";
import { createLearner } from "../../../src/training/train.ts";
import { also, anyKind, maybe, options, parts, settings } from "./harness.ts";
import { tinyDescription } from "./languageRows.ts";

const tinyWithAdapter = { ...tinyDescription, lora: { rank: 1, alpha: 1, targets: ["c_attn"] } };

export async function nodeRows(): Promise<Record<string, () => unknown[]>> {
  const folder = mkdtempSync(join(tmpdir(), "ascent-arguments-"));
  let made = 0;
  const fresh = () => join(folder, `new-${made++}`);
  const freshFolder = () => {
    const path = fresh();
    mkdirSync(path);
    return path;
  };
  const bytes = encodeCheckpoint({ version: 1, arrays: {}, state: {} });
  const saved = saveCheckpoint(join(folder, "checkpoints"), 1, bytes);
  const dataset = await recordEpisodes("random", "CartPole-v1", { episodes: 1 });
  const recorded = join(folder, "episodes.safetensors");
  writeDataset(recorded, dataset);
  const { learner } = await createLearner("ppo", { environment: "CartPole-v1" });
  const policy = join(folder, "policy.safetensors");
  writeFileSync(policy, encodePolicy(learner.policy()));
  const texts = join(folder, "texts.jsonl");
  writeFileSync(texts, '{"text":"ab"}');
  const curve = settings({
    ...{ title: "Reward", subtitle: maybe("below"), xLabel: "steps", yLabel: "reward" },
    series: [{ name: "a", x: [0, 1], y: [1, 2] }],
    ...{ threshold: maybe(1), thresholdLabel: maybe("solved"), marks: maybe([]) },
  });
  const language = join(folder, "language");
  const withAdapter = makeLanguageModel(await createEngine(), tinyWithAdapter, { seed: 0 });
  saveLanguageModel(withAdapter, language);
  return {
    writeSceneFrames: () => [
      learner.policy(),
      also("CartPole-v1"),
      fresh(),
      options({ episodes: 1, seed: 0, width: 200 }),
    ],
    compare: () => [
      settings({
        variants: [{ algorithm: "reinforce" }],
        environment: "CartPole-v1",
        out: fresh(),
        ...{
          seeds: maybe(1),
          steps: maybe(8),
          threshold: maybe(1),
          evaluationEpisodes: maybe(1),
          kernels: maybe("simd"),
        },
        ...{ imports: maybe([]), resume: maybe(false), jobs: maybe(1), signal: maybe(AbortSignal.abort()) },
        ...{ onStart: maybe(() => undefined), onProgress: maybe(() => undefined), onWarning: maybe(() => undefined) },
        onRunEnd: maybe(() => undefined),
      }),
    ],
    createReporter: () => [
      settings({
        total: 10,
        start: maybe(0),
        quiet: maybe(true),
        now: maybe(() => 0),
        stream: maybe({ write: () => true }),
      }),
    ],
    fileError: () => ["read", "a.txt", also(new Error("x"), ...anyKind)],
    gymnasiumEnvironment: () => [
      "CartPole-v1",
      options({ arguments: also({}, "object"), resetOptions: also({}, "object"), python: "python3", timeoutMs: 1000 }),
    ],
    learningCurveSvg: () => [curve, maybe(parts({ width: 300, height: 200 }))],
    learningCurveText: () => [curve, maybe(parts({ width: 60, height: 12 }))],
    listCheckpoints: () => [join(folder, "checkpoints")],
    loadLatestCheckpoint: () => [join(folder, "checkpoints"), maybe(1)],
    loadTextData: () => [texts, characterTokenizer("ab"), options({ limit: 1 })],
    readTextRecords: () => [texts, maybe(["id"])],
    loadLanguageModel: () => [language, options({ name: "model", base: "nowhere" })],
    loadPolicy: () => [policy, options({ seed: 0, rows: 1 })],
    ProgressLog: () => [
      freshFolder(),
      settings({ columns: ["a"], timingColumns: maybe(["b"]), resumeFromStep: maybe(0) }),
    ],
    readCheckpoint: () => [saved, maybe(1)],
    readDataset: () => [recorded],
    readPolicy: () => [policy],
    removeLeftovers: () => [folder],
    runSweep: () => [
      settings({
        sweep: { algorithm: "reinforce", environments: ["CartPole-v1"], space: { gamma: { uniform: [0, 1] } } },
        ...{
          out: fresh(),
          trials: maybe(1),
          imports: maybe([]),
          resume: maybe(false),
          jobs: maybe(1),
          queue: maybe("redis://127.0.0.1:1"),
        },
        ...{ signal: maybe(AbortSignal.abort()), onStart: maybe(() => undefined), onProgress: maybe(() => undefined) },
        ...{ onWarning: maybe(() => undefined), onRunEnd: maybe(() => undefined) },
      }),
    ],
    // An address that is none: what is wrong with the other arguments is said before.
    runWorker: () => [
      settings({
        ...{
          queue: "redis://127.0.0.1:1",
          jobs: maybe(1),
          work: maybe("work"),
          keep: maybe(false),
          lockMs: maybe(1000),
        },
        ...{ signal: AbortSignal.abort(), onStart: maybe(() => undefined) },
        ...{ onRunStart: maybe(() => undefined), onRunEnd: maybe(() => undefined) },
      }),
    ],
    saveAdapter: () => [withAdapter, fresh(), settings({ base: language })],
    saveLanguageModel: () => [withAdapter, fresh(), options({ dtype: "float16", maxShardBytes: 1e9 })],
    saveCheckpoint: () => [fresh(), 1, bytes, options({ keep: 2 })],
    TensorboardWriter: () => [fresh(), options({ purgeFromStep: 1, now: () => 0 })],
    trainLanguageRun: () => [
      settings({
        ...{ algorithm: "sft", out: fresh(), world: "reverse", worldRows: maybe(2), steps: maybe(2), seed: maybe(0) },
        ...{ options: maybe({ batchSize: 2 }, "object"), checkpointEvery: maybe(2), sampleEvery: maybe(2) },
        ...{ evaluationSamples: maybe(1), signal: maybe(AbortSignal.abort()), monitor: maybe(true) },
      }),
    ],
    inWorkers: () => [
      "CartPole-v1",
      settings({ workers: 1, imports: maybe([]), startSeconds: maybe(60), deadlineSeconds: maybe(60) }),
    ],
    trainRun: () => [
      settings({
        algorithm: "ppo",
        environment: "CartPole-v1",
        out: fresh(),
        ...{
          steps: maybe(8),
          seed: maybe(0),
          imports: maybe([]),
          options: maybe({ nSteps: 8, batchSize: 8, nEnvs: 1, nEpochs: 1 }, "object"),
        },
        ...{
          evaluationEpisodes: maybe(1),
          checkpointEvery: maybe(8),
          signal: maybe(AbortSignal.abort()),
          monitor: maybe(true),
        },
        ...{ onStart: maybe(() => undefined), onIteration: maybe(() => undefined), resume: maybe(false) },
      }),
    ],
    writeDataset: () => [fresh(), dataset],
    writeFileAtomic: () => [fresh(), also(Uint8Array.of(1), "text")],
  };
}
