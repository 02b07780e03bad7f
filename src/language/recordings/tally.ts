/** Counts the cases of a recording, the worst error among them, and which are past the tolerance. */

export interface RecordingReport {
  /** How many comparisons were made. */
  cases: number;
  /**
   * Largest |got − recorded| / max(scale, |recorded|), the scale 0.05 unless a recording or a case has another: relative errors, but of
   * numbers that are nearly 0. What cannot be measured so (other
   * tokens, another count of numbers, NaN on one side only) counts as 1 and fails at any tolerance.
   */
  worstError: number;
  /** In words, one for each case past the tolerance. */
  failed: string[];
}

const SCALE = 0.05;

export class Tally {
  readonly tolerance: number;
  readonly #scale: number;
  #cases = 0;
  #worst = 0;
  readonly #failed: string[] = [];

  /** @param scale of errors where a case has none. */
  constructor(tolerance: number, scale = SCALE) {
    this.tolerance = tolerance;
    this.#scale = scale;
  }

  /**
   * One case: all numbers of an array, or one number.
   *
   * @param scale of the errors; of gradients and the like, that are small, the largest recorded number.
   */
  compare(
    name: string,
    got: ArrayLike<number> | number,
    recorded: ArrayLike<number> | number,
    scale = this.#scale,
  ): void {
    const [ours, theirs] = [asList(got), asList(recorded)];
    if (ours.length !== theirs.length) {
      this.#count(name, Infinity, `${ours.length} numbers, recorded ${theirs.length}`);
      return;
    }
    let [worst, at] = [0, 0];
    for (let i = 0; i < theirs.length; i++) {
      const error = errorOf(ours[i], theirs[i], scale);
      if (error > worst) [worst, at] = [error, i];
    }
    const place = theirs.length === 1 ? "" : ` at ${at}`;
    this.#count(name, worst, `${ours[at]}, recorded ${theirs[at]}${place}`);
  }

  /** One case of things that are equal or not, such as token ids. */
  same(name: string, got: unknown, recorded: unknown): void {
    const [ours, theirs] = [JSON.stringify(got), JSON.stringify(recorded)];
    this.#count(name, ours === theirs ? 0 : Infinity, `${ours}, recorded ${theirs}`);
  }

  report(): RecordingReport {
    return { cases: this.#cases, worstError: this.#worst, failed: [...this.#failed] };
  }

  #count(name: string, error: number, words: string): void {
    this.#cases++;
    this.#worst = Math.max(this.#worst, error === Infinity ? 1 : error);
    if (error > this.tolerance) this.#failed.push(`${name}: ${words}`);
  }
}

function asList(value: ArrayLike<number> | number): ArrayLike<number> {
  return typeof value === "number" ? [value] : value;
}

/** Equal numbers that are not finite are no error. */
function errorOf(got: number, recorded: number, scale: number): number {
  if (Object.is(got, recorded)) return 0;
  const error = Math.abs(got - recorded) / Math.max(scale, Math.abs(recorded));
  return Number.isNaN(error) ? Infinity : error;
}
