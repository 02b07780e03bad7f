/** `ascent evaluate`: how well a trained policy does. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { wholeNumber } from "../arguments.ts";
import { episodeProgress } from "../episodeProgress.ts";
import { printJson, printLine, short } from "../output.ts";

interface Flags {
  episodes: number;
  seed: number;
  longestEpisode?: number;
  stochastic?: boolean;
  json?: boolean;
}

export function evaluateCommand(program: Command): void {
  program
    .command("evaluate")
    .description("play whole episodes with a trained policy, or complete prompts of a world of text")
    .argument("<dir>", "a run's folder, or a policy.safetensors file")
    .option("--episodes <n>", "how many", wholeNumber(1), 100)
    .option(
      "--seed <s>",
      "of the environments and of sampled actions; never meets a training's episodes",
      wholeNumber(0),
      0,
    )
    .option("--longest-episode <n>", "steps after which an episode surely has no end; default 100000", wholeNumber(1))
    .option("--python <program>", "the Python that hosts gymnasium:ID environments; default ASCENT_PYTHON, or python3")
    .option("--stochastic", "sample actions instead of taking the most probable ones")
    .option("--json", 'print {"episodes","mean","sd","min","max"}')
    .addHelpText(
      "after",
      `
Examples:
  $ ascent evaluate runs/ppo-CartPole-v1-0
  $ ascent evaluate runs/ppo-CartPole-v1-0 --episodes 1000 --seed 7 --json
  $ ascent evaluate runs/ppo-CartPole-v1-0/policy.safetensors --stochastic
  $ ascent evaluate runs/dpo-names-0            completions of a language model, on the world it learnt from`,
    )
    .action(evaluate);
}

async function evaluate(path: string, flags: Flags): Promise<void> {
  if (existsSync(join(path, "model", "config.json"))) {
    const { evaluateText } = await import("../evaluateText.ts");
    return evaluateText(path, flags);
  }
  const { episodes, seed, longestEpisode, stochastic, json } = flags;
  const [{ readPolicy }, { evaluatePolicy }] = await Promise.all([
    import("../../node/loadPolicy.ts"),
    import("../../training/evaluate.ts"),
  ]);
  const policy = await readPolicy(path);
  const progress = episodeProgress("evaluation");
  const { mean, sd, min, max } = await evaluatePolicy(policy, policy.environment, {
    episodes,
    seed,
    longestEpisode,
    deterministic: !stochastic,
    onProgress: progress.update,
  }).finally(progress.finish);
  if (json) return printJson({ episodes, mean, sd, min, max });
  const how = stochastic ? "sampled actions" : "most probable actions";
  printLine(`${policy.algorithm} on ${policy.environment}, ${episodes} episodes, ${how}`);
  printLine(`return ${short(mean)} ± ${short(sd)} (mean ± sd), from ${short(min)} to ${short(max)}`);
}
