/** `ascent train`: its arguments, and how they become a run. What the terminal shows is display.ts. */
import { type Command, Option } from "commander";
import { addChange, addSetting, collected, wholeNumber } from "../arguments.ts";
import { commandName, printJson, shellPath } from "../output.ts";
import type { TrainFlags } from "../trainFlags.ts";

const NOTES = `
Settings count in this order, later ones first: the algorithm's defaults, the preset of the environment, --config, --set,
then --envs and --seed. Lists are written 64,64 (or '[64,64]', in quotes); schedules are written linear:FROM:TO or cosine:FROM:TO, and
run over the steps of the run.

Ctrl-C ends the run before the update under way, with all that came before saved; --resume goes on bit for bit, also after a crash.

Examples:
  $ ascent train ppo --env CartPole-v1
  $ ascent train ppo --env CartPole-v1 --steps 2e5 --seed 3 --set learningRate=linear:1e-3 --set hidden=128,128
  $ ascent train ppo --env CartPole-v1 --change 50000:learningRate=1e-4,clipRange=0.1     from that step on
  $ ascent train ppo --env CartPole-v1 --resume --steps 3e5         go on with the run above's folder
  $ ascent train ppo --config runs/ppo-CartPole-v1-0/config.json --seed 1     the same settings, another seed
  $ ascent train ppo --env CartPole-v1 --out /tmp/a --json --quiet > summary.json
  $ ascent train bc --data expert.safetensors                       from episodes of \`ascent record\`
  $ ascent train ppo --env CartPole-v1 --init runs/bc-CartPole-v1-0 --out runs/tuned     from a trained policy
  $ ascent train sft --world names --set learningRate=1e-3          a language model from scratch
  $ ascent train dpo --world names --model runs/sft-names-0/model --set learningRate=1e-4
  $ ascent train dpo --model my-model --data pairs.jsonl --lora 8   your own model and preferences`;

/** @param settings what the help says of the algorithm's settings. */
export function trainCommand(program: Command, settings: string): void {
  program
    .command("train")
    .description("train a policy, or a language model")
    .argument("<algorithm>", "one of `ascent algorithms`")
    .option("--env <id>", "environment, one of `ascent envs`, or gymnasium:ID of Python's Gymnasium")
    .option(
      "--data <file>",
      "what is learnt from: episodes of `ascent record` (bc); .jsonl, .json or .parquet of texts",
    )
    .option(
      "--model <folder|world>",
      "language model: a folder as Transformers writes it, or a world's preset from scratch",
    )
    .option("--world <name>", "world of text to learn from, and by default the model: sort, names, random-walks, …")
    .option("--rows <n>", "rows drawn from the world; default 1000", wholeNumber(1))
    .option("--reference <folder>", "the model to be held to; default: the model as it starts")
    .option("--lora <rank>", "put LoRA beside the model and train that alone", wholeNumber(1))
    .option(
      "--steps <n>",
      "environment steps; default: the preset's, or 100,000 (bc: samples, 1,000,000; texts: samples, 3 epochs)",
      wholeNumber(1),
    )
    .option("--python <program>", "the Python that hosts gymnasium:ID environments; default ASCENT_PYTHON, or python3")
    .option("--seed <s>", "of everything random in the run; default 0", wholeNumber(0))
    .option("--envs <n>", "environments stepped together (the setting nEnvs)", wholeNumber(1))
    .option("--env-workers <n>", "worker threads that the environments are stepped in; default: none", wholeNumber(1))
    .option("--import <file>", "a JavaScript file to load first, which registers an environment of yours", collected)
    .option("--set <key=value>", "one of the algorithm's settings; may be given again and again", addSetting)
    .option(
      "--change <step:key=value>",
      "settings that change at a step of the run, several with commas; may be given again and again",
      addChange,
    )
    .option("--config <file>", "settings from a JSON file: an object of them, or an earlier run's config.json")
    .option("--init <path>", "start from a trained policy: an earlier run's folder, or a policy.safetensors")
    .option("--new-critic", "with --init: a critic of new weights, also where the policy comes with one")
    .option("--out <dir>", "the run's folder; default runs/ALGORITHM-ENV-SEED")
    .option("--resume", "continue the run in that folder; settings stay, --steps may grow")
    .option("--checkpoint-every <steps>", "default: every 30 s or tenth of the run, whichever is first", wholeNumber(1))
    .option(
      "--eval-episodes <n>",
      "episodes, or completions, of the evaluation at the end; default 100",
      wholeNumber(1),
    )
    .option("--sample-every <n>", "samples between looks at completions; default: a tenth of the run", wholeNumber(1))
    .addOption(
      new Option("--kernels <build>", "WebAssembly build; fma needs relaxed SIMD")
        .choices(["auto", "simd", "fma"])
        .default("auto"),
    )
    .option("--json", "print the summary as JSON, and nothing else, on standard output")
    .option("--quiet", "no progress and no closing words")
    .option("--no-monitor", "no warnings when the figures show that training goes wrong")
    .addHelpText("after", settings + NOTES)
    .action(train);
}

async function train(algorithm: string, flags: TrainFlags): Promise<void> {
  const { isLanguageAlgorithm } = await import("../../training/language/languageAlgorithmNamed.ts");
  if (isLanguageAlgorithm(algorithm)) return trainText(algorithm, flags);
  const { requireAlgorithm } = await import("../requireAlgorithm.ts");
  requireAlgorithm(algorithm);
  return trainPolicy(algorithm, flags);
}

async function trainText(algorithm: string, flags: TrainFlags): Promise<void> {
  const [{ trainLanguageRun }, { languageRequestFrom }, { LanguageDisplay }, { stopSignals }] = await Promise.all([
    import("../../node/language/trainLanguageRun.ts"),
    import("../languageRequest.ts"),
    import("../languageDisplay.ts"),
    import("../stopSignals.ts"),
  ]);
  const { request, ...origin } = languageRequestFrom(algorithm, flags);
  const display = new LanguageDisplay(request, flags, origin);
  await untilStopped(algorithm, request.out, flags, display, stopSignals, (signal) =>
    trainLanguageRun({ ...request, ...display.events, signal }),
  );
}

async function trainPolicy(algorithm: string, flags: TrainFlags): Promise<void> {
  const [{ trainRun }, { importAll, importUrls }, { requestFrom }, { TrainDisplay }, { stopSignals }] =
    await Promise.all([
      import("../../node/trainRun.ts"),
      import("../../node/imports.ts"),
      import("../trainRequest.ts"),
      import("../display.ts"),
      import("../stopSignals.ts"),
    ]);
  if (flags.import !== undefined) await importAll(importUrls(flags.import));
  const { request, ...origin } = requestFrom(algorithm, flags);
  const display = new TrainDisplay(request, flags, origin);
  await untilStopped(algorithm, request.out, flags, display, stopSignals, (signal) =>
    trainRun({ ...request, ...display.events, signal }),
  );
}

/** What a display says of a run as it ends, one way or another. */
interface RunDisplay<Outcome> {
  stopping(signal: string): void;
  stopped(outcome: Outcome, command: string): void;
  failed(command: string): void;
  finished(outcome: Outcome): Promise<void>;
}

async function untilStopped<Outcome extends { summary?: object }>(
  algorithm: string,
  out: string,
  flags: TrainFlags,
  display: RunDisplay<Outcome>,
  stopSignals: typeof import("../stopSignals.ts").stopSignals,
  run: (signal: AbortSignal) => Promise<Outcome>,
): Promise<void> {
  const stop = stopSignals((signal) => display.stopping(signal));
  try {
    const outcome = await run(stop.signal);
    if (outcome.summary === undefined) {
      display.stopped(outcome, resumeCommand(algorithm, out));
      process.exitCode = stop.exitCode();
      return;
    }
    if (flags.json) printJson(outcome.summary);
    else await display.finished(outcome);
  } catch (error) {
    display.failed(resumeCommand(algorithm, out));
    throw error;
  } finally {
    stop.dispose();
  }
}

/** What to type to go on with a run. */
function resumeCommand(algorithm: string, folder: string): string {
  return `${commandName()} train ${algorithm} --out ${shellPath(folder)} --resume`;
}
