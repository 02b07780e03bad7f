/**
 * A density over [0, 1] from points in it: a kernel on each and one as wide as the range, all of the same weight, cut off at the
 * ends. As the Parzen estimators of Bergstra et al. (Algorithms for hyper-parameter optimization, 2011), but with logistic kernels
 * of the same deviation in place of Gaussian ones: their distribution function and its inverse are closed forms, so that cutting
 * and drawing are exact.
 */
import { exp, log } from "../../math/deterministic.ts";

/** A logistic distribution of deviation 1 has this scale: √3 / π. */
const SCALE = 0.5513288954217921;
/** The widest kernel: that of the prior, and of points far from all others. */
const WIDEST = 1;
/** However many points there are, a kernel is no narrower than one of so many even steps. */
const STEPS = 100;

export class Parzen {
  readonly #centres: number[];
  readonly #scales: number[];
  /** Share of each kernel that lies within [0, 1], and where it begins. */
  readonly #from: number[];
  readonly #share: number[];

  /** points: any number of positions in [0, 1]. */
  constructor(points: readonly number[]) {
    const sorted = [...points].sort((a, b) => a - b);
    const narrowest = 1 / Math.min(STEPS, sorted.length + 1);
    const widths = sorted.map((point, i) => {
      const left = point - (sorted[i - 1] ?? 0);
      const right = (sorted[i + 1] ?? 1) - point;
      return Math.min(WIDEST, Math.max(narrowest, left, right));
    });
    this.#centres = [0.5, ...sorted];
    this.#scales = [WIDEST, ...widths].map((width) => width * SCALE);
    this.#from = this.#centres.map((centre, i) => cumulative((0 - centre) / this.#scales[i]));
    this.#share = this.#centres.map((centre, i) => cumulative((1 - centre) / this.#scales[i]) - this.#from[i]);
  }

  density(x: number): number {
    let sum = 0;
    for (let i = 0; i < this.#centres.length; i++) {
      const below = cumulative((x - this.#centres[i]) / this.#scales[i]);
      sum += (below * (1 - below)) / (this.#scales[i] * this.#share[i]);
    }
    return sum / this.#centres.length;
  }

  /** A point drawn from it: two uniform numbers in [0, 1) say of which kernel, and where in it. */
  draw(which: number, where: number): number {
    const i = Math.floor(which * this.#centres.length);
    const below = this.#from[i] + where * this.#share[i];
    const x = this.#centres[i] + this.#scales[i] * (log(below) - log(1 - below));
    return Math.min(1 - Number.EPSILON, Math.max(0, x));
  }
}

function cumulative(z: number): number {
  return 1 / (1 + exp(-z));
}
