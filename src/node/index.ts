/** What needs Node: the file system and the terminal. A plain list of what the modules beside it offer. */
export { type AtomicFileSystem, removeLeftovers, writeFileAtomic } from "./atomic.ts";
export { type CurveSeries, type LearningCurve, learningCurveSvg } from "./charts.ts";
export {
  type LoadedCheckpoint,
  listCheckpoints,
  loadLatestCheckpoint,
  type RefusedCheckpoint,
  readCheckpoint,
  saveCheckpoint,
} from "./checkpoints.ts";
export { type Comparison, compare } from "./compare/compare.ts";
export type { ComparisonStart, RunFailure } from "./compare/events.ts";
export type { DifferenceFindings, EnvironmentFindings, VariantFindings } from "./compare/findings.ts";
export { type ComparisonPlan, comparisonFiles } from "./compare/plan.ts";
export type { AnyVariant, CompareRequest, Variant } from "./compare/request.ts";
export type { RunResult } from "./compare/runResult.ts";
export { readDataset, type StoredDataset, writeDataset } from "./datasets.ts";
export { fileError } from "./fileError.ts";
export { type GymnasiumOptions, gymnasiumEnvironment, registerGymnasium } from "./gymnasium/gymnasiumEnvironment.ts";
export {
  type LoadLanguageModelOptions,
  loadLanguageModel,
  saveAdapter,
  saveLanguageModel,
} from "./language/languageModels.ts";
export type { LanguageRunConfig } from "./language/runConfig.ts";
export type {
  LanguageRunOutcome,
  LanguageRunRequest,
  LanguageRunStart,
  LanguageRunSummary,
  LoraRequest,
} from "./language/runRequest.ts";
export { loadTextData, readTextRecords } from "./language/textFiles.ts";
export { trainLanguageRun } from "./language/trainLanguageRun.ts";
export { loadPolicy, readPolicy } from "./loadPolicy.ts";
export { ProgressLog, type ProgressLogOptions } from "./progressLog.ts";
export { runWorker, type WorkerEvents, type WorkerRequest } from "./queue/worker.ts";
export {
  createReporter,
  type Reporter,
  type ReporterOptions,
  type ReporterStream,
} from "./reporter.ts";
export type { RunConfig } from "./runs/config.ts";
export { runFiles } from "./runs/folder.ts";
export type { Timing } from "./runs/recorder.ts";
export { type DrawnEpisode, type SceneFramesOptions, writeSceneFrames } from "./sceneFrames.ts";
export { type SweepPlan, sweepFiles } from "./sweep/plan.ts";
export { runSweep, type SweepEvents, type SweepRequest, type SweepResult } from "./sweep/sweep.ts";
export { type TensorboardOptions, TensorboardWriter } from "./tensorboard.ts";
export { learningCurveText, type TextChartSize } from "./textChart.ts";
export {
  type RunOutcome,
  type RunRequest,
  type RunStart,
  type RunSummary,
  trainRun,
} from "./trainRun.ts";
export { type InWorkersOptions, inWorkers } from "./workers/inWorkers.ts";
