/** `ascent overoptimise`: what optimising a proxy does to the reward that was meant, and what holds it back. */
import { join } from "node:path";
import type { Command } from "commander";
import type { MeanInterval } from "../../numerics/meanInterval.ts";
import type { GoldCurve } from "../../overoptimisation/curves.ts";
import type { OveroptimisationFindings } from "../../overoptimisation/study.ts";
import { wholeNumber } from "../arguments.ts";
import { grouped, printJson, printLine, table } from "../output.ts";

interface Flags {
  seeds: number;
  seed: number;
  widths?: readonly number[];
  pairs?: readonly number[];
  completions?: number;
  out: string;
  json?: boolean;
}

const FILES = { findings: "overoptimisation.json", picture: "overoptimisation.svg" } as const;

export function overoptimiseCommand(program: Command): void {
  program
    .command("overoptimise")
    .description("measure reward hacking: gold against proxy reward over √KL, and the defences")
    .option("--seeds <n>", "worlds, each with labels, proxies and policies of its own", wholeNumber(2), 5)
    .option("--seed <s>", "the first of them", wholeNumber(0), 0)
    .option("--widths <list>", "of the reward models that are proxies; default: 4,16,32", wholeNumbers)
    .option("--pairs <list>", "comparisons that they learn from; default: 400,1600,6400", wholeNumbers)
    .option("--completions <n>", "that RLOO learns from; default: 25600", wholeNumber(1))
    .option("--out <dir>", `where ${FILES.picture} and ${FILES.findings} go`, "runs/overoptimise")
    .option("--json", "print the findings as JSON")
    .addHelpText(
      "after",
      `
The gold score is a formula over sentences of five words, all of which are listed: divergences and rewards are exact. Takes some
minutes; the time is proportional to seeds × widths × pairs.

Examples:
  $ ascent overoptimise
  $ ascent overoptimise --seeds 2 --widths 8 --pairs 400 --completions 6400`,
    )
    .action(overoptimise);
}

function wholeNumbers(text: string): number[] {
  return text.split(",").map((part) => wholeNumber(1)(part.trim()));
}

async function overoptimise({ seeds, seed, widths, pairs, completions, out, json }: Flags): Promise<void> {
  const [{ overoptimisationStudy }, { claimMeasurement }, { shareProgress }] = await Promise.all([
    import("../../overoptimisation/study.ts"),
    import("../measurementFolder.ts"),
    import("../shareProgress.ts"),
  ]);
  claimMeasurement(out, Object.values(FILES));
  const progress = shareProgress("overoptimise");
  const findings = await overoptimisationStudy({
    seeds: Array.from({ length: seeds }, (_, i) => seed + i),
    ...(widths && { widths }),
    ...(pairs && { pairs }),
    ...(completions && { completions }),
    onProgress: progress.update,
  });
  progress.finish();
  await writeFindings(findings, out);
  if (json) return printJson(findings);
  printLine(`Gold reward while a proxy is optimised, in deviations under π_ref: ${seeds} seeds, 95 % intervals`);
  printLine(proxyTable(findings));
  printLine(`\nDefences, proxies of the middle width from the fewest pairs:\n${defenceTable(findings)}`);
  printLine(`\nDPO on the fewest pairs:\n${dpoTable(findings)}`);
  printLine(`\nError tails, and a proxy that pays for length, best of n:\n${sceneTable(findings)}`);
  printLine(`\n${out}: ${Object.values(FILES).join(", ")}`);
}

async function writeFindings(findings: OveroptimisationFindings, folder: string): Promise<void> {
  const [{ writeFileAtomic }, { overoptimisationSvg }] = await Promise.all([
    import("../../node/atomic.ts"),
    import("../../node/overoptimisationChart.ts"),
  ]);
  writeFileAtomic(join(folder, FILES.findings), `${JSON.stringify(findings, null, 2)}\n`);
  writeFileAtomic(join(folder, FILES.picture), overoptimisationSvg(findings));
}

function interval({ value, low, high }: MeanInterval): string {
  return `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
}

const CURVE_HEADER = ["gold at its peak", "√KL of the peak", "fall behind it", "rises and falls", "R²"];

function curveCells(curve: GoldCurve): string[] {
  const { points, peak, peakDistance, fall, fit } = curve;
  return [
    interval(points[peak].gold),
    interval(peakDistance),
    interval(fall),
    curve.overOptimised ? "yes" : "no",
    fit === undefined ? "–" : fit.r2.toFixed(2),
  ];
}

export function proxyTable({ proxies }: OveroptimisationFindings): string {
  return table(
    ["width", "pairs", "agreement", "method", ...CURVE_HEADER],
    proxies.flatMap(({ width, pairs, agreement, bestOfN, rloo, optimum }) => {
      const proxy = [`${width}`, grouped(pairs), interval(agreement)];
      return [
        [...proxy, "best of n", ...curveCells(bestOfN)],
        [...proxy, "rloo", ...curveCells(rloo)],
        [...proxy, "optimum", ...curveCells(optimum)],
      ];
    }),
  );
}

export function defenceTable({ defences }: OveroptimisationFindings): string {
  return table(
    ["method", "defence", "gold at the end", "√KL", "gain over none"],
    defences.map(({ name, method, gold, distance, gain }) => [
      method,
      name,
      interval(gold),
      interval(distance),
      interval(gain),
    ]),
  );
}

export function dpoTable({ dpo }: OveroptimisationFindings): string {
  return table(
    ["β", "gold at the end", ...CURVE_HEADER, "log π of the chosen", "never compared"],
    dpo.map(({ beta, curve, unseen, chosenLogProb }) => [
      `${beta}`,
      interval(curve.points[curve.points.length - 1].gold),
      ...curveCells(curve),
      chosenLogProb.map(({ value }) => value.toFixed(1)).join(" → "),
      unseen.map(({ value }) => value.toFixed(2)).join(" → "),
    ]),
  );
}

export function sceneTable({ tails, length }: OveroptimisationFindings): string {
  return table(
    ["proxy", ...CURVE_HEADER],
    [
      ...tails.map(({ error, bestOfN }) => [`${error} error`, ...curveCells(bestOfN)]),
      ...length.map(({ proxy, bestOfN }) => [proxy, ...curveCells(bestOfN)]),
    ],
  );
}
