/** What the threads of a batch say to each other beside the numbers of a step: rare, and copied. */
import type { MessagePort } from "node:worker_threads";
import type { Info } from "../../envs/environment.ts";
import type { Failure } from "../children/messages.ts";
import type { StepSizes } from "./controlBlock.ts";

/** A run of environments that one worker has. */
export interface Slice {
  first: number;
  count: number;
}

/** What a worker begins with. */
export interface WorkerData {
  id: string;
  /** URLs. */
  imports: readonly string[];
  slice: Slice;
  /** Its number. */
  worker: number;
  /** How many threads there are, with the one that calls. */
  threads: number;
  control: Int32Array<SharedArrayBuffer>;
  port: MessagePort;
}

/** What the watching thread begins with. */
export interface WatcherData {
  /** The workers' program. */
  file: string;
  workers: readonly WorkerData[];
  control: Int32Array<SharedArrayBuffer>;
  port: MessagePort;
}

/** From the watching thread: this one is no more. */
export interface WorkerEnd {
  worker: number;
  code: number;
  /** The error that it ended with. */
  error?: string;
}

/** What a slice is, for the whole to be like it. */
export interface SliceFacts extends Omit<StepSizes, "count"> {
  id: string;
  /** As JSON: a copy of a space would be none. */
  observationSpace: unknown;
  actionSpace: unknown;
  firstIndex: number | undefined;
  infos: boolean;
  scenes: boolean;
  finalScenes: boolean;
  exactState: boolean;
}

export interface SliceInfos {
  infos?: readonly (Info | undefined)[];
  finalInfos?: readonly (Info | undefined)[];
}

/** What goes with a call; of `step` nothing does. */
export interface Argument {
  seed?: number;
  state?: unknown;
  index?: number;
  block?: { buffer: SharedArrayBuffer; sizes: StepSizes; firstIndex: number };
}

export type Answer = { result: unknown } | { failure: Failure };
