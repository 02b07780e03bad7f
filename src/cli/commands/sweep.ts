/** `ascent sweep`: a search over settings. What the terminal shows is sweepDisplay.ts. */
import { join, parse } from "node:path";
import type { Command } from "commander";
import type { SweepFile } from "../../sweeps/sweepFile.ts";
import { collected, wholeNumber } from "../arguments.ts";
import { commandName, printJson, shellPath } from "../output.ts";

interface Flags {
  out?: string;
  trials?: number;
  import?: readonly string[];
  jobs?: number;
  queue?: string;
  resume?: boolean;
  json?: boolean;
  quiet?: boolean;
}

const NOTES = `
FILE is JSON, such as
  { "algorithm": "ppo", "environments": ["CartPole-v1"], "steps": 50000, "seeds": 5, "trials": 40,
    "space": { "learningRate": { "logUniform": [1e-5, 1e-2] }, "nEpochs": { "integer": [1, 20] },
               "activation": { "choice": ["tanh", "relu"] } },
    "sampler": "tpe", "pruner": "asha" }
docs/scale.md describes every key. What is not set comes from the environment's preset.

Every run is in a process and a run's folder of its own. Ctrl-C saves them all; --resume goes on, and with --trials extends a
sweep. The trials, scores and files are the same for any --jobs.

Examples:
  $ ascent sweep cartpole.json
  $ ascent sweep cartpole.json --jobs 4 --out runs/search
  $ ascent sweep --out runs/search --resume --trials 100
  $ ascent sweep cartpole.json --queue redis://:password@host:6379      with ascent worker on any machine`;

export function sweepCommand(program: Command): void {
  program
    .command("sweep")
    .description("search settings: grid, random, Sobol or TPE, over seeds and environments, with pruning")
    .argument("[file]", "what to sweep, as JSON; may be left out with --resume")
    .option("--out <dir>", "folder of the sweep; default runs/sweep-FILE")
    .option("--resume", "go on with the sweep in --out")
    .option("--trials <n>", "trials, in place of what FILE or the sweep says", wholeNumber(1))
    .option(
      "--jobs <n>",
      "runs at a time; default: the cores of this machine, of a queue as many as there are",
      wholeNumber(1),
    )
    .option("--queue <url>", "give the runs out to workers, over Redis: redis://host:6379; see ascent worker")
    .option("--import <file>", "a JavaScript file to load first, which registers an environment of yours", collected)
    .option("--json", "print the results as JSON, and nothing else, on standard output")
    .option("--quiet", "no progress and no table")
    .addHelpText("after", NOTES)
    .action(sweep);
}

async function sweep(file: string | undefined, flags: Flags): Promise<void> {
  const [{ runSweep }, { SweepDisplay }, { stopSignals }] = await Promise.all([
    import("../../node/sweep/sweep.ts"),
    import("../sweepDisplay.ts"),
    import("../stopSignals.ts"),
  ]);
  const content = file === undefined ? undefined : await contentOf(file);
  const out = flags.out ?? (await defaultFolder(file));
  const { trials, jobs, resume } = flags;
  const display = new SweepDisplay(out, (flags.quiet ?? false) || (flags.json ?? false));
  const stop = stopSignals((signal) => display.stopping(signal));
  const goOn = `${commandName()} sweep --out ${shellPath(out)} --resume`;
  try {
    const result = await runSweep({
      out,
      ...(content !== undefined && { sweep: content }),
      ...(trials !== undefined && { trials }),
      ...(jobs !== undefined && { jobs }),
      ...(flags.queue !== undefined && { queue: flags.queue }),
      ...(flags.import && { imports: flags.import }),
      ...(resume && { resume }),
      ...display.events,
      signal: stop.signal,
    });
    if (result.stopped) {
      display.stopped(goOn);
      process.exitCode = stop.exitCode();
      return;
    }
    if (flags.json) {
      const failures = result.failures.map(({ unit, error }) => ({ ...unit, error: error.message }));
      printJson({ ...result, failures });
    }
    const { algorithm, environments } = result.plan.sweep;
    const config = shellPath(join(out, "best.json"));
    const train = `${commandName()} train ${algorithm} --env ${environments[0].id} --config ${config}`;
    display.finished(result, goOn, train);
    if (result.failures.length > 0) process.exitCode = 1;
  } finally {
    display.endProgress();
    stop.dispose();
  }
}

/** Checked where the sweep is. */
async function contentOf(file: string): Promise<SweepFile> {
  const [{ existsSync }, { AscentError }, { readJson }] = await Promise.all([
    import("node:fs"),
    import("../../errors.ts"),
    import("../../node/jsonFile.ts"),
  ]);
  if (!existsSync(file)) {
    throw new AscentError("file", {
      what: `There is no file ${file}`,
      fix: "Give the path of a sweep; `ascent sweep --help` shows one.",
    });
  }
  return readJson(file) as SweepFile;
}

async function defaultFolder(file: string | undefined): Promise<string> {
  if (file !== undefined) return join("runs", `sweep-${parse(file).name}`);
  const { AscentError } = await import("../../errors.ts");
  throw new AscentError("option", {
    what: "Which sweep is meant is not said",
    fix: "Name its file, or with --resume its folder with --out.",
  });
}
