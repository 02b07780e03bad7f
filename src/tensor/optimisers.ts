/**
 * First-order optimisers over a flat parameter block, in place. Each is a name with options and a list of state vectors
 * (which checkpoints save); one kernel call makes a step. Learning-rate schedules are schedules.ts.
 */

import { AscentError } from "../errors.ts";
import { type Engine, floatsOf, type Region } from "./engine.ts";
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

type Step = (gradient: number, scale: number, rate: number) => void;

export class Optimiser {
  readonly kind: OptimiserOptions["kind"];
  /** Steps made. */
  steps = 0;
  readonly #parameters: Region;
  readonly #state: Region[];
  readonly #step: Step;

  /**
   * @param parameters memory of `engine`, as a `ParameterBlock` lays it out.
   * @throws AscentError "option" when the memory is another engine's, or epsilon is not above 0 in float32.
   */
  constructor(engine: Engine, parameters: Region, options: OptimiserOptions) {
    checkEngine("parameters", parameters, engine);
    if (options.kind !== "sgd") checkEpsilon(options.kind, options.epsilon);
    this.kind = options.kind;
    this.#parameters = parameters;
    const count = options.kind === "adam" || options.kind === "adamw" ? 2 : 1;
    this.#state = Array.from({ length: count }, () => engine.allocate(parameters.length));
    this.#step = this.#makeStep(engine, options);
  }

  #makeStep({ kernels }: Engine, options: OptimiserOptions): Step {
    const { pointer, length } = this.#parameters;
    const [first, second] = this.#state.map((region) => region.pointer);
    switch (options.kind) {
      case "sgd": {
        const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
        return (gradient, scale, rate) =>
          kernels.sgd(length, pointer, gradient, first, scale, rate, momentum, nesterov ? 1 : 0, weightDecay);
      }
      case "rmsprop": {
        const { alpha = 0.99, epsilon = 1e-5, epsilonInsideRoot = false } = options;
        return (gradient, scale, rate) =>
          kernels.rmsprop(length, pointer, gradient, first, scale, rate, alpha, epsilon, epsilonInsideRoot ? 1 : 0);
      }
      case "adam":
      case "adamw": {
        const { epsilon = 1e-8 } = options;
        // The averages are made with β in float32, and so must be what corrects them.
        const beta1 = Math.fround(options.beta1 ?? 0.9);
        const beta2 = Math.fround(options.beta2 ?? 0.999);
        const weightDecay = options.weightDecay ?? (options.kind === "adamw" ? 0.01 : 0);
        const coupled = options.kind === "adam" ? weightDecay : 0;
        return (gradient, scale, rate) => {
          const step = rate / (1 - integerPower(beta1, this.steps));
          const correction = 1 / Math.sqrt(1 - integerPower(beta2, this.steps));
          const decoupled = options.kind === "adamw" ? rate * weightDecay : 0;
          kernels.adam(
            length,
            pointer,
            gradient,
            first,
            second,
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
   * @param scale multiplies the gradient first: what `clipScale` gives.
   * @throws AscentError "shape" when it has another length, "option" when it is another engine's.
   */
  step(gradient: Region, rate: number, scale = 1): void {
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
    this.#step(gradient.pointer, scale, rate);
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

/** Where gradient and averages are 0, as between parameters, an epsilon of 0 would make 0 / 0 of the step. */
function checkEpsilon(kind: string, epsilon: number | undefined): void {
  if (epsilon === undefined || Math.fround(epsilon) > 0) return;
  throw new AscentError("option", {
    what: `Optimiser: the epsilon of ${kind} is not above 0 in float32`,
    got: String(epsilon),
    expected: "a number > 0, at least 1e-45",
    fix: "Use 1e-8, or 1e-5 as PPO does.",
  });
}

/** baseⁿ for whole n ≥ 0 by repeated squaring: multiplications only, so every JavaScript engine gives the same bits. */
export function integerPower(base: number, exponent: number): number {
  let result = 1;
  let factor = base;
  for (let n = exponent; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= factor;
    factor *= factor;
  }
  return result;
}

/** ‖x‖₂ of a flat vector. */
export function norm(x: Region): number {
  return Math.sqrt(x.engine.kernels.dot(x.pointer, x.pointer, x.length));
}

/** The factor that brings a gradient of norm `gradientNorm` down to `maxNorm`; 1 when it is short enough already. */
export function clipScale(gradientNorm: number, maxNorm: number): number {
  return gradientNorm > maxNorm ? maxNorm / gradientNorm : 1;
}
