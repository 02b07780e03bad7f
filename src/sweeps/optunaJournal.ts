/**
 * A sweep as an Optuna journal: what `optuna.storages.JournalStorage` and optuna-dashboard read, a JSON object a line. Format:
 * optuna/storages/journal/_storage.py of Optuna 4. Times are of the caller; no files here.
 */
import type { Dimension, Settings, SettingValue, Space } from "./space.ts";
import type { Trial } from "./trial.ts";

/** JournalOperation. */
const operation = {
  createStudy: 0,
  setStudyUserAttribute: 2,
  createTrial: 4,
  setParameter: 5,
  setStateAndValues: 6,
  setIntermediateValue: 7,
  setTrialUserAttribute: 8,
} as const;

/** TrialState. */
const states = { complete: 1, pruned: 2, failed: 3 } as const;

/** StudyDirection.MAXIMIZE. */
const MAXIMIZE = 2;
const WORKER = "ascent-rl";

/** A study of this name is made; all that follows belongs to it. */
export function journalStudy(name: string, attributes: Readonly<Record<string, SettingValue>> = {}): string {
  return lines([
    { op_code: operation.createStudy, worker_id: WORKER, study_name: name, directions: [MAXIMIZE] },
    ...Object.entries(attributes).map(([key, value]) => ({
      op_code: operation.setStudyUserAttribute,
      worker_id: WORKER,
      study_id: 0,
      user_attr: { [key]: value },
    })),
  ]);
}

/** A trial is begun. Trials must be begun in the order of their numbers: that is how Optuna counts them. */
export function journalTrial(
  space: Space,
  { number, settings }: Pick<Trial, "number" | "settings">,
  begun: Date,
): string {
  return lines([
    { op_code: operation.createTrial, worker_id: WORKER, study_id: 0, datetime_start: timeOf(begun) },
    ...Object.entries(space).map(([name, dimension]) => ({
      op_code: operation.setParameter,
      worker_id: WORKER,
      trial_id: number,
      param_name: name,
      param_value_internal: internalValue(dimension, settings[name]),
      distribution: JSON.stringify(distributionOf(dimension)),
    })),
  ]);
}

/** The mean score after so many seeds. */
export function journalScore(trial: number, seeds: number, score: number): string {
  return lines([
    {
      op_code: operation.setIntermediateValue,
      worker_id: WORKER,
      trial_id: trial,
      step: seeds,
      intermediate_value: score,
    },
  ]);
}

/** A trial has ended; `score` is its mean, left out for one that failed. */
export function journalEnd(trial: number, state: keyof typeof states, score: number | undefined, ended: Date): string {
  return lines([
    {
      op_code: operation.setStateAndValues,
      worker_id: WORKER,
      trial_id: trial,
      state: states[state],
      values: score === undefined || Number.isNaN(score) ? null : [score],
      datetime_complete: timeOf(ended),
    },
  ]);
}

/** What else a trial says of itself, such as the folder of its runs. */
export function journalAttributes(trial: number, attributes: Settings): string {
  return lines(
    Object.entries(attributes).map(([key, value]) => ({
      op_code: operation.setTrialUserAttribute,
      worker_id: WORKER,
      trial_id: trial,
      user_attr: { [key]: value },
    })),
  );
}

function lines(entries: readonly object[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

/** Optuna's are local times without a zone, to the microsecond. */
function timeOf(date: Date): string {
  return `${date.toISOString().slice(0, -1)}000`;
}

/** Lists and objects are no values of Optuna's: they are shown as their JSON. */
function categories(choice: readonly SettingValue[]): (string | number | boolean | null)[] {
  return choice.map((value) => (typeof value === "object" && value !== null ? JSON.stringify(value) : value));
}

function distributionOf(dimension: Dimension): object {
  if ("choice" in dimension) {
    return { name: "CategoricalDistribution", attributes: { choices: categories(dimension.choice) } };
  }
  if ("uniform" in dimension || "logUniform" in dimension) {
    const isLog = "logUniform" in dimension;
    const [low, high] = isLog ? dimension.logUniform : dimension.uniform;
    return { name: "FloatDistribution", attributes: { step: null, low, high, log: isLog } };
  }
  const isLog = "logInteger" in dimension;
  const [low, high] = isLog ? dimension.logInteger : dimension.integer;
  return { name: "IntDistribution", attributes: { log: isLog, step: 1, low, high } };
}

/** Of a choice its place, else the number. */
function internalValue(dimension: Dimension, value: SettingValue): number {
  if (!("choice" in dimension)) return value as number;
  const wanted = JSON.stringify(value);
  return dimension.choice.findIndex((one) => JSON.stringify(one) === wanted);
}
