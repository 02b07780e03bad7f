/**
 * What the algorithms that learn from texts have in common, all but their objective: the rows encoded, shuffled epochs, a batch in
 * parts, their gradients added up, the cut to a limit, the optimiser's step; saving and loading. An iteration is one update.
 */

import { z } from "zod";
import { copyExact } from "../../files/exactJson.ts";
import { partsOfSnapshot, requireArrays, requireFit, requireForm, requireSame } from "../../files/savedState.ts";
import type { LanguageModel } from "../../language/model/languageModel.ts";
import { iterations } from "../../learners/iterations.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import type { IterationTimes, Metrics } from "../../learners/learner.ts";
import { timed, type Work } from "../../pauses.ts";
import { floatsOf, type Region } from "../../tensor/engine.ts";
import { clipScale, norm } from "../../tensor/gradientNorms.ts";
import { Optimiser } from "../../tensor/optimisers.ts";
import { limitOf } from "../commonOptions.ts";
import { optimiserOf, rateOf, type UpdateChoice } from "./commonOptions.ts";
import type { EncodedRows } from "./encodedRows.ts";
import type { BatchValues, TextBatch, TextObjective } from "./objective.ts";
import { type PartProgram, partProgram, trainedBlock } from "./partProgram.ts";
import { type Reference, referenceForm } from "./reference.ts";
import { requireSameModel } from "./requireSameModel.ts";

export interface SupervisedParts<Row> {
  readonly algorithm: string;
  readonly model: LanguageModel;
  readonly data: EncodedRows<Row>;
  readonly objective: TextObjective<Row>;
  readonly options: UpdateChoice;
  readonly annealSteps: number;
  readonly reference?: Reference;
}

interface BatchGradient {
  gradient: Region;
  loss: number;
  vectors: Record<string, Float32Array>;
  values: BatchValues;
}

const whole = z.int().min(0);
const savedForm = z.object({
  annealSteps: z.int().min(1),
  steps: whole,
  updates: whole,
  tokens: whole,
  rows: whole,
  position: z.object({ epoch: whole, batch: whole }),
  optimiserSteps: whole,
  reference: referenceForm.optional(),
});

export function supervisedLearner<Row>(parts: SupervisedParts<Row>): LanguageLearner {
  const { algorithm, model, data, objective, options, annealSteps, reference } = parts;
  const { engine, network } = model;
  const { kinds } = objective;
  const trained = trainedBlock(model);
  const optimiser = new Optimiser(engine, trained.region, optimiserOf(options));
  const { order } = data;
  const partSize = Math.min(options.microBatchSize ?? options.batchSize, options.batchSize);
  const maxGradNorm = limitOf(options.maxGradNorm);
  const programs = new Map<string, PartProgram>();
  const times: IterationTimes = { act: 0, env: 0, learn: 0 };
  let total: Region | undefined;
  let [steps, updates, tokens] = [0, 0, 0];

  function batchOf(numbers: Int32Array): TextBatch<Row> {
    const encoded = Array.from(numbers, (number) => data.sequences(number));
    const sequences = Array.from({ length: kinds }, (_, kind) => encoded.map((some) => some[kind])).flat();
    return { rows: Array.from(numbers, (number) => data.row(number)), numbers, sequences };
  }

  function* programFor(rows: number, length: number): Work<PartProgram> {
    const key = `${rows} × ${length}`;
    const known = programs.get(key);
    if (known !== undefined) return known;
    const made = yield* partProgram(algorithm, model, objective as TextObjective<never>, rows, length);
    programs.set(key, made);
    return made;
  }

  /** The gradient of the whole batch, its loss, and its vectors. */
  function* gradientOf(batch: TextBatch<Row>, length: number): Work<BatchGradient> {
    const computed = objective.computed === undefined ? {} : yield* objective.computed(batch);
    const values = { ...objective.values?.(batch), ...computed };
    const all = batch.rows.length;
    const vectors: Record<string, Float32Array> = {};
    let loss = 0;
    let gradient: Region | undefined;
    for (let start = 0; start < all; start += partSize) {
      const rows = Math.min(partSize, all - start);
      const part = yield* programFor(rows, length);
      part.fill(batch, values, start);
      yield* part.program.running();
      part.program.requireFinite(algorithm);
      loss += part.program.scalar("loss");
      for (const { name, perSequence } of part.vectors) {
        const copies = perSequence ? kinds : 1;
        vectors[name] ??= new Float32Array(all * copies);
        const found = part.program.output(name);
        for (let k = 0; k < copies; k++) {
          vectors[name].set(found.subarray(k * rows, (k + 1) * rows), k * all + start);
        }
      }
      gradient = part.program.outputRegion("gradient");
      if (partSize >= all) continue;
      total ??= engine.allocate(gradient.length);
      const [sum, own] = [floatsOf(total), floatsOf(gradient)];
      if (start === 0) sum.set(own);
      else for (let i = 0; i < sum.length; i++) sum[i] += own[i];
      gradient = total;
    }
    if (gradient === undefined) throw new Error(`${algorithm}: a batch without rows`);
    return { gradient, loss, vectors, values };
  }

  function* iteration(): Work<Metrics> {
    const { rows, length } = order.next();
    const batch = batchOf(rows);
    const { gradient, loss, vectors, values } = yield* gradientOf(batch, length);
    const gradientNorm = norm(gradient);
    const made = steps + batch.rows.length;
    const rate = rateOf(options, steps / annealSteps, made / annealSteps);
    optimiser.step(gradient, rate, clipScale(gradientNorm, maxGradNorm));
    steps = made;
    updates++;
    tokens += batch.sequences.reduce((sum, sequence) => sum + sequence.tokens.length, 0);
    reference?.updated(updates);
    return {
      steps,
      loss,
      ...objective.figures(batch, vectors, values),
      num_tokens: tokens,
      epoch: steps / data.length,
      gradientNorm,
      learningRate: rate,
    };
  }

  const own = iterations(algorithm, () => {
    times.learn = 0;
    return timed(iteration(), (milliseconds) => {
      times.learn += milliseconds;
    });
  });

  const arrays = (): Record<string, Float32Array> => ({
    model: trained.flat(),
    ...Object.fromEntries(optimiser.state().map((state, i) => [`optimiser.${i}`, state])),
    ...reference?.arrays(),
  });
  /** What the saved arrays are to be copied to; the reference is then of the kind it was. */
  function arraysLike(saved: z.output<typeof savedForm>, kept: Parameters<typeof requireArrays>[0]) {
    const before = reference?.state();
    if (reference !== undefined && saved.reference !== undefined) reference.restore(saved.reference);
    try {
      const targets = arrays();
      requireArrays(kept, targets);
      return targets;
    } catch (error) {
      if (before !== undefined) reference?.restore(before);
      throw error;
    }
  }

  const identity = () => JSON.parse(JSON.stringify(network.description));

  return {
    algorithm,
    get steps() {
      return steps;
    },
    stepsPerIteration: Math.min(options.batchSize, data.length),
    times,
    exactResume: true,
    dropped: data.dropped,
    iterate: own.iterate,
    iteration: own.iteration,
    save() {
      own.requireSavable();
      const saved: z.output<typeof savedForm> = {
        ...{ annealSteps, steps, updates, tokens },
        rows: data.length,
        position: order.position(),
        optimiserSteps: optimiser.steps,
        ...(reference && { reference: reference.state() }),
      };
      const stored = Object.entries(arrays()).map(([name, array]) => [
        name,
        { shape: [array.length], data: array.slice() },
      ]);
      return {
        arrays: Object.fromEntries(stored),
        state: copyExact({ algorithm, description: identity(), ...saved }),
      };
    },
    load(snapshot) {
      own.requireLoadable();
      const { arrays: kept, state } = partsOfSnapshot(snapshot);
      requireSame("algorithm", state["algorithm"], algorithm);
      requireSameModel(algorithm, state["description"], identity());
      const saved = requireForm(savedForm, state);
      requireFit("rows", saved.rows, data.length);
      const targets = arraysLike(saved, kept);
      order.moveTo(saved.position);
      for (const [name, target] of Object.entries(targets)) target.set(kept[name] as Float32Array);
      optimiser.steps = saved.optimiserSteps;
      ({ steps, updates, tokens } = saved);
      own.loaded();
    },
    model: () => model,
  };
}
