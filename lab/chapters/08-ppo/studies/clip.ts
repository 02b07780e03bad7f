/**
 * The objective of one sample against its probability ratio: clipped, bare, and their gradients, from the library's graph of
 * `clippedSurrogate` and its own derivative (docs/theory.md, 22). Float32, as in training.
 */
import { clippedSurrogate, plainSurrogate } from "ascent-rl/objectives";
import { compile, createEngine, grad, input, log, type Program } from "ascent-rl/tensor";
import type { Study } from "../../../studies/study.ts";
import { LARGEST } from "../shown.ts";

export interface ClipInput {
  /** ρ > 0 */
  ratio: number;
  advantage: number;
  /** ε */
  clipRange: number;
}

export interface ClipOutput {
  ratios: Float64Array;
  clipped: Float64Array;
  plain: Float64Array;
  at: {
    clipped: number;
    plain: number;
    /** ∂/∂ log π of the two. */
    clippedSlope: number;
    plainSlope: number;
  };
}

const POINTS = 201;

let made: Promise<Program> | undefined;

export const study: Study<ClipInput, ClipOutput> = async function* ({ ratio, advantage, clipRange }) {
  made ??= makeProgram();
  const program = await made;
  program.input("advantage").fill(advantage);
  program.input("clipRange").fill(clipRange);
  const at = (x: number) => {
    program.input("ratio").fill(x);
    program.run();
    const value = (name: string) => program.output(name)[0];
    // The chain rule from ρ back to log π: ∂ρ/∂ log π = ρ.
    return {
      clipped: value("clipped"),
      plain: value("plain"),
      clippedSlope: value("clippedSlope"),
      plainSlope: value("plainSlope"),
    };
  };
  const ratios = Float64Array.from({ length: POINTS }, (_, i) => 0.01 + ((LARGEST - 0.01) * i) / (POINTS - 1));
  const found = Array.from(ratios, at);
  yield {
    ratios,
    clipped: Float64Array.from(found, ({ clipped }) => clipped),
    plain: Float64Array.from(found, ({ plain }) => plain),
    at: at(ratio),
  };
};

async function makeProgram(): Promise<Program> {
  const engine = await createEngine();
  const [ratio, oldLogProb, advantage] = ["ratio", "oldLogProb", "advantage"].map((name) => input(name, [1]));
  const clipRange = input("clipRange", []);
  const logProb = log(ratio);
  const sample = { logProb, oldLogProb, advantage };
  const clipped = clippedSurrogate(sample, clipRange);
  const plain = plainSurrogate(sample);
  const [clippedSlope] = grad(clipped, [logProb]);
  const [plainSlope] = grad(plain, [logProb]);
  return compile(engine, { name: "clipped objective", outputs: { clipped, plain, clippedSlope, plainSlope } });
}
