/** What a command says on standard error beside its bar: lines above it while it is there, warnings also when quiet. */
import type { Reporter } from "../node/reporter.ts";

export class ProgressMessages {
  readonly quiet: boolean;
  #reporter: Reporter | undefined;

  constructor(quiet: boolean) {
    this.quiet = quiet;
  }

  /** The bar that is shown from now on. */
  show(reporter: Reporter): void {
    this.#reporter = reporter;
  }

  /** Undefined while no bar is shown. */
  get bar(): Reporter | undefined {
    return this.#reporter;
  }

  /** Safe to call twice. */
  endBar(): void {
    this.#reporter?.finish();
    this.#reporter = undefined;
  }

  /** Above the bar where there is one; also when quiet. */
  above(text: string): void {
    if (this.#reporter === undefined || this.quiet) this.warn(text);
    else this.#reporter.message(text);
  }

  /** Also when quiet: what went wrong, and how to go on, must not go unseen. */
  warn(text: string): void {
    process.stderr.write(`${text}\n`);
  }

  say(text: string): void {
    if (!this.quiet) process.stderr.write(`${text}\n`);
  }
}
