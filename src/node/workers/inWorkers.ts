/** An environment by name, its batches in worker threads: a spec to train with as with any other. */
import {
  checkOptions,
  listOf,
  type OptionChecks,
  optional,
  positiveNumber,
  text,
  wholeNumber,
} from "../../arguments/checks.ts";
import type { EnvironmentSpec } from "../../envs/batched.ts";
import { checkCount } from "../../envs/checks.ts";
import { environmentSpec } from "../../envs/environmentRegistry.ts";
import { importUrls } from "../imports.ts";
import { WorkerBatch } from "./workerBatch.ts";

export interface InWorkersOptions {
  /** Threads; never more than there are environments. */
  workers: number;
  /** Files that every thread imports first, such as one that calls `registerEnvironment` for an environment of yours. */
  imports?: readonly string[];
  /** That threads may take to start and make their environments; default 60. */
  startSeconds?: number;
  /** That a thread may take for a step, or for whatever else it is asked; default 60. */
  deadlineSeconds?: number;
}

const inWorkersOptions: OptionChecks<InWorkersOptions> = {
  workers: wholeNumber(1),
  imports: optional(listOf(text, "a list of files")),
  startSeconds: optional(positiveNumber),
  deadlineSeconds: optional(positiveNumber),
};

/**
 * The environment of this id with its batches in worker threads: `train("ppo", { environment: inWorkers("HalfCheetah-v5",
 * { workers: 2 }) })`. A run is the same bits as without, and can be resumed with another number of them. It pays where a step of
 * all environments takes some 100 µs. Threads share their process: what kills that (`kill -9`) ends all of it.
 *
 * Errors of an environment come through as they are. A thread that ends or hangs is an AscentError "environment" that names its
 * environments, the step and the seed; the batch is then closed.
 *
 * @throws AscentError "environment" when there is no such id here; import the file that registers it first.
 */
export function inWorkers(id: string, options: InWorkersOptions): EnvironmentSpec {
  checkOptions("inWorkers", inWorkersOptions, options);
  const { workers, imports = [], startSeconds = 60, deadlineSeconds = 60 } = options;
  const spec = environmentSpec(id);
  const urls = importUrls(imports);
  return {
    ...spec,
    make(count, firstIndex = 0) {
      checkCount(id, count);
      return new WorkerBatch(id, count, firstIndex, { workers, imports: urls, startSeconds, deadlineSeconds });
    },
    startFrom: undefined,
  };
}
