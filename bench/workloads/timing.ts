/** Timing for benchmarks: the best of several rounds, which is what the machine can do when nothing disturbs it. */

/** Microseconds of one call of `action`: the shortest round's mean, each round about `milliseconds` long. */
export function bestMicroseconds(action: () => void, { rounds = 7, milliseconds = 25 } = {}): number {
  let count = 1;
  let elapsed = 0;
  // Warm-up: doubles until a round is long enough; V8 compiles the kernels meanwhile.
  for (;;) {
    elapsed = timed(action, count);
    if (elapsed >= milliseconds) break;
    count *= 2;
  }
  count = Math.max(1, Math.round((count * milliseconds) / elapsed));
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) best = Math.min(best, timed(action, count) / count);
  return best * 1000;
}

function timed(action: () => void, count: number): number {
  const start = performance.now();
  for (let i = 0; i < count; i++) action();
  return performance.now() - start;
}

/** A Markdown table. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map((_, i) => (i === 0 ? "---" : "--:"))), ...rows.map(line)].join("\n");
}
