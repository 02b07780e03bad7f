/**
 * The live progress bar. It draws from inside `update`, since training blocks the event loop, and its only timer never
 * keeps the process alive. The cursor and the terminal's modes are left alone, so that a killed run leaves a sane
 * terminal.
 */
import { createRequire } from "node:module";
import { clearLine, clearScreenDown, cursorTo } from "node:readline";
import type { Options, Params } from "cli-progress";
import { compactNumber } from "../charts/compactNumber.ts";
import { type Clock, describe, percentage, type Reporter, type ReporterStream } from "./progressText.ts";

/** A reporter for a terminal. */
export function liveReporter(stream: ReporterStream, start: number, total: number, clock: Clock): Reporter {
  // Loaded only now: a run whose output is piped, or quiet, starts sooner without it.
  const { Format, SingleBar } = createRequire(import.meta.url)("cli-progress") as typeof import("cli-progress");

  /** cli-progress re-arms a timer after every drawing; unless let go each time, it would keep the process running. */
  class UnheldBar extends SingleBar {
    private timer: NodeJS.Timeout | null = null;

    override render(): void {
      super.render();
      this.timer?.unref();
    }
  }

  const terminal = new PlainTerminal(stream);
  const format = (options: Options, params: Params, payload: { figures: string; step: number }): string => {
    const bar = Format.BarFormat(params.progress, options);
    const time = params.value >= params.total ? `took ${clock.elapsed()}` : `${clock.left(params.value)} left`;
    const percent = String(percentage(params.value, params.total)).padStart(3);
    const facts = [`${percent}%`, `${compactNumber(params.value)}/${compactNumber(params.total)}`, time];
    return ` ${bar} ${[...facts, payload.figures].filter((fact) => fact !== "").join(" · ")}`;
  };
  const options = {
    format,
    terminal,
    barsize: Math.max(8, Math.min(24, Math.floor(terminal.getWidth() / 5))),
    barCompleteChar: "█",
    barIncompleteChar: "░",
    // Trims each line to the terminal's width instead of switching its wrapping off.
    linewrap: true,
    gracefulExit: false,
    fps: 10,
  };
  const bar = new UnheldBar(options as unknown as Options);
  bar.start(total, start, { figures: "" });
  let finished = false;
  return {
    update(step, figures) {
      if (!finished) bar.update(step, { figures: describe(figures) });
    },
    message(text) {
      if (finished) return;
      terminal.replaceLine(text);
      // The bar would not redraw a line it believes is already there.
      (bar as unknown as { lastDrawnString: string }).lastDrawnString = "";
      bar.render();
    },
    finish() {
      if (finished) return;
      finished = true;
      bar.stop();
    },
  };
}

/** What the bar needs of a terminal: rewriting the line the cursor is on, and nothing that would have to be undone. */
class PlainTerminal {
  readonly #stream: ReporterStream;

  constructor(stream: ReporterStream) {
    this.#stream = stream;
  }

  isTTY(): boolean {
    return true;
  }

  getWidth(): number {
    return this.#stream.columns || 80;
  }

  write(text: string): void {
    // One column stays free: in the last one some terminals wrap at once.
    this.#stream.write([...text].slice(0, this.getWidth() - 1).join(""));
  }

  replaceLine(text: string): void {
    this.cursorTo(0);
    clearLine(this.#stream as NodeJS.WritableStream, 0);
    this.#stream.write(`${text}\n`);
  }

  newline(): void {
    this.#stream.write("\n");
  }

  cursorTo(column: number): void {
    cursorTo(this.#stream as NodeJS.WritableStream, column);
  }

  clearRight(): void {
    clearLine(this.#stream as NodeJS.WritableStream, 1);
  }

  clearLine(): void {
    clearLine(this.#stream as NodeJS.WritableStream, 0);
  }

  clearBottom(): void {
    clearScreenDown(this.#stream as NodeJS.WritableStream);
  }

  cursorSave(): void {}
  cursorRestore(): void {}
  cursor(): void {}
  lineWrapping(): void {}
}
