/** `ascent variance`: how good the gradient estimators are on one policy. */
import { join } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Estimate } from "../../numerics/jackknife.ts";
import type { VarianceFindings } from "../../variance/study.ts";
import type { WeightVarianceRow } from "../../variance/weightVariance.ts";
import { nonNegative, wholeNumber } from "../arguments.ts";
import { printJson, printLine, table } from "../output.ts";

interface Flags {
  env?: string;
  policy?: string;
  estimators?: string;
  trajectories: number;
  batches: number;
  gamma?: number;
  gaeLambda: number;
  lambda?: readonly number[];
  discounting: "standard" | "exact";
  trainSteps: number;
  offPolicy?: boolean;
  seed: number;
  out?: string;
  json?: boolean;
}

const FILES = { findings: "variance.json", picture: "variance.svg" } as const;

/** Horizons of the table of trajectory weights. */
const HORIZONS = [1, 2, 4, 8, 16, 32, 64];

export function varianceCommand(program: Command): void {
  program
    .command("variance")
    .description("measure bias and variance of gradient estimators on one policy")
    .option("--env <id>", "an environment, or an exact world: chain, grid, random-mdp:SEED; default: the policy's own")
    .option("--policy <dir>", "a run's folder or policy.safetensors; default: a small policy, trained a little")
    .option(
      "--estimators <names>",
      "joined by commas; default: total,total+mean,total+optimal,toGo,toGo+mean,toGo+value,gae",
    )
    .option("--trajectories <n>", "whole episodes of one estimate", wholeNumber(2), 16)
    .option("--batches <m>", "independent estimates", wholeNumber(4), 256)
    .option("--gamma <g>", "discount of an environment; default: 0.99 (exact worlds have their own)", unit)
    .option("--gae-lambda <l>", "λ of gae", unit, 0.95)
    .option("--lambda <list>", "a sweep: gae with each of these λ, behind --estimators or alone", lambdas)
    .option("--discounting <kind>", "exact: γ^t in front of each score; standard: without", discounting, "exact")
    .option("--train-steps <n>", "steps of PPO on the policy when none is given", wholeNumber(0), 10_000)
    .option("--off-policy", "how Var[Π ρ] of trajectory weights grows with their length; exact worlds only")
    .option("--seed <s>", "of everything random", wholeNumber(0), 0)
    .option("--out <dir>", "where variance.svg and variance.json go; default: runs/variance-ENV-SEED")
    .option("--json", "print the findings as JSON")
    .addHelpText(
      "after",
      `
Examples:
  $ ascent variance --env CartPole-v1
  $ ascent variance --env grid --estimators toGo,toGo+leaveOneOut,gae:0.9,gae:0 --batches 1000
  $ ascent variance --env grid --lambda 1,0.95,0.9,0.5,0
  $ ascent variance --policy runs/ppo-CartPole-v1-0 --json
  $ ascent variance --env random-mdp:3 --off-policy`,
    )
    .action(variance);
}

function unit(text: string): number {
  const value = nonNegative(text);
  if (value <= 1) return value;
  throw new InvalidArgumentError("It must be a number from 0 to 1.");
}

function lambdas(text: string): number[] {
  return text.split(",").map((part) => unit(part.trim()));
}

function discounting(text: string): string {
  if (text === "exact" || text === "standard") return text;
  throw new InvalidArgumentError("It must be exact or standard.");
}

async function variance(flags: Flags, command: Command): Promise<void> {
  if (flags.offPolicy) {
    await refuseUnused(command);
    return weightTable(flags);
  }
  const [{ defaultEstimators, parseEstimator, runVarianceStudy }, { sourceOf }] = await Promise.all([
    import("../../variance/index.ts"),
    import("../varianceSource.ts"),
  ]);
  const sweep = (flags.lambda ?? []).map((lambda) => `gae:${lambda}`);
  const own = flags.estimators?.split(",").map((name) => name.trim());
  const names = [...(own ?? (sweep.length > 0 ? [] : defaultEstimators)), ...sweep];
  const estimators = names.map((name) => parseEstimator(name, flags.gaeLambda));
  const source = await sourceOf(flags);
  const folder = flags.out ?? join("runs", `variance-${source.name.replaceAll(":", "-")}-${flags.seed}`);
  const { claimMeasurement } = await import("../measurementFolder.ts");
  claimMeasurement(folder, Object.values(FILES));
  const findings = await runVarianceStudy(source, {
    batches: flags.batches,
    discounting: flags.discounting,
    estimators,
  });
  await writeFindings(findings, folder);
  if (flags.json) return printJson(findings);
  printLine(`${findings.source}: ${findings.policy}; mean return ${figure(findings.meanReturn)}`);
  printLine(
    `${findings.batches} estimates of ${findings.trajectories} trajectories, ${findings.parameters} parameters; bias and cosine to ${findings.exact ? "the exact gradient" : "the mean of other batches (bias not known)"}`,
  );
  printLine(findingsTable(findings));
  printLine(`${folder}: ${FILES.picture}, ${FILES.findings}`);
}

/** @throws AscentError "option" for a flag that counts only without --off-policy. */
async function refuseUnused(command: Command): Promise<void> {
  const names = ["policy", "estimators", "gamma", "gaeLambda", "lambda", "discounting", "trainSteps", "out"];
  const name = names.find((name) => command.getOptionValueSource(name) === "cli");
  if (name === undefined) return;
  const { AscentError } = await import("../../errors.ts");
  const { long } = command.options.find((option) => option.attributeName() === name) ?? {};
  throw new AscentError("option", {
    what: `${long} has no meaning with --off-policy, which measures weights, not gradients, and writes no files`,
    fix: `Leave ${long} out.`,
  });
}

async function writeFindings(findings: VarianceFindings, folder: string): Promise<void> {
  const [{ writeFileAtomic }, { varianceSvg }] = await Promise.all([
    import("../../node/atomic.ts"),
    import("../../node/varianceChart.ts"),
  ]);
  writeFileAtomic(join(folder, FILES.findings), `${JSON.stringify(findings, null, 2)}\n`);
  writeFileAtomic(join(folder, FILES.picture), await varianceSvg(findings));
}

export function findingsTable({ estimators, exact }: VarianceFindings): string {
  const header = ["estimator", ...(exact ? ["bias"] : []), "tr Cov", "SNR", "cosine", "µs/trajectory"];
  const rows = estimators.map((row) => [
    row.estimator,
    ...(row.bias === undefined ? [] : [interval(row.bias)]),
    interval(row.traceOfCovariance),
    interval(row.signalToNoise),
    interval(row.cosine),
    figure(row.microsecondsPerTrajectory),
  ]);
  return table(header, rows);
}

async function weightTable({ env = "random-mdp:0", seed, trajectories, batches, json }: Flags): Promise<void> {
  const { weightVarianceOnWorld } = await import("../weightVariance.ts");
  const rows: WeightVarianceRow[] = weightVarianceOnWorld(env, seed, HORIZONS, trajectories * batches);
  if (json) return printJson(rows);
  printLine(
    `${env}: weights Π ρ of ${trajectories * batches} trajectories of π for π', log π' − log π normal with σ = ½`,
  );
  const header = ["steps", "Var[Π ρ]", "measured", "effective share"];
  printLine(
    table(
      header,
      rows.map((row) => [row.steps, row.exact, row.measured, row.effectiveShare].map((x) => figure(x))),
    ),
  );
}

function interval({ value, low, high }: Estimate): string {
  return `${figure(value)} [${figure(low)}, ${figure(high)}]`;
}

/** Three significant digits, without an exponent where it can be. */
function figure(value: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e7 || Math.abs(value) < 1e-4)) return value.toExponential(2);
  return Math.abs(value) >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
