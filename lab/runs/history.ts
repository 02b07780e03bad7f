/** The figures of a run, a growing column each: what curves are drawn from. Pure data, without signals and messages. */

/** As it is kept over a reload. */
export interface StoredHistory {
  readonly names: readonly string[];
  readonly columns: readonly Float64Array<ArrayBuffer>[];
}

export class History {
  #columns = new Map<string, Float64Array<ArrayBuffer>>();
  #length = 0;

  static from({ names, columns }: StoredHistory): History {
    const history = new History();
    history.#length = columns[0]?.length ?? 0;
    history.#columns = new Map(names.map((name, i) => [name, columns[i].slice()]));
    return history;
  }

  /** Iterations. */
  get length(): number {
    return this.#length;
  }

  /** Figures that some iteration had, in the order that they came in. */
  get names(): readonly string[] {
    return [...this.#columns.keys()];
  }

  /**
   * @param rows of iterations, one behind the other.
   * @param values [rows × names]. A figure that is not among the names gets NaN, as one had before it came.
   */
  append(names: readonly string[], rows: number, values: Float64Array): void {
    const length = this.#length + rows;
    for (const name of names) if (!this.#columns.has(name)) this.#columns.set(name, nothing(this.#length));
    for (const [name, column] of this.#columns) {
      const wide = length <= column.length ? column : widened(column, length);
      if (wide !== column) this.#columns.set(name, wide);
      const place = names.indexOf(name);
      for (let i = 0; i < rows; i++) {
        wide[this.#length + i] = place < 0 ? Number.NaN : values[i * names.length + place];
      }
    }
    this.#length = length;
  }

  /** One for each iteration; a view until the next `append`. Undefined where no iteration had the figure. */
  column(name: string): Float64Array | undefined {
    return this.#columns.get(name)?.subarray(0, this.#length);
  }

  /** Of the last iteration. */
  last(name: string): number | undefined {
    return this.#length === 0 ? undefined : this.#columns.get(name)?.[this.#length - 1];
  }

  /** Takes away the iterations that ended behind so many steps, as a run does that goes on from an earlier state. */
  cutBehind(steps: number): void {
    const made = this.column("steps");
    while (made !== undefined && this.#length > 0 && made[this.#length - 1] > steps) this.#length--;
  }

  clear(): void {
    this.#columns.clear();
    this.#length = 0;
  }

  stored(): StoredHistory {
    const columns = [...this.#columns.values()].map((column) => column.slice(0, this.#length));
    return { names: this.names, columns };
  }
}

function nothing(length: number): Float64Array<ArrayBuffer> {
  return new Float64Array(Math.max(64, 2 * length)).fill(Number.NaN);
}

function widened(column: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const wide = new Float64Array(2 * length);
  wide.set(column);
  return wide;
}

export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * At most so many points that draw the same line: of each stretch of a long curve its lowest and its highest, so that no peak gets
 * lost. What is not a finite number is passed over.
 *
 * @param most ≥ 2.
 */
export function thinned(x: ArrayLike<number>, y: ArrayLike<number>, most: number): Points {
  const finite = Array.from({ length: Math.min(x.length, y.length) }, (_, i) => i).filter((i) => Number.isFinite(y[i]));
  const kept = finite.length <= most ? finite : extremes(finite, y, Math.max(1, Math.floor(most / 2)));
  return { x: Float64Array.from(kept, (i) => x[i]), y: Float64Array.from(kept, (i) => y[i]) };
}

function extremes(places: readonly number[], y: ArrayLike<number>, stretches: number): number[] {
  const kept: number[] = [];
  for (let k = 0; k < stretches; k++) {
    const [from, to] = [k, k + 1].map((edge) => Math.floor((edge * places.length) / stretches));
    let [low, high] = [from, from];
    for (let i = from; i < to; i++) {
      if (y[places[i]] < y[places[low]]) low = i;
      if (y[places[i]] > y[places[high]]) high = i;
    }
    for (const i of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) kept.push(places[i]);
  }
  return kept;
}
