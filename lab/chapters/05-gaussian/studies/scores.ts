/**
 * A Gaussian policy of one action, and its scores at one action: the library's graph of `gaussian` and its own gradient of it,
 * in float32 as in training (docs/theory.md, 13). Then actions drawn from the policy: the scores have mean 0, and a variance
 * that is known, 1/σ² by μ and 2 by log σ.
 */
import { gaussian } from "ascent-rl/distributions";
import { gradientDiagnostics, type MeanInterval, meanInterval } from "ascent-rl/estimators";
import { RandomStream, streams } from "ascent-rl/random";
import { compile, createEngine, exp, grad, input, log, type Program, sum } from "ascent-rl/tensor";
import type { Study } from "../../../studies/study.ts";

export interface ScoresInput {
  mean: number;
  std: number;
  /** The action that is looked at. */
  action: number;
  lowest: number;
  highest: number;
  seed: number;
}

export interface ScoreEstimate {
  /** Exact mean and variance. */
  mean: 0;
  variance: number;
  /** From the actions drawn. */
  measuredMean: MeanInterval;
  measuredVariance: { value: number; low: number; high: number };
}

export interface ScoresOutput {
  /** Actions along the axis, and what is drawn over them. */
  actions: Float64Array;
  density: Float64Array;
  byMean: Float64Array;
  byLogStd: Float64Array;
  byStd: Float64Array;
  at: { logProb: number; density: number; byMean: number; byLogStd: number; byStd: number; entropy: number };
  /** Of actions drawn from the policy; undefined until they are. */
  drawn?: { count: number; byMean: ScoreEstimate; byLogStd: ScoreEstimate };
}

/** Points of the axis. */
export const POINTS = 241;
const DRAWS = [1_000, 10_000];
const CHUNK = 1_000;

interface Programs {
  axis: Program;
  one: Program;
  chunk: Program;
}

let made: Promise<Programs> | undefined;

export const study: Study<ScoresInput, ScoresOutput> = async function* (given) {
  made ??= makePrograms();
  const { axis, one, chunk } = await made;
  const { mean, std, action, lowest, highest, seed } = given;
  const actions = Float64Array.from({ length: POINTS }, (_, i) => lowest + ((highest - lowest) * i) / (POINTS - 1));
  const along = run(axis, actions, mean, std);
  const here = run(one, [action], mean, std);
  const first: ScoresOutput = {
    actions,
    density: along.density,
    byMean: along.byMean,
    byLogStd: along.byLogStd,
    byStd: along.byStd,
    at: {
      logProb: here.logProb[0],
      density: here.density[0],
      byMean: here.byMean[0],
      byLogStd: here.byLogStd[0],
      byStd: here.byStd[0],
      entropy: here.entropy[0],
    },
  };
  yield first;
  const random = new RandomStream(seed, streams.user);
  const [byMean, byLogStd]: number[][] = [[], []];
  for (const count of DRAWS) {
    while (byMean.length < count) {
      const drawn = Float64Array.from({ length: CHUNK }, () => mean + std * random.normal());
      const found = run(chunk, drawn, mean, std);
      byMean.push(...found.byMean);
      byLogStd.push(...found.byLogStd);
    }
    const drawn = {
      count,
      byMean: estimateOf(byMean, 1 / (std * std)),
      byLogStd: estimateOf(byLogStd, 2),
    };
    yield { ...first, drawn };
  }
};

function estimateOf(scores: readonly number[], variance: number): ScoreEstimate {
  const { traceOfCovariance } = gradientDiagnostics(scores, 1);
  return { mean: 0, variance, measuredMean: meanInterval(scores), measuredVariance: traceOfCovariance };
}

async function makePrograms(): Promise<Programs> {
  const engine = await createEngine();
  const of = (rows: number) => {
    const [actions, mean, std] = ["actions", "mean", "std"].map((name) => input(name, [rows, 1]));
    const logStd = log(std);
    const policy = gaussian(mean, logStd);
    const logProb = policy.logProb(actions);
    const [byMean, byLogStd, byStd] = grad(sum(logProb), [mean, logStd, std]);
    const outputs = { logProb, density: exp(logProb), byMean, byLogStd, byStd, entropy: policy.entropy() };
    return compile(engine, { name: `Gaussian scores of ${rows}`, outputs });
  };
  return { axis: of(POINTS), one: of(1), chunk: of(CHUNK) };
}

function run(program: Program, actions: ArrayLike<number>, mean: number, std: number) {
  program.input("actions").set(actions);
  program.input("mean").fill(mean);
  program.input("std").fill(std);
  program.run();
  const copy = (name: string) => Float64Array.from(program.output(name));
  return {
    logProb: copy("logProb"),
    density: copy("density"),
    byMean: copy("byMean"),
    byLogStd: copy("byLogStd"),
    byStd: copy("byStd"),
    entropy: copy("entropy"),
  };
}
