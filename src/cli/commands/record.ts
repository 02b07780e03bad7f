/** `ascent record`: whole episodes of a policy as a file that `ascent train bc` learns from. */
import type { Command } from "commander";
import { wholeNumber } from "../arguments.ts";
import { episodeProgress } from "../episodeProgress.ts";
import { commandName, printJson, printLine, shellPath, short } from "../output.ts";

interface Flags {
  env?: string;
  episodes: number;
  seed: number;
  longestEpisode?: number;
  stochastic?: boolean;
  out: string;
  json?: boolean;
}

export function recordCommand(program: Command): void {
  program
    .command("record")
    .description("record whole episodes of a policy, for behaviour cloning")
    .argument("<policy>", "a run's folder, a policy.safetensors file, or `random`")
    .option("--env <id>", "environment, one of `ascent envs`; default: the policy's own")
    .option("--episodes <n>", "how many", wholeNumber(1), 20)
    .option(
      "--seed <s>",
      "of the environments and of sampled actions; meets neither a training's nor an evaluation's episodes",
      wholeNumber(0),
      0,
    )
    .option("--longest-episode <n>", "steps after which an episode surely has no end; default 100000", wholeNumber(1))
    .option("--stochastic", "sample actions instead of taking the most probable ones")
    .requiredOption("--out <file>", "a new safetensors file")
    .option("--json", 'print {"file","env","policy","episodes","steps","mean","sd","min","max"}')
    .addHelpText(
      "after",
      `
Examples:
  $ ascent record runs/ppo-CartPole-v1-0 --episodes 20 --out expert.safetensors
  $ ascent record random --env CartPole-v1 --episodes 100 --seed 7 --out random.safetensors --json
  $ ascent train bc --data expert.safetensors`,
    )
    .action(record);
}

async function record(actor: string, flags: Flags): Promise<void> {
  const [{ AscentError }, { readPolicy }, { writeDataset, requireNewFile }, { recordEpisodes, returnsOf }] =
    await Promise.all([
      import("../../errors.ts"),
      import("../../node/loadPolicy.ts"),
      import("../../node/datasets.ts"),
      import("../../imitation/index.ts"),
    ]);
  const { episodes, seed, longestEpisode, stochastic, out, json } = flags;
  requireNewFile(out);
  const policy = actor === "random" ? actor : await readPolicy(actor);
  const env = flags.env ?? (policy === "random" ? undefined : policy.environment);
  if (env === undefined) {
    throw new AscentError("environment", {
      what: "Random actions need an environment",
      fix: "Name one with --env; `ascent envs` lists them.",
    });
  }
  const progress = episodeProgress("recording");
  const dataset = await recordEpisodes(policy, env, {
    episodes,
    seed,
    longestEpisode,
    deterministic: !stochastic,
    onProgress: progress.update,
  }).finally(progress.finish);
  writeDataset(out, dataset);
  const steps = dataset.rewards.length;
  const { mean, sd, min, max } = returnsOf(dataset);
  if (json) return printJson({ file: out, env, policy: dataset.policy, episodes, steps, mean, sd, min, max });
  printLine(`${dataset.policy} on ${env}: ${episodes} episodes, ${steps} steps`);
  printLine(`return ${short(mean)} ± ${short(sd)} (mean ± sd), from ${short(min)} to ${short(max)}`);
  printLine(`file  ${out}`);
  printLine(`learn ${commandName()} train bc --data ${shellPath(out)}`);
}
