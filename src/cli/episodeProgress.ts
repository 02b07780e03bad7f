/**
 * How far whole episodes have got, on standard error, once they take longer than a moment: in a terminal one line that is
 * written over, elsewhere a line now and then. Says how long the longest episode is, for those that never end.
 */
import type { PlayProgress } from "../rollout/playEpisodes.ts";
import { grouped } from "./output.ts";

/** What it needs of a stream. */
export interface ProgressStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

const FIRST_MS = 1000;
const TERMINAL_MS = 200;
const LINE_MS = 10_000;

export interface EpisodeProgress {
  update(progress: PlayProgress): void;
  /** Leaves nothing behind in a terminal. */
  finish(): void;
}

/** @param what such as "evaluation". */
export function episodeProgress(
  what: string,
  stream: ProgressStream = process.stderr,
  now: () => number = () => performance.now(),
): EpisodeProgress {
  let due = now() + FIRST_MS;
  let written = 0;
  return {
    update({ done, episodes, steps, longest }) {
      if (now() < due) return;
      due = now() + (stream.isTTY ? TERMINAL_MS : LINE_MS);
      const running = done < episodes ? `, an episode of ${grouped(longest)} steps not over yet` : "";
      const text = `${what}: ${grouped(done)} of ${grouped(episodes)} episodes, ${grouped(steps)} steps${running}`;
      if (!stream.isTTY) {
        stream.write(`${text}\n`);
        return;
      }
      const line = text.slice(0, (stream.columns || 80) - 1);
      stream.write(`\r${line.padEnd(written)}`);
      written = line.length;
    },
    finish() {
      if (written > 0) stream.write(`\r${" ".repeat(written)}\r`);
      written = 0;
    },
  };
}
