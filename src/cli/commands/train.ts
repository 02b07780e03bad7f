/** `ascent train`: its arguments, and how they become a run. What the terminal shows is display.ts. */
import { type Command, Option } from "commander";
import { addSetting, wholeNumber } from "../arguments.ts";
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
  $ ascent train ppo --env CartPole-v1 --resume --steps 3e5         go on with the run above's folder
  $ ascent train ppo --config runs/ppo-CartPole-v1-0/config.json --seed 1     the same settings, another seed
  $ ascent train ppo --env CartPole-v1 --out /tmp/a --json --quiet > summary.json
  $ ascent train bc --data expert.safetensors                       from episodes of \`ascent record\`
  $ ascent train ppo --env CartPole-v1 --init runs/bc-CartPole-v1-0 --out runs/tuned     from a trained policy`;

/** @param settings what the help says of the algorithm's settings. */
export function trainCommand(program: Command, settings: string): void {
  program
    .command("train")
    .description("train a policy")
    .argument("<algorithm>", "one of `ascent algorithms`")
    .option("--env <id>", "environment, one of `ascent envs`")
    .option("--data <file>", "recorded episodes to learn from (bc), written by `ascent record`")
    .option(
      "--steps <n>",
      "environment steps; default: the preset's, or 100,000 (bc: samples, 1,000,000)",
      wholeNumber(1),
    )
    .option("--seed <s>", "of everything random in the run; default 0", wholeNumber(0))
    .option("--envs <n>", "environments stepped together (the setting nEnvs)", wholeNumber(1))
    .option("--set <key=value>", "one of the algorithm's settings; may be given again and again", addSetting)
    .option("--config <file>", "settings from a JSON file: an object of them, or an earlier run's config.json")
    .option("--init <path>", "start from a trained policy: an earlier run's folder, or a policy.safetensors")
    .option("--new-critic", "with --init: a critic of new weights, also where the policy comes with one")
    .option("--out <dir>", "the run's folder; default runs/ALGORITHM-ENV-SEED")
    .option("--resume", "continue the run in that folder; settings stay, --steps may grow")
    .option("--checkpoint-every <steps>", "default: every 30 s or tenth of the run, whichever is first", wholeNumber(1))
    .option("--eval-episodes <n>", "episodes of the evaluation at the end; default 100", wholeNumber(1))
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
  const [{ trainRun }, { requestFrom }, { TrainDisplay }, { stopSignals }] = await Promise.all([
    import("../../node/trainRun.ts"),
    import("../trainRequest.ts"),
    import("../display.ts"),
    import("../stopSignals.ts"),
  ]);
  const { request, ...origin } = requestFrom(algorithm, flags);
  const display = new TrainDisplay(request, flags, origin);
  const stop = stopSignals((signal) => display.stopping(signal));
  try {
    const outcome = await trainRun({ ...request, ...display.events, signal: stop.signal });
    if (outcome.summary === undefined) {
      display.stopped(outcome, resumeCommand(algorithm, request.out));
      process.exitCode = stop.exitCode();
      return;
    }
    if (flags.json) printJson(outcome.summary);
    else await display.finished(outcome);
  } catch (error) {
    display.failed(resumeCommand(algorithm, request.out));
    throw error;
  } finally {
    stop.dispose();
  }
}

/** What to type to go on with a run. */
function resumeCommand(algorithm: string, folder: string): string {
  return `${commandName()} train ${algorithm} --out ${shellPath(folder)} --resume`;
}
