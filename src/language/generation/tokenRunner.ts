/** One token a row through the network with its cache: programs for a few numbers of rows, which share the cache's memory. */

import type { Work } from "../../pauses.ts";
import type { Region } from "../../tensor/engine.ts";
import type { Tensor } from "../../tensor/graph.ts";
import type { Program } from "../../tensor/program.ts";
import { tokenGraph } from "./cachedNetwork.ts";
import type { KeyValueCache } from "./keyValueCache.ts";
import type { ModelCompiler } from "./modelCompiler.ts";

export class TokenRunner {
  readonly #compiler: ModelCompiler;
  readonly #cache: KeyValueCache;
  readonly #adapter: boolean;
  readonly #programs = new Map<number, Program>();

  constructor(compiler: ModelCompiler, cache: KeyValueCache, adapter: boolean) {
    this.#compiler = compiler;
    this.#cache = cache;
    this.#adapter = adapter;
  }

  /** For the cache's first `rows` rows: inputs "tokens" and "positions", output "logits". */
  *program(rows: number): Work<Program> {
    const found = this.#programs.get(rows);
    if (found !== undefined) return found;
    const { caches, logits } = tokenGraph(this.#compiler.model.network, rows, this.#cache.capacity, this.#adapter);
    const bindings = new Map<Tensor, Region>();
    caches.forEach(({ keys, values }, i) => {
      bindings.set(keys, this.#cache.layers[i].keys);
      bindings.set(values, this.#cache.layers[i].values);
    });
    const program = yield* this.#compiler.compiling({ name: `token of ${rows} rows`, outputs: { logits }, bindings });
    this.#programs.set(rows, program);
    return program;
  }
}
