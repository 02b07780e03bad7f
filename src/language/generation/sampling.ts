/**
 * One token out of a row of logits, and its log-probability under the distribution it was really drawn from: temperature
 * first, then top-k, then top-p, then renormalised. In float64 with this library's own exp and log, so that equal logits give
 * equal tokens in every engine. Knows nothing of models.
 */

import { checkArguments, checkOptions, numbers, share } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { exp, log } from "../../math/deterministic.ts";
import { leavesOut, type SamplingOptions, samplingOptions } from "./samplingOptions.ts";

/** Of any typed array or list; the hot path gives Float32Arrays. */
type Logits = ArrayLike<number>;

/** Draws from rows of one size under one set of options. A draw allocates nothing. */
export class TokenSampler {
  /** What was drawn last. */
  token = 0;
  /** Its log-probability in the distribution it was drawn from: 0 where nothing else could have been. */
  logProb = 0;
  readonly #size: number;
  readonly #temperature: number;
  readonly #topK: number;
  readonly #topP: number;
  readonly #greedy: boolean;
  readonly #filters: boolean;
  /** exp((logit − largest) / temperature). */
  readonly #weights: Float64Array;
  /** Tokens that can be drawn, most probable first, `#kept` of them; behind them a heap of the others. */
  readonly #ranked: Int32Array;
  #kept = 0;
  /** Of the weights of the tokens that can be drawn. */
  #total = 0;

  /** @param options checked by the caller. */
  constructor(size: number, options: SamplingOptions) {
    this.#size = size;
    this.#temperature = options.temperature ?? 1;
    this.#topK = options.topK === undefined || options.topK === 0 ? size : Math.min(options.topK, size);
    this.#topP = options.topP ?? 1;
    this.#greedy = options.greedy === true;
    this.#filters = leavesOut(options) && (this.#greedy || this.#topK < size || this.#topP < 1);
    this.#weights = new Float64Array(size);
    this.#ranked = new Int32Array(this.#filters && !this.#greedy ? size : 0);
  }

  /**
   * Draws, into `token` and `logProb`.
   *
   * @param logits the row begins at `start`. −∞ is a token of probability 0.
   * @param uniform in [0, 1): the share of the probability below the token drawn.
   * @throws AscentError "non-finite" for NaN, +∞, or nothing but −∞.
   */
  draw(logits: Logits, start: number, uniform: number): void {
    const best = this.#mostProbable(logits, start);
    if (this.#greedy) {
      this.token = best;
      this.logProb = 0;
      return;
    }
    const largest = logits[start + best];
    this.#weigh(logits, start, largest);
    const weights = this.#weights;
    const target = uniform * this.#total;
    let below = 0;
    let token = best;
    // Rounding may leave the sum below the target at the end: the last token of a probability above 0 is meant then.
    for (let i = 0; i < this.#kept; i++) {
      const candidate = this.#filters ? this.#ranked[i] : i;
      if (weights[candidate] === 0) continue;
      token = candidate;
      below += weights[candidate];
      if (below > target) break;
    }
    this.token = token;
    this.logProb = (logits[start + token] - largest) / this.#temperature - log(this.#total);
  }

  /** The distribution that `draw` draws from, into `out` from `at` on. Throws as it does. */
  distribution(logits: Logits, start: number, out: Float32Array | Float64Array, at: number): void {
    const best = this.#mostProbable(logits, start);
    for (let i = 0; i < this.#size; i++) out[at + i] = 0;
    if (this.#greedy) {
      out[at + best] = 1;
      return;
    }
    this.#weigh(logits, start, logits[start + best]);
    for (let i = 0; i < this.#kept; i++) {
      const token = this.#filters ? this.#ranked[i] : i;
      out[at + token] = this.#weights[token] / this.#total;
    }
  }

  #mostProbable(logits: Logits, start: number): number {
    const size = this.#size;
    let best = 0;
    let usable = true;
    for (let i = 0; i < size; i++) {
      const logit = logits[start + i];
      // Of NaN too this is false.
      usable = usable && logit < Infinity;
      if (logit > logits[start + best]) best = i;
    }
    if (!usable || logits[start + best] === -Infinity) refuseLogits(logits, start, size);
    return best;
  }

  /** Which tokens can be drawn, their weights, and what those add up to. */
  #weigh(logits: Logits, start: number, largest: number): void {
    const size = this.#size;
    const isShort = this.#topK < size;
    if (!isShort) {
      let total = 0;
      for (let i = 0; i < size; i++) total += this.#weight(logits, start, i, largest);
      this.#kept = size;
      this.#total = total;
      if (this.#topP < 1) this.#rank(logits, start, size, this.#topP * this.#total);
      return;
    }
    this.#rank(logits, start, this.#topK, Infinity);
    const ranked = this.#ranked;
    this.#total = 0;
    for (let i = 0; i < this.#topK; i++) this.#total += this.#weight(logits, start, ranked[i], largest);
    if (this.#topP === 1) return;
    const target = this.#topP * this.#total;
    this.#kept = 0;
    this.#total = 0;
    while (this.#kept < this.#topK && this.#total < target) this.#total += this.#weights[ranked[this.#kept++]];
  }

  #weight(logits: Logits, start: number, token: number, largest: number): number {
    const weight = exp((logits[start + token] - largest) / this.#temperature);
    this.#weights[token] = weight;
    return weight;
  }

  /** Puts the most probable tokens first, until there are `most` or their weights come to `share`; the latter is the total then. */
  #rank(logits: Logits, start: number, most: number, share: number): void {
    const ranked = this.#ranked;
    const weights = this.#weights;
    const size = this.#size;
    // A heap that lies backwards from the end, its best at the end: what is taken out goes to the front.
    for (let i = 0; i < size; i++) ranked[i] = i;
    for (let i = (size >> 1) - 1; i >= 0; i--) this.#sink(logits, start, i, size);
    let taken = 0;
    let total = 0;
    while (taken < most && total < share) {
      const best = ranked[size - 1];
      const left = size - taken;
      // The heap's last lies where the ranked ones end: it takes the root's place, and the root goes there.
      ranked[size - 1] = ranked[taken];
      ranked[taken++] = best;
      if (share < Infinity) total += weights[best];
      this.#sink(logits, start, 0, left - 1);
    }
    this.#kept = taken;
    if (share < Infinity) this.#total = total;
  }

  /** Puts node `i` of a heap of `count` nodes in its place; node j lies at the end of the array less j. */
  #sink(logits: Logits, start: number, i: number, count: number): void {
    const ranked = this.#ranked;
    const end = this.#size - 1;
    if (i >= count) return;
    const token = ranked[end - i];
    for (let child = 2 * i + 1; child < count; child = 2 * i + 1) {
      let next = ranked[end - child];
      if (child + 1 < count && isBefore(logits, start, ranked[end - child - 1], next)) {
        child += 1;
        next = ranked[end - child];
      }
      if (!isBefore(logits, start, next, token)) break;
      ranked[end - i] = next;
      i = child;
    }
    ranked[end - i] = token;
  }
}

/** Whether token a ranks before token b: a larger logit, or the same and a lower number. */
function isBefore(logits: Logits, start: number, a: number, b: number): boolean {
  const left = logits[start + a];
  const right = logits[start + b];
  return left > right || (left === right && a < b);
}

function refuseLogits(logits: Logits, start: number, size: number): never {
  let at = 0;
  while (at < size - 1 && logits[start + at] < Infinity) at++;
  throw new AscentError("non-finite", {
    what: "A token cannot be drawn from these logits",
    got: `${describeValue(logits[start + at])} for token ${at}`,
    expected: "finite numbers, or −∞ for some of the tokens",
    fix: "Look for the place where the model's numbers stop being finite: the learning rate may be too high.",
  });
}

const checks = { logits: numbers };

function samplerFor(caller: string, logits: Logits, options: SamplingOptions): TokenSampler {
  checkArguments(caller, checks, { logits });
  checkOptions(caller, samplingOptions, options);
  if (logits.length === 0) {
    const fix = "Give a logit for every token of the vocabulary.";
    throw new AscentError("shape", { what: `${caller}: logits`, got: "none", expected: "at least 1", fix });
  }
  return new TokenSampler(logits.length, options);
}

/**
 * Draws a token by the inverse of the distribution function. For one row; generating uses the same code (`TokenSampler`).
 *
 * @param logits one for each token of the vocabulary; −∞ for those of probability 0.
 * @param uniform in [0, 1), such as `new RandomStream(seed, stream).uniform()`.
 * @returns the token, and its log-probability in the distribution it was drawn from.
 * @throws AscentError "non-finite" for logits of which no distribution can be made, "option" for options out of range.
 */
export function sampleToken(
  logits: ArrayLike<number>,
  uniform: number,
  options: SamplingOptions = {},
): { token: number; logProb: number } {
  checkArguments("sampleToken", { uniform: share }, { uniform });
  const sampler = samplerFor("sampleToken", logits, options);
  sampler.draw(logits, 0, uniform);
  return { token: sampler.token, logProb: sampler.logProb };
}

/**
 * The distribution that `sampleToken` draws from: softmax(logits / temperature) with what top-k and top-p leave out at 0, and
 * the rest renormalised.
 *
 * @throws as `sampleToken` does.
 */
export function tokenProbabilities(logits: ArrayLike<number>, options: SamplingOptions = {}): Float64Array {
  const sampler = samplerFor("tokenProbabilities", logits, options);
  const out = new Float64Array(logits.length);
  sampler.distribution(logits, 0, out, 0);
  return out;
}
