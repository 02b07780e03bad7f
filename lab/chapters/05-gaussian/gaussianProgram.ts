/** log π of a Gaussian of one component and its derivatives, compiled for given numbers of actions: what this chapter's studies run. */
import { gaussian } from "ascent-rl/distributions";
import { compile, createEngine, type Engine, exp, grad, input, log, sum } from "ascent-rl/tensor";

/** Everything for each action [actions]. */
export type GaussianProgram = (
  actions: ArrayLike<number>,
  mean: number,
  std: number,
) => Record<"logProb" | "density" | "byMean" | "byLogStd" | "byStd" | "entropy", Float64Array>;

/** One program for each number of actions. */
export async function gaussianProgram(sizes: readonly number[]): Promise<GaussianProgram[]> {
  const engine = await createEngine();
  return sizes.map((rows) => programOf(engine, rows));
}

function programOf(engine: Engine, rows: number): GaussianProgram {
  const [actions, mean, std] = ["actions", "mean", "std"].map((name) => input(name, [rows, 1]));
  const logStd = log(std);
  const policy = gaussian(mean, logStd);
  const logProb = policy.logProb(actions);
  const [byMean, byLogStd, byStd] = grad(sum(logProb), [mean, logStd, std]);
  const outputs = { logProb, density: exp(logProb), byMean, byLogStd, byStd, entropy: policy.entropy() };
  const program = compile(engine, { name: `Gaussian scores of ${rows}`, outputs });
  return (given, mu, sigma) => {
    program.input("actions").set(given);
    program.input("mean").fill(mu);
    program.input("std").fill(sigma);
    program.run();
    const copy = (name: keyof typeof outputs) => Float64Array.from(program.output(name));
    return {
      logProb: copy("logProb"),
      density: copy("density"),
      byMean: copy("byMean"),
      byLogStd: copy("byLogStd"),
      byStd: copy("byStd"),
      entropy: copy("entropy"),
    };
  };
}
