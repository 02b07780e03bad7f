/**
 * `ascent replay`: a recording of another implementation against what is computed here. Episodes are played in this project's
 * environment of that name; recordings about language models have kinds of their own (language/recordings).
 */
import { basename, dirname, resolve } from "node:path";
import type { Command } from "commander";
import { nonNegative, wholeNumber } from "../arguments.ts";
import { printJson, printLine, table } from "../output.ts";

interface Flags {
  tolerance?: number;
  steps?: number;
  json?: boolean;
}

const EPISODES_TOLERANCE = 1e-6;

export function replayCommand(program: Command): void {
  program
    .command("replay")
    .description("compare a recording of another implementation with this project")
    .argument("<file>", "episodes of an environment, or a recording about language models (below)")
    .option(
      "--tolerance <x>",
      `largest difference (default: ${EPISODES_TOLERANCE} for episodes; below for others)`,
      nonNegative,
    )
    .option("--steps <n>", "of episodes: hold only the first n steps of each, and report every step", wholeNumber(1))
    .option("--json", "print one line of JSON")
    .addHelpText(
      "after",
      `
Episodes: { env, episodes: [{ initial, obs0, actions, obs, rewards, terminated, truncated }] }.
  JSON: {"env","episodes","steps","maxObservationError","maxRewardError","flagMismatches"}; with --steps also
  "perStep":[{"step","episodes","observationError","rewardError","flagMismatches"}], step 0 being the first observation
Language models: a model's logits.json, in the model's folder; recorded runs of preference algorithms, losses/*.json beside
  their models. Differences are relative to numbers above 1, and 1e-4 of them is allowed; of half-precision models 0.05
  (bfloat16) or 0.01 (float16).
  A tokenizer's fixtures.json, in the tokenizer's folder: ids, tokens and texts are equal or not.
  JSON: {"file","cases","worstError","failed":[…]}
Ends with exit code 1 when the tolerance is passed, or a flag or a token differs.

Examples:
  $ ascent replay CartPole-v1.json
  $ ascent replay CartPole-v1.json --tolerance 1e-5 --json
  $ ascent replay HalfCheetah-v5.json --steps 5 --tolerance 1e-9
  $ ascent replay my-model/logits.json
  $ ascent replay recorded/losses/dpo.json`,
    )
    .action(replay);
}

async function replay(file: string, flags: Flags): Promise<void> {
  const { readJson } = await import("../../node/jsonFile.ts");
  const content = readJson(file);
  const isOfEpisodes = typeof content === "object" && content !== null && "env" in content;
  if (isOfEpisodes) return replayEpisodes(content, flags);
  return replayLanguage(file, content, flags);
}

async function replayEpisodes(content: object, flags: Flags): Promise<void> {
  const { tolerance = EPISODES_TOLERANCE, steps: held, json } = flags;
  const [{ replayGolden }, { prepareEnvironment }] = await Promise.all([
    import("../../envs/recordings.ts"),
    import("../../envs/environmentRegistry.ts"),
  ]);
  if ("env" in content && typeof content.env === "string") await prepareEnvironment(content.env);
  const { agrees, ...report } = replayGolden(content, tolerance, { steps: held });
  if (!agrees) process.exitCode = 1;
  if (json) return printJson(report);
  const { env, episodes, steps, maxObservationError, maxRewardError, flagMismatches, perStep } = report;
  const which = held === undefined ? `${steps} steps` : `the first ${held} steps of each`;
  printLine(`${env}: ${episodes} episodes, ${which} ${agrees ? "agree" : "DIFFER"} (tolerance ${tolerance})`);
  printLine(`largest difference: observations ${maxObservationError}, rewards ${maxRewardError}`);
  printLine(`steps with other flags: ${flagMismatches}`);
  if (perStep === undefined || held === undefined) return;
  const shown = perStep.filter(({ step }) => step <= held || step % 10 === 0 || step === perStep.length - 1);
  const rows = shown.map(({ step, episodes, observationError, rewardError, flagMismatches }) => [
    step <= held ? `${step}` : `${step} (not held)`,
    `${episodes}`,
    `${observationError}`,
    `${rewardError}`,
    `${flagMismatches}`,
  ]);
  printLine("");
  printLine(table(["step", "episodes", "observations differ by", "rewards by", "other flags"], rows));
}

async function replayLanguage(file: string, content: unknown, { tolerance, json }: Flags): Promise<void> {
  const [{ findRecording }, { languageRecordings }, { AscentError }, { readFileIn }] = await Promise.all([
    import("../../language/recordings/recordingKinds.ts"),
    import("../../algorithms/language/recordings/index.ts"),
    import("../../errors.ts"),
    import("../../node/language/readFileIn.ts"),
  ]);
  const folder = dirname(file);
  const place = { file: basename(file), folder: basename(resolve(folder)), read: readFileIn(folder) };
  const found = findRecording(content, place, tolerance, languageRecordings);
  if (found === undefined) {
    throw new AscentError("file", {
      what: `${file} is not a recording that can be replayed`,
      got: "JSON of another form",
      expected: ["episodes of an environment", ...languageRecordings.map(({ files }) => files)].join("; or "),
      fix: "Give a file that one of these was recorded in, at its place beside the others.",
    });
  }
  const { cases, worstError, failed } = await found.replay();
  if (failed.length > 0) process.exitCode = 1;
  if (json) return printJson({ file, cases, worstError, failed });
  const verdict = failed.length === 0 ? "agree" : `of which ${failed.length} DIFFER`;
  printLine(`${file}: ${cases} comparisons of ${found.name} ${verdict} (tolerance ${found.tolerance})`);
  printLine(`largest difference: ${worstError}`);
  for (const line of failed) printLine(`  ${line}`);
}
