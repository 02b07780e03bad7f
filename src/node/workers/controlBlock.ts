/**
 * What the threads of a batch have in common: for each worker two words to call it by and three to answer with, on cache lines
 * of their own, so that no thread's writing slows another's reading; and the numbers of a step, each in its place in the whole batch.
 */

/** Int32 words of 128 bytes: two cache lines, since processors fetch them in pairs. */
const LINE = 32;
const WORDS = 2 * LINE;

/** What a worker is asked to do; made is what it does first, unasked. */
export type Call =
  | "make"
  | "attach"
  | "reset"
  | "step"
  | "saveState"
  | "loadState"
  | "infos"
  | "scene"
  | "finalScene"
  | "close";

export const calls: readonly Call[] = [
  "make",
  "attach",
  "reset",
  "step",
  "saveState",
  "loadState",
  "infos",
  "scene",
  "finalScene",
  "close",
];

/** How an answer turned out; a thread that ended is told by the one that watches over it. */
export const outcomes = { done: 0, failed: 1, ended: 2 } as const;

/** The words of one worker: indices into the Int32Array of all of them. */
export interface ControlWords {
  /** Number of the call: a worker wakes when it changes. */
  called: number;
  /** Index into `calls`. */
  call: number;
  /** Number of the last call that was answered: the caller wakes when it changes. */
  answered: number;
  outcome: number;
}

export function controlWords(worker: number): ControlWords {
  const at = worker * WORDS;
  return { called: at, call: at + 1, answered: at + LINE, outcome: at + LINE + 1 };
}

/** Of all workers, and one more pair of words by which the watching thread shows that it lives. */
export function controlBlock(workers: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer((workers + 1) * WORDS * Int32Array.BYTES_PER_ELEMENT));
}

/** Where the watching thread repeats the number that it was sent last. */
export function lifeSign(workers: number): number {
  return workers * WORDS;
}

/** What the numbers of a step are sized by. */
export interface StepSizes {
  count: number;
  observationSize: number;
  actionSize: number;
  /** 0 without masks. */
  maskSize: number;
  exact: boolean;
}

export interface StepNumbers {
  rewards: Float64Array;
  exactObservations?: Float64Array;
  exactFinalObservations?: Float64Array;
  observations: Float32Array;
  finalObservations: Float32Array;
  actions: Float32Array;
  terminated: Uint8Array;
  truncated: Uint8Array;
  actionMasks?: Uint8Array;
}

export function stepBytes({ count, observationSize, actionSize, maskSize, exact }: StepSizes): number {
  return count * (8 + (exact ? 16 : 0) * observationSize + 8 * observationSize + 4 * actionSize + 2 + maskSize);
}

/** Views of environments `first` up to `first + rows` of the block; of all of them when left out. */
export function stepNumbers(buffer: SharedArrayBuffer, sizes: StepSizes, first = 0, rows = sizes.count): StepNumbers {
  const { count, observationSize, actionSize, maskSize, exact } = sizes;
  let at = 0;
  // Columns of eight bytes come first: each kind then begins at a multiple of its own size.
  const column = (bytes: number, width: number): readonly [SharedArrayBuffer, number, number] => {
    const begin = at + first * width * bytes;
    at += count * width * bytes;
    return [buffer, begin, rows * width];
  };
  const rewards = new Float64Array(...column(8, 1));
  const exacts = exact && {
    exactObservations: new Float64Array(...column(8, observationSize)),
    exactFinalObservations: new Float64Array(...column(8, observationSize)),
  };
  return {
    rewards,
    ...exacts,
    observations: new Float32Array(...column(4, observationSize)),
    finalObservations: new Float32Array(...column(4, observationSize)),
    actions: new Float32Array(...column(4, actionSize)),
    terminated: new Uint8Array(...column(1, 1)),
    truncated: new Uint8Array(...column(1, 1)),
    ...(maskSize > 0 && { actionMasks: new Uint8Array(...column(1, maskSize)) }),
  };
}
