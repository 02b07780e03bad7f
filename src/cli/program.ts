/** All subcommands put together. */
import { Command } from "commander";
import { packageVersion } from "../node/version.ts";
import { algorithmsCommand } from "./commands/algorithms.ts";
import { compareCommand } from "./commands/compare.ts";
import { envsCommand } from "./commands/envs.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { labCommand } from "./commands/lab.ts";
import { overoptimiseCommand } from "./commands/overoptimise.ts";
import { playCommand } from "./commands/play.ts";
import { recordCommand } from "./commands/record.ts";
import { replayCommand } from "./commands/replay.ts";
import { sweepCommand } from "./commands/sweep.ts";
import { trainCommand } from "./commands/train.ts";
import { varianceCommand } from "./commands/variance.ts";
import { workerCommand } from "./commands/worker.ts";
import { exitWith } from "./exit.ts";
import { commandName, helpWidth, withCommandName } from "./output.ts";

const INTRODUCTION = `Policy-gradient learning: train, evaluate and inspect policies.

Examples:
  $ ascent train ppo --env CartPole-v1                 train with the tuned preset
  $ ascent train ppo --env CartPole-v1 --resume        go on with that run
  $ ascent train ppo --help                            every setting of an algorithm
  $ ascent evaluate runs/ppo-CartPole-v1-0             100 episodes with the trained policy
  $ ascent play runs/ppo-CartPole-v1-0                 watch it act, in a page or as pictures
  $ ascent record runs/ppo-CartPole-v1-0 --out a.safetensors    episodes for \`ascent train bc\`
  $ ascent replay CartPole-v1.json                     recorded episodes against this environment
  $ ascent compare ppo a2c --env CartPole-v1           over seeds, with intervals
  $ ascent sweep search.json                           settings searched, over seeds, with pruning
  $ ascent variance --env CartPole-v1                  gradient estimators compared
  $ ascent overoptimise                                reward hacking: gold against proxy reward
  $ ascent lab                                         the road as a page, live in the browser
  $ ascent envs                                        environments to train on`;

const ENDING = `
Exit codes: 0 done; 1 failed; 2 the arguments cannot be read; 130 and 143 ended by Ctrl-C and SIGTERM.
Environment: ASCENT_KERNELS=simd or fma decides which kernels \`auto\` means; ASCENT_QUEUE is the address of a queue;
ASCENT_PYTHON is the Python that hosts gymnasium:ID environments.`;

/** Does what the arguments ask for; a failure is reported and sets the exit code. */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    const program = await buildProgram(args);
    await program.parseAsync(args, { from: "user" });
  } catch (error) {
    exitWith(error);
  }
}

/** @param args after the command's own name: the help of `train` depends on the algorithm among them. */
export async function buildProgram(args: readonly string[]): Promise<Command> {
  const program = new Command(commandName())
    .description(INTRODUCTION)
    .addHelpText("after", ENDING)
    .configureOutput({
      writeOut: (text) => process.stdout.write(withCommandName(text)),
      writeErr: (text) => process.stderr.write(withCommandName(text)),
    })
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .configureHelp({ helpWidth: helpWidth() })
    .exitOverride()
    .showHelpAfterError("(--help says more)");
  program.hook("preAction", async (_, command) => usePython(command.opts<{ python?: string }>().python));
  const wantsHelp = args.includes("--help") || args.includes("-h") || args[0] === "help";
  trainCommand(program, args.includes("train") && wantsHelp ? await settingsText(args) : "");
  evaluateCommand(program);
  compareCommand(program);
  envsCommand(program);
  algorithmsCommand(program);
  playCommand(program);
  recordCommand(program);
  replayCommand(program);
  varianceCommand(program);
  overoptimiseCommand(program);
  labCommand(program);
  sweepCommand(program);
  workerCommand(program);
  return program;
}

/** Ids of Gymnasium's environments are known to every command. Child processes read the variable too. */
async function usePython(python: string | undefined): Promise<void> {
  if (python !== undefined) process.env["ASCENT_PYTHON"] = python;
  const { registerGymnasium } = await import("../node/gymnasium/gymnasiumEnvironment.ts");
  registerGymnasium();
}

async function settingsText(args: readonly string[]): Promise<string> {
  const { settingsHelp } = await import("./settings.ts");
  return settingsHelp(args);
}
