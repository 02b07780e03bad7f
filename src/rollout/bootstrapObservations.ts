/**
 * The observations that returns are bootstrapped from: those that truncated episodes ended on, and those behind the last step
 * of a rollout. They are none of its rows, for no action was taken on them, and once valued they are needed no more; so they
 * are kept only where values are computed again with later parameters (valueRecomputation.ts). Normalised, as the rows are.
 */

export class BootstrapObservations {
  /** Behind the last step [environments × observationSize]. */
  readonly last: Float32Array;
  readonly #size: number;
  #rows: Int32Array;
  #observations: Float32Array;
  #count = 0;

  constructor(environments: number, observationSize: number) {
    this.last = new Float32Array(environments * observationSize);
    this.#size = observationSize;
    this.#rows = new Int32Array(environments);
    this.#observations = new Float32Array(environments * observationSize);
  }

  /** Cut-off episodes. */
  get count(): number {
    return this.#count;
  }

  /** The rows of the rollout that cut-off episodes ended with [count]. */
  get rows(): Int32Array {
    return this.#rows.subarray(0, this.#count);
  }

  /** What they ended on [count × observationSize]. */
  get observations(): Float32Array {
    return this.#observations.subarray(0, this.#count * this.#size);
  }

  /** Forgets the cut-off episodes of the last round. */
  clear(): void {
    this.#count = 0;
  }

  /** Environment i's episode was cut off at this row; its last observation is row i of `observations`. */
  add(row: number, observations: Float32Array, i: number): void {
    if (this.#count === this.#rows.length) this.#grow(2 * this.#count);
    this.#rows[this.#count] = row;
    const to = this.#count * this.#size;
    for (let j = 0; j < this.#size; j++) this.#observations[to + j] = observations[i * this.#size + j];
    this.#count++;
  }

  /** Takes over what another one held. */
  load(rows: Int32Array, observations: Float32Array, last: Float32Array): void {
    if (rows.length > this.#rows.length) this.#grow(rows.length);
    this.#rows.set(rows);
    this.#observations.set(observations);
    this.#count = rows.length;
    this.last.set(last);
  }

  #grow(capacity: number): void {
    const [rows, observations] = [this.#rows, this.#observations];
    this.#rows = new Int32Array(capacity);
    this.#observations = new Float32Array(capacity * this.#size);
    this.#rows.set(rows);
    this.#observations.set(observations);
  }
}
