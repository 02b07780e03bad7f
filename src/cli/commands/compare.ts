/** `ascent compare`: several algorithms or settings over seeds. What the terminal shows is compareDisplay.ts. */
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { CompareRequest } from "../../node/compare/request.ts";
import { addSetting, collected, finite, type Settings, wholeNumber } from "../arguments.ts";
import { commandName, printJson, shellPath } from "../output.ts";

interface Flags {
  env?: readonly string[];
  vary?: readonly [string, readonly string[]][];
  variant?: readonly string[];
  variants?: string;
  set?: Settings;
  seeds?: number | readonly number[];
  steps?: number;
  threshold?: number;
  evalEpisodes?: number;
  kernels: "auto" | "simd" | "fma";
  import?: readonly string[];
  jobs?: number;
  out?: string;
  resume?: boolean;
  json?: boolean;
  quiet?: boolean;
}

const NOTES = `
Every variant is run with the same seeds, each run in a process and a run's folder of its own. What is not set comes from
the environment's preset. The first variant is the one that all others are set against, seed by seed.

Ctrl-C saves every run; --resume goes on, and does not repeat what is finished. With --resume, --seeds may ask for more.

Examples:
  $ ascent compare ppo a2c --env CartPole-v1
  $ ascent compare reinforce --env CartPole-v1 --vary baseline=none,mean,value --seeds 8 --steps 2e5
  $ ascent compare "ppo gamma=0.99" "ppo gamma=0.98 hidden=64,64" --env CartPole-v1 --env Acrobot-v1
  $ ascent compare reinforce --env CartPole-v1 --variant "GAE: weighting=gae baseline=value" --variant "total: weighting=total"
  $ ascent compare --variants variants.json --env CartPole-v1 --seeds 0,1,2 --out runs/mine
  $ ascent compare --out runs/mine --resume --seeds 10`;

export function compareCommand(program: Command): void {
  program
    .command("compare")
    .description("compare algorithms or settings over seeds, in parallel processes")
    .argument("[algorithms...]", 'what to compare; with settings in quotes: "ppo gamma=0.98"')
    .option("--env <id>", "environment; may be given again, or joined by commas", listed)
    .option(
      "--vary <key=values>",
      "a setting and the values to try, joined by commas, or by ; where they have commas; again: all combinations",
      varied,
    )
    .option("--variant <name: settings>", 'one variant: "NAME: ALGORITHM key=value …"; may be given again', collected)
    .option("--variants <file>", "variants from JSON: a list of { name, algorithm, options }")
    .option("--set <key=value>", "a setting of all variants, where they do not say otherwise", addSetting)
    .option("--seeds <n>", "how many, or which: 5, or 3,7,11; default 5", seeds)
    .option("--steps <n>", "environment steps of a run; default: the most that a variant's preset has", wholeNumber(1))
    .option("--threshold <r>", "training return whose first reaching is reported; default: where it is solved", finite)
    .option("--eval-episodes <n>", "episodes of the evaluation at the end of a run; default 100", wholeNumber(1))
    .addOption(
      new Option("--kernels <build>", "WebAssembly build, as in train")
        .choices(["auto", "simd", "fma"])
        .default("auto"),
    )
    .option("--import <file>", "a JavaScript file to load first, which registers an environment of yours", collected)
    .option("--jobs <n>", "processes at a time; default: the cores of this machine", wholeNumber(1))
    .option("--out <dir>", "folder of the comparison; default runs/compare-ALGORITHMS-ENV")
    .option("--resume", "go on with the comparison in --out")
    .option("--json", "print the findings as JSON, and nothing else, on standard output")
    .option("--quiet", "no progress and no tables")
    .addHelpText("after", NOTES)
    .action(compareVariants);
}

async function compareVariants(words: string[], flags: Flags): Promise<void> {
  const [{ compare }, { CompareDisplay }, { stopSignals }] = await Promise.all([
    import("../../node/compare/compare.ts"),
    import("../compareDisplay.ts"),
    import("../stopSignals.ts"),
  ]);
  const request = await requestFrom(words, flags);
  const display = new CompareDisplay(request.out, (flags.quiet ?? false) || (flags.json ?? false));
  const stop = stopSignals((signal) => display.stopping(signal));
  const goOn = `${commandName()} compare --out ${shellPath(request.out)} --resume`;
  try {
    const found = await compare({ ...request, ...display.events, signal: stop.signal });
    if (found.stopped) {
      display.stopped(goOn);
      process.exitCode = stop.exitCode();
      return;
    }
    if (flags.json) {
      const { plan, findings, failures } = found;
      const runs = found.runs.map(({ curve: _, ...run }) => run);
      printJson({
        plan,
        findings,
        runs,
        failures: failures.map(({ error, ...run }) => ({ ...run, error: error.message })),
      });
    }
    display.finished(found, goOn);
    if (found.failures.length > 0) process.exitCode = 1;
  } finally {
    display.endProgress();
    stop.dispose();
  }
}

async function requestFrom(words: readonly string[], flags: Flags): Promise<CompareRequest> {
  const { env, seeds, steps, threshold, evalEpisodes, kernels, jobs, resume } = flags;
  const { variantsFrom } = await import("../compareVariants.ts");
  const { variant, variants: file, vary, set } = flags;
  const isNamed = words.length > 0 || (variant ?? file ?? vary ?? set) !== undefined;
  const variants = resume && !isNamed ? undefined : variantsFrom(words, flags);
  return {
    out:
      flags.out ??
      (await defaultFolder(
        variants?.map(({ algorithm }) => algorithm),
        env,
      )),
    kernels,
    ...(variants && { variants }),
    ...(env && { environment: env }),
    ...(seeds !== undefined && { seeds }),
    ...(steps !== undefined && { steps }),
    ...(threshold !== undefined && { threshold }),
    ...(evalEpisodes !== undefined && { evaluationEpisodes: evalEpisodes }),
    ...(flags.import && { imports: flags.import }),
    ...(jobs !== undefined && { jobs }),
    ...(resume && { resume }),
  };
}

async function defaultFolder(algorithms: readonly string[] | undefined, env: Flags["env"]): Promise<string> {
  if (algorithms !== undefined && env !== undefined) {
    return join("runs", `compare-${[...new Set(algorithms)].join("-")}-${env.join("-").replaceAll(/[:/]/g, "-")}`);
  }
  const { AscentError } = await import("../../errors.ts");
  throw algorithms === undefined
    ? new AscentError("option", {
        what: "Which comparison to go on with is not said",
        fix: "Give its folder with --out.",
      })
    : new AscentError("environment", {
        what: "The environment is missing",
        fix: "Name one with --env; `ascent envs` lists them.",
      });
}

function listed(text: string, before: readonly string[] = []): string[] {
  return [...before, ...text.split(",").map((part) => part.trim())];
}

function varied(text: string, before: readonly [string, string[]][] = []): [string, string[]][] {
  const at = text.indexOf("=");
  const values = text
    .slice(at + 1)
    .split(text.includes(";") ? ";" : ",")
    .map((value) => value.trim());
  if (at <= 0 || values.includes(""))
    throw new InvalidArgumentError("It must be key=value,value, such as gamma=0.98,0.99.");
  return [...before, [text.slice(0, at).trim(), values]];
}

function seeds(text: string): number | number[] {
  const values = text.split(",").map((part) => wholeNumber(0)(part));
  if (values.length === 1) return wholeNumber(1)(text);
  return values;
}
