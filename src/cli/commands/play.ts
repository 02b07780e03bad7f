/** `ascent play`: a page that shows a trained policy acting, or its frames as SVG files. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { AscentError } from "../../errors.ts";
import type { PolicyDescription } from "../../policies/index.ts";
import { wholeNumber } from "../arguments.ts";
import { printJson, printLine, short } from "../output.ts";
import { type PageFlags, pageOptions, servePage } from "../servePage.ts";

interface Flags extends PageFlags {
  env?: string;
  seed: number;
  stochastic?: boolean;
  frames?: string;
  episodes: number;
  width?: number;
  longestEpisode?: number;
  json?: boolean;
}

/** Not the lab's, so that both can be looked at. */
const PORT = 4311;

export function playCommand(program: Command): void {
  pageOptions(program.command("play"), PORT)
    .description("watch a trained policy act, in a page of your browser or as SVG files")
    .argument("<dir>", "a run's folder, or a policy.safetensors file")
    .option("--env <id>", "where it acts; default: where it was trained")
    .option("--seed <s>", "of the first episode, as of `evaluate`", wholeNumber(0), 0)
    .option("--stochastic", "sample actions instead of taking the most probable ones")
    .option("--frames <folder>", "write an SVG for every state into a new folder, and one strip an episode; no page")
    .option("--episodes <n>", "with --frames: how many, each with the next seed", wholeNumber(1), 1)
    .option("--width <n>", "with --frames: pixels of a frame; default 480", wholeNumber(1))
    .option(
      "--longest-episode <n>",
      "with --frames: steps after which an episode surely has no end; default 10000",
      wholeNumber(1),
    )
    .option("--json", 'with --frames: print {"episodes":[{"seed","frames","return","strip"}]}')
    .addHelpText(
      "after",
      `
Examples:
  $ ascent play runs/ppo-CartPole-v1-0
  $ ascent play runs/ppo-CartPole-v1-0/policy.safetensors --port 0
  $ ascent play runs/ppo-Pendulum-v1-0 --frames frames --episodes 3
In the page: space plays and pauses, the arrow keys take over, R begins again. Ctrl-C ends it.`,
    )
    .action(play);
}

async function play(path: string, flags: Flags): Promise<void> {
  if (existsSync(join(path, "model", "config.json"))) refuseLanguageModel(path);
  const { readPolicyFile } = await import("../../node/runs/initialPolicy.ts");
  const { policy, bytes } = readPolicyFile(path);
  const environment = flags.env ?? policy.environment;
  const { environmentSpec, prepareEnvironment } = await import("../../envs/index.ts");
  await prepareEnvironment(environment);
  const { requireSameSpaces } = await import("../../policies/sameSpaces.ts");
  const spec = environmentSpec(environment);
  requireSameSpaces("The policy", policy, spec.spaces === undefined ? spec.make(1) : { id: spec.id, ...spec.spaces });
  if (spec.prepare !== undefined && flags.frames === undefined) refuseInPage(environment);
  if (flags.frames !== undefined) return writeFrames(policy, environment, flags.frames, flags);
  const { seed, stochastic = false } = flags;
  const { algorithm } = policy;
  const start = { environment, algorithm, seed, stochastic, path };
  await servePage("play.html", flags, {
    "play.json": () => ({ type: "application/json", body: JSON.stringify(start) }),
    "policy.safetensors": () => ({ type: "application/octet-stream", body: bytes }),
  });
}

async function writeFrames(
  policy: PolicyDescription,
  environment: string,
  folder: string,
  { seed, stochastic, episodes, width, longestEpisode, json }: Flags,
): Promise<void> {
  const { writeSceneFrames } = await import("../../node/sceneFrames.ts");
  const drawn = await writeSceneFrames(policy, environment, folder, {
    ...{ episodes, seed, deterministic: !stochastic, width, longestEpisode },
  });
  if (json) {
    printJson({ episodes: drawn.map(({ episodeReturn, ...rest }) => ({ ...rest, return: episodeReturn })) });
    return;
  }
  for (const { seed: own, frames, episodeReturn, strip } of drawn) {
    printLine(`seed ${own}: return ${short(episodeReturn)}, ${frames} frames, ${strip}`);
  }
}

function refuseInPage(environment: string): never {
  throw new AscentError("option", {
    what: `${environment} cannot be watched in the page`,
    got: "physics of an optional package, which the page's rules do not let in",
    expected: "an environment of this library's own code",
    fix: "Write its pictures to a folder: --frames frames.",
  });
}

function refuseLanguageModel(path: string): never {
  throw new AscentError("option", {
    what: "There is nothing to be watched step by step",
    got: `${path}, a run of a language model`,
    expected: "a policy that acts in an environment",
    fix: "Read its completions: ascent evaluate does that.",
  });
}
