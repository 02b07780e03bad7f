/**
 * First-order optimisers over a flat parameter block, in place. Each is a name with options and a list of state vectors
 * (which checkpoints save); one kernel call makes a step of each part of the block. Learning-rate schedules are schedules.ts,
 * clipping is gradientNorms.ts.
 */

import { aNumber, checkArgument, engine as engineCheck, isNumbers, oneOf, wholeNumber } from "../arguments/checks.ts";
import { describeValue } from "../arguments/describeValue.ts";
import { AscentError } from "../errors.ts";
import { type Engine, floatsOf, GRANULE, type Region, refuseRegion } from "./engine.ts";
import { shapeError } from "./shape.ts";

/** Every epsilon is above 0 in float32, so from 1e-45 on. */
export type OptimiserOptions =
  /** Stochastic gradient descent with momentum, PyTorch's form. */
  | { kind: "sgd"; momentum?: number; nesterov?: boolean; weightDecay?: number }
  /** Kingma & Ba 2015, Algorithm 1; weightDecay is L2, added to the gradient. */
  | { kind: "adam"; beta1?: number; beta2?: number; epsilon?: number; weightDecay?: number }
  /** Loshchilov & Hutter 2019: weight decay apart from the gradient. */
  | { kind: "adamw"; beta1?: number; beta2?: number; epsilon?: number; weightDecay?: number }
  /** Tieleman & Hinton 2012. `epsilonInsideRoot` is TensorFlow's form, with which the A2C results were made. */
  | { kind: "rmsprop"; alpha?: number; epsilon?: number; epsilonInsideRoot?: boolean };

const lengths = { expected: "a list of lengths", fits: isNumbers };
const whole = wholeNumber();
const kinds = oneOf(["sgd", "adam", "adamw", "rmsprop"]);

/** A step of `length` numbers that lie `from` bytes behind the beginning of the parameters, and of each state vector. */
type Step = (from: number, length: number, gradient: number, scale: number, rate: number) => void;

export class Optimiser {
  readonly kind: OptimiserOptions["kind"];
  /** Steps made. */
  steps = 0;
  readonly #parameters: Region;
  readonly #parts: readonly number[];
  readonly #state: Region[];
  readonly #step: Step;

  /**
   * @param parameters memory of `engine`, as a `ParameterBlock` lays it out.
   * @param parts lengths of the stretches, one behind the other, whose gradients are scaled each by its own; default: one.
   * @throws AscentError "option" when the memory is another engine's, or epsilon is not above 0 in float32; "shape" when the
   *   parts are not the whole.
   */
  constructor(engine: Engine, parameters: Region, options: OptimiserOptions, parts = [parameters.length]) {
    checkArgument("Optimiser: engine", engineCheck, engine);
    if (parameters?.engine === undefined) refuseRegion("Optimiser: parameters", parameters);
    checkArgument("Optimiser: options.kind", kinds, options?.kind);
    checkEngine("parameters", parameters, engine);
    checkArgument("Optimiser: parts", lengths, parts);
    checkParts(parts, parameters.length);
    if (options.kind !== "sgd") checkEpsilon(options.kind, options.epsilon);
    this.kind = options.kind;
    this.#parameters = parameters;
    this.#parts = parts;
    const count = options.kind === "adam" || options.kind === "adamw" ? 2 : 1;
    this.#state = Array.from({ length: count }, () => engine.allocate(parameters.length));
    this.#step = this.#makeStep(engine, options);
  }

  #makeStep({ kernels }: Engine, options: OptimiserOptions): Step {
    const { pointer } = this.#parameters;
    const [first, second] = this.#state.map((region) => region.pointer);
    switch (options.kind) {
      case "sgd": {
        const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
        const form = nesterov ? 1 : 0;
        return (from, length, gradient, scale, rate) =>
          kernels.sgd(length, pointer + from, gradient, first + from, scale, rate, momentum, form, weightDecay);
      }
      case "rmsprop": {
        const { alpha = 0.99, epsilon = 1e-5, epsilonInsideRoot = false } = options;
        const form = epsilonInsideRoot ? 1 : 0;
        return (from, length, gradient, scale, rate) =>
          kernels.rmsprop(length, pointer + from, gradient, first + from, scale, rate, alpha, epsilon, form);
      }
      case "adam":
      case "adamw": {
        const { epsilon = 1e-8 } = options;
        // The averages are made with β in float32, and so must be what corrects them.
        const beta1 = Math.fround(options.beta1 ?? 0.9);
        const beta2 = Math.fround(options.beta2 ?? 0.999);
        const weightDecay = options.weightDecay ?? (options.kind === "adamw" ? 0.01 : 0);
        const coupled = options.kind === "adam" ? weightDecay : 0;
        return (from, length, gradient, scale, rate) => {
          const step = rate / (1 - integerPower(beta1, this.steps));
          const correction = 1 / Math.sqrt(1 - integerPower(beta2, this.steps));
          const decoupled = options.kind === "adamw" ? rate * weightDecay : 0;
          kernels.adam(
            length,
            pointer + from,
            gradient,
            first + from,
            second + from,
            scale,
            step,
            correction,
            beta1,
            beta2,
            epsilon,
            coupled,
            decoupled,
          );
        };
      }
    }
  }

  /**
   * One step against `gradient`, a flat vector laid out as the parameters.
   *
   * @param rate the learning rate of this step.
   * @param scale multiplies the gradient first: what `clipScale` gives, or one for each part: `GradientNorms.scales`.
   * @throws AscentError "shape" when it has another length, "option" when it is another engine's.
   */
  step(gradient: Region, rate: number, scale: number | ArrayLike<number> = 1): void {
    if (gradient.length !== this.#parameters.length) {
      throw shapeError({
        what: "Optimiser.step: the gradient does not have the parameters' layout",
        got: `${gradient.length} numbers`,
        expected: `${this.#parameters.length}`,
        fix: "Compile it as a list output: outputs: { gradient: grad(loss, block.tensors) }.",
      });
    }
    checkEngine("gradient", gradient, this.#parameters.engine);
    this.steps++;
    let from = 0;
    for (let i = 0; i < this.#parts.length; i++) {
      const factor = typeof scale === "number" ? scale : scale[i];
      this.#step(from, this.#parts[i], gradient.pointer + from, factor, rate);
      from += this.#parts[i] * 4;
    }
  }

  /** Live views of the state vectors (velocity; mean and square; square). */
  state(): Float32Array[] {
    return this.#state.map(floatsOf);
  }
}

function checkEngine(what: string, region: Region, engine: Engine): void {
  if (region.engine === engine) return;
  throw new AscentError("option", {
    what: `Optimiser: memory of the ${what} belongs to another engine`,
    got: "a region of that engine",
    expected: "a region of the optimiser's engine",
    fix: "Make the optimiser, the ParameterBlock and the program with the same engine.",
  });
}

function checkParts(parts: readonly number[], length: number): void {
  if (parts.every((part) => Number.isInteger(part / GRANULE)) && parts.reduce((a, b) => a + b, 0) === length) return;
  throw shapeError({
    what: "Optimiser: the parts are not the parameters' layout",
    got: parts.join(" + "),
    expected: `lengths that add up to ${length}, each a multiple of ${GRANULE}`,
    fix: "Give the lengths that flatLayout has for the parts' lists of tensors.",
  });
}

/** Where gradient and averages are 0, as between parameters, an epsilon of 0 would make 0 / 0 of the step. */
function checkEpsilon(kind: string, epsilon: number | undefined): void {
  if (epsilon === undefined || (typeof epsilon === "number" && Math.fround(epsilon) > 0)) return;
  throw new AscentError("option", {
    what: `Optimiser: the epsilon of ${kind} is not above 0 in float32`,
    got: describeValue(epsilon),
    expected: "a number > 0, at least 1e-45",
    fix: "Use 1e-8, or 1e-5 as PPO does.",
  });
}

/** baseⁿ for whole n ≥ 0 by repeated squaring: multiplications only, so every JavaScript engine gives the same bits. */
export function integerPower(base: number, exponent: number): number {
  checkArgument("integerPower: base", aNumber, base);
  checkArgument("integerPower: exponent", whole, exponent);
  let result = 1;
  let factor = base;
  for (let n = exponent; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= factor;
    factor *= factor;
  }
  return result;
}
