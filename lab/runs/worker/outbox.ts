/** What a worker has to say of its iterations, gathered for some milliseconds: one message, one transferred array. */
import type { Metrics } from "ascent-rl";
import type { RunReply } from "../protocol.ts";

/** Milliseconds: no page draws more often. */
const GATHERED = 16;

export type Post = (reply: RunReply, transfer?: Transferable[]) => void;

export class Outbox {
  readonly #post: Post;
  #names: readonly string[] = [];
  #values: number[] = [];
  #rows = 0;
  #sent = 0;

  constructor(post: Post) {
    this.#post = post;
  }

  add(metrics: Metrics): void {
    const names = Object.keys(metrics);
    if (names.length !== this.#names.length || names.some((name, i) => name !== this.#names[i])) {
      this.flush();
      this.#names = names;
      this.#post({ kind: "columns", names });
    }
    for (const name of names) this.#values.push(metrics[name]);
    this.#rows++;
    if (performance.now() - this.#sent >= GATHERED) this.flush();
  }

  /** To be called before whatever else is said, and before the worker waits. */
  flush(): void {
    this.#sent = performance.now();
    if (this.#rows === 0) return;
    const values = Float64Array.from(this.#values);
    this.#post({ kind: "iterations", rows: this.#rows, values }, [values.buffer]);
    this.#values = [];
    this.#rows = 0;
  }
}
