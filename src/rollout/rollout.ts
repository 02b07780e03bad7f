/**
 * What one round of collecting leaves behind, in flat arrays [time][environment][…]. What update programs read lies in the
 * engine's memory; what only estimators read lies outside it. Filled by collector.ts.
 */

import { type Engine, floatsOf, type Region } from "../tensor/engine.ts";

export interface RolloutShape {
  steps: number;
  environments: number;
  observationSize: number;
  actionSize: number;
  /** 0 without action masks. */
  maskSize: number;
  /** Of the network's memory; 0, the default, without one. */
  stateSize?: number;
}

/** The parts that update programs read, by name. Row = time · environments + environment. */
export const rolloutFields = [
  "observations",
  "actions",
  "masks",
  "logProbs",
  "values",
  "oldValues",
  "advantages",
  "targets",
  "states",
  "starts",
] as const;
export type RolloutField = (typeof rolloutFields)[number];

export class Rollout {
  readonly shape: RolloutShape;
  readonly rows: number;
  /**
   * Normalised observations [rows, observationSize]; actions as sampled, not clipped; log π(a|s); V(s) as estimators read it,
   * and as it was when collected; A; targets of V. With a memory also its states before the first step [environments,
   * stateSize], and where an episode begins [rows].
   */
  readonly regions: Readonly<Record<RolloutField, Region>>;
  /** Rewards as learnt from (normalised when that is on) [rows]. */
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** V of the observation an episode was cut off on [rows]; elsewhere undefined. */
  readonly finalValues: Float32Array;
  /** V behind the last step [environments]. */
  readonly lastValues: Float32Array;
  /** Steps that the last round of collecting made; rows behind them are of earlier rounds. */
  filled = 0;
  #everyRowIsSound = false;
  #views: Record<RolloutField, Float32Array<ArrayBuffer>>;

  constructor(engine: Engine, shape: RolloutShape) {
    const rows = shape.steps * shape.environments;
    this.shape = shape;
    this.rows = rows;
    const { stateSize = 0 } = shape;
    const sizes: Record<RolloutField, number> = {
      observations: rows * shape.observationSize,
      actions: rows * shape.actionSize,
      masks: rows * shape.maskSize,
      logProbs: rows,
      values: rows,
      oldValues: rows,
      advantages: rows,
      targets: rows,
      states: shape.environments * stateSize,
      starts: stateSize > 0 ? rows : 0,
    };
    const regions = rolloutFields.map((field) => [field, engine.allocate(Math.max(sizes[field], 1))] as const);
    this.regions = Object.fromEntries(regions) as Record<RolloutField, Region>;
    this.rewards = new Float64Array(rows);
    this.terminated = new Uint8Array(rows);
    this.truncated = new Uint8Array(rows);
    this.finalValues = new Float32Array(rows);
    this.lastValues = new Float32Array(shape.environments);
    this.#views = this.#makeViews();
  }

  #makeViews(): Record<RolloutField, Float32Array<ArrayBuffer>> {
    const views = rolloutFields.map((field) => [field, floatsOf(this.regions[field])] as const);
    return Object.fromEntries(views) as Record<RolloutField, Float32Array<ArrayBuffer>>;
  }

  /** The engine's part, live. Do not keep the views across a `compile`. */
  get views(): Readonly<Record<RolloutField, Float32Array<ArrayBuffer>>> {
    if (this.#views.values.length === 0) this.#views = this.#makeViews();
    return this.#views;
  }

  /**
   * Ends a round of `steps` steps. Rows that no round has reached become copies of the first step's, so that programs over
   * the whole rollout meet nothing that is not of the spaces (a Discrete need not contain 0).
   */
  finish(steps: number): void {
    this.filled = steps;
    if (!this.#everyRowIsSound && steps < this.shape.steps) {
      const { environments, observationSize, actionSize, maskSize } = this.shape;
      const { observations, actions, masks } = this.views;
      repeatFirst(observations, environments * observationSize, steps);
      repeatFirst(actions, environments * actionSize, steps);
      if (maskSize > 0) repeatFirst(masks, environments * maskSize, steps);
    }
    this.#everyRowIsSound = true;
  }
}

/** Fills the blocks from number `first` on with block 0. */
function repeatFirst(values: Float32Array, block: number, first: number): void {
  for (let at = first * block; at < values.length; at += block) values.copyWithin(at, 0, block);
}
