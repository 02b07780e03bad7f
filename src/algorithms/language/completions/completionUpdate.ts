/**
 * Learning from a batch of completions: epochs over it in shuffled updates, an update in parts whose gradients add up, the cut to a
 * limit, the optimiser's step. Which loss it is, is the algorithm's.
 */

import type { Figures } from "../../../learners/learner.ts";
import type { Work } from "../../../pauses.ts";
import { RandomStream, streams } from "../../../random/index.ts";
import { floatsOf, type Region } from "../../../tensor/engine.ts";
import { clipScale, norm } from "../../../tensor/gradientNorms.ts";
import { Optimiser } from "../../../tensor/optimisers.ts";
import { limitOf } from "../../commonOptions.ts";
import { optimiserOf } from "../commonOptions.ts";
import { trainedBlock } from "../partProgram.ts";
import { type CompletionBatch, firstPlace } from "./completionBatch.ts";
import {
  type CompletionGraph,
  type CompletionProgram,
  type CompletionValues,
  completionProgram,
  type Totals,
} from "./completionProgram.ts";
import type { CompletionChoice } from "./options.ts";

export interface CompletionUpdate {
  readonly optimisers: readonly Optimiser[];
  /** The order of rows draws from it. */
  readonly shuffling: RandomStream;
  /**
   * @param learnt 1 on the tokens that are learnt from; default: the batch's mask. Where it is all 0 there is no update.
   * @returns means over the updates, with loss, gradientNorm and how many updates there were.
   */
  learn(batch: CompletionBatch, values: CompletionValues, rate: number, learnt?: Float32Array): Work<Figures>;
}

export function completionUpdate(graph: CompletionGraph, options: CompletionChoice): CompletionUpdate {
  const { engine } = graph.model;
  const trained = [trainedBlock(graph.model), ...(graph.blocks ?? [])];
  const optimisers = trained.map((block) => new Optimiser(engine, block.region, optimiserOf(options)));
  const shuffling = new RandomStream(options.seed, streams.minibatches);
  const maxGradNorm = limitOf(options.maxGradNorm);
  const programs = new Map<string, CompletionProgram>();
  const sums: (Region | undefined)[] = trained.map(() => undefined);

  function* programFor(rows: number, length: number): Work<CompletionProgram> {
    const key = `${rows} × ${length}`;
    const known = programs.get(key);
    if (known !== undefined) return known;
    const made = yield* completionProgram(graph, rows, length);
    programs.set(key, made);
    return made;
  }

  /** Adds the part's gradients up where there are several parts. @returns where the sums so far are. */
  function added({ program }: CompletionProgram, first: boolean, several: boolean): Region[] {
    return trained.map((_, i) => {
      const own = program.outputRegion(`gradient${i}`);
      if (!several) return own;
      const total = sums[i] ?? engine.allocate(own.length);
      sums[i] = total;
      const [sum, more] = [floatsOf(total), floatsOf(own)];
      if (first) sum.set(more);
      else for (let k = 0; k < sum.length; k++) sum[k] += more[k];
      return total;
    });
  }

  function* update(
    batch: CompletionBatch,
    values: CompletionValues,
    learnt: Float32Array,
    rows: Int32Array,
    rate: number,
    tally: FigureTally,
  ): Work<void> {
    const size = Math.min(options.microBatchSize ?? rows.length, rows.length);
    const totals: Totals = { rows: rows.length, tokens: tokensIn(batch, learnt, rows) };
    let gradients: Region[] = [];
    let loss = 0;
    for (let start = 0; start < rows.length; start += size) {
      const picked = rows.subarray(start, start + size);
      const part = yield* programFor(picked.length, batch.length);
      part.fill(batch, values, learnt, picked, totals);
      yield* part.program.running();
      part.program.requireFinite(graph.name);
      loss += part.program.scalar("loss");
      for (const figure of part.figures) tally.add(figure, part.program.scalar(figure), picked.length);
      gradients = added(part, start === 0, size < rows.length);
    }
    const gradientNorm = Math.hypot(...gradients.map(norm));
    tally.add("loss", loss, rows.length);
    tally.add("gradientNorm", gradientNorm, rows.length);
    const scale = clipScale(gradientNorm, maxGradNorm);
    optimisers.forEach((optimiser, i) => {
      optimiser.step(gradients[i], rate, scale);
    });
  }

  return {
    optimisers,
    shuffling,
    *learn(batch, values, rate, learnt = batch.mask) {
      const size = Math.min(options.batchSize ?? batch.rows, batch.rows);
      const rows = allRows(batch);
      // Completions that were all cut off, where those are not learnt from: the policy stays.
      if (tokensIn(batch, learnt, rows) === 0) return { loss: 0, gradientNorm: 0, updates: 0 };
      const tally = new FigureTally();
      let updates = 0;
      for (let epoch = 0; epoch < options.nEpochs; epoch++) {
        if (size < batch.rows) shuffling.shuffle(rows);
        for (let start = 0; start < batch.rows; start += size) {
          yield* update(batch, values, learnt, rows.subarray(start, start + size), rate, tally);
          updates++;
        }
      }
      return Object.assign(tally.means(), { updates });
    },
  };
}

/** Weighted means, and extremes of what is called one. */
class FigureTally {
  readonly #sums = new Map<string, { sum: number; weight: number; extreme: number }>();

  add(name: string, value: number, weight: number): void {
    const known = this.#sums.get(name);
    if (known === undefined) this.#sums.set(name, { sum: value * weight, weight, extreme: value });
    else {
      known.sum += value * weight;
      known.weight += weight;
      known.extreme = (name.includes("_min") ? Math.min : Math.max)(known.extreme, value);
    }
  }

  means(): Figures {
    const entries = [...this.#sums].map(([name, { sum, weight, extreme }]) => [
      name,
      /_min|_max/.test(name) ? extreme : sum / weight,
    ]);
    return Object.fromEntries(entries);
  }
}

const allRows = ({ rows }: CompletionBatch) => Int32Array.from({ length: rows }, (_, row) => row);

function tokensIn(batch: CompletionBatch, learnt: Float32Array, rows: Int32Array): number {
  let count = 0;
  for (const row of rows) {
    const first = firstPlace(batch, row);
    for (let k = first; k < first + batch.lengths[row]; k++) count += learnt[k];
  }
  return count;
}
