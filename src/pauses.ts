/**
 * Long work gives way now and then, so that signals, timers and a browser's page get their turn. Such work is a generator
 * that stops where it can be interrupted; what happens there is its driver's choice: `finish` goes on at once, `givingWay`
 * lets everything else run first. Where it stops changes nothing in what it computes.
 */

/** It gives its result when it is run to the end. */
export type Work<Result> = Generator<void, Result, void>;

/** Milliseconds after which others get their turn. The last step before that may take as long again: 50 is what is promised. */
const TURN = 20;

/** When others had their turn last, or could have had it. One for all: what they wait for is the thread. */
let begin = 0;

/** Milliseconds; bare hosts have no better clock than the second. */
const clock = typeof performance === "object" ? () => performance.now() : Date.now;

/** @returns whether it is time to stop; it then is again after another `TURN`. */
export function due(now = clock()): boolean {
  if (now - begin < TURN) return false;
  begin = now;
  return true;
}

/**
 * What stops between small things that are done in great number: asks the clock once in 64 of them.
 *
 * @param number of the thing just done, counted up.
 */
export function dueAfter(number: number): boolean {
  return (number & 63) === 63 && due();
}

/** Whatever is due runs: timers, messages, signals, the page. Takes some microseconds when nothing is. */
export async function othersFirst(): Promise<void> {
  await nextTask();
  begin = clock();
}

/**
 * Not by a timer of 0 ms: Node makes 1 of it, browsers 4 and, in a hidden tab, 1,000. Nor by `scheduler.yield`, which would go
 * on ahead of timers that are due.
 */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
    } else if (typeof MessageChannel === "function") {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(undefined);
    } else {
      setTimeout(resolve, 0);
    }
  });
}

/** Runs the work to its end without a pause. */
export function finish<Result>(work: Work<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

/** Runs the work to its end and lets others run wherever it stops. */
export async function givingWay<Result>(work: Work<Result>): Promise<Result> {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    await othersFirst();
  }
}

/**
 * Work that hands things over while it runs, for those who wait for each of them; they come where the work stops next. Ending the loop
 * over them ends the work.
 */
export async function* handingOver<Item>(
  work: (hand: (item: Item) => void) => Work<unknown>,
): AsyncGenerator<Item, void> {
  const items: Item[] = [];
  const running = work((item) => items.push(item));
  try {
    for (;;) {
      const { done } = running.next();
      yield* items.splice(0);
      if (done) return;
      await othersFirst();
    }
  } finally {
    giveUp(running);
  }
}

/** Ends work in its midst; its `finally` blocks run. */
export function giveUp<Result>(work: Work<Result>): void {
  // What it returns is nobody's.
  work.return(undefined as Result);
}

/**
 * Work as part of other work, with the time it takes, that of its stops left out.
 *
 * @param add called with the milliseconds of each stretch.
 */
export function* timed<Result>(work: Work<Result>, add: (milliseconds: number) => void): Work<Result> {
  for (;;) {
    const begin = performance.now();
    const step = work.next();
    add(performance.now() - begin);
    if (step.done) return step.value;
    yield;
  }
}
