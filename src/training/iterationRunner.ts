/**
 * The iterations of a run, each giving way to other work. Those that end before their first stop, as short ones do, are done
 * without a promise: an algorithm of many short iterations would pay for theirs. A signal that comes in the midst of a long one does not have to
 * wait for its end: the iteration is undone, and the learner is what it was before it.
 */

import type { Learner, LearnerSnapshot, Metrics } from "../learners/learner.ts";
import { giveUp, othersFirst, type Work } from "../pauses.ts";

/** Milliseconds below which an iteration is simply finished. */
const SHORT = 100;
/** Saving beforehand may take one part in as many of an iteration's time. */
const SAVING_SHARE = 200;

/**
 * @param signal what it says in the midst of an iteration is heeded where the learner resumes exactly, and where iterations
 *   are long: more than 100 ms, and 200 times what saving it takes. Otherwise the iteration is finished.
 * @returns runs one iteration, its figures at once unless it stopped; undefined when it was undone.
 */
export function iterationRunner<Own extends Metrics>(
  learner: Learner<Own>,
  signal?: AbortSignal,
): () => Own | Promise<Own | undefined> {
  let saving = 0;
  // Nothing is known of the first: it may be a long one.
  let iterating = Number.POSITIVE_INFINITY;

  function saved(): LearnerSnapshot | undefined {
    const begin = performance.now();
    try {
      const snapshot = learner.save();
      saving = performance.now() - begin;
      return snapshot;
    } catch {
      // An environment that cannot save its state after all: a run without checkpoints does not need it.
      saving = Number.POSITIVE_INFINITY;
      return undefined;
    }
  }

  async function goOn(work: Work<Own>, begin: number, before: LearnerSnapshot | undefined): Promise<Own | undefined> {
    for (;;) {
      await othersFirst();
      if (before !== undefined && signal?.aborted) {
        giveUp(work);
        learner.load(before);
        return undefined;
      }
      const step = work.next();
      if (!step.done) continue;
      iterating = performance.now() - begin;
      return step.value;
    }
  }

  return () => {
    const isLong = iterating > Math.max(SHORT, SAVING_SHARE * saving);
    const before = signal !== undefined && learner.exactResume && isLong ? saved() : undefined;
    const begin = performance.now();
    const work = learner.iteration();
    const step = work.next();
    if (!step.done) return goOn(work, begin, before);
    iterating = performance.now() - begin;
    return step.value;
  };
}
