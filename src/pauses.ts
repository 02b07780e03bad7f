/** Long work gives way now and then, so that signals, timers and a browser's page get their turn. */

/** Milliseconds after which others get theirs. */
const TURN = 50;

/** @returns to be called again and again: now and then it gives a promise to wait for, otherwise undefined. */
export function pauses(): () => Promise<void> | undefined {
  let begin = performance.now();
  return () => {
    if (performance.now() - begin <= TURN) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        begin = performance.now();
        resolve();
      }, 0);
    });
  };
}
