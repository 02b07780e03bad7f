/** The share of long work that is done, on standard error: in a terminal one line that is written over, elsewhere a line now and then. */
import type { ProgressStream } from "./episodeProgress.ts";

const TERMINAL_MS = 500;
const LINE_MS = 20_000;

/** @param what such as "overoptimise". */
export function shareProgress(
  what: string,
  stream: ProgressStream = process.stderr,
  now: () => number = () => performance.now(),
): { update(share: number): void; finish(): void } {
  const begin = now();
  const wait = () => (stream.isTTY ? TERMINAL_MS : LINE_MS);
  let due = begin + wait();
  let written = 0;
  return {
    update(share) {
      if (now() < due || share <= 0) return;
      due = now() + wait();
      const left = Math.round(((now() - begin) * (1 - share)) / share / 1000);
      const text = `${what}: ${Math.floor(share * 100)} %, about ${left} s to go`;
      if (!stream.isTTY) return void stream.write(`${text}\n`);
      stream.write(`\r${text.padEnd(written)}`);
      written = text.length;
    },
    finish() {
      if (written > 0) stream.write(`\r${" ".repeat(written)}\r`);
    },
  };
}
