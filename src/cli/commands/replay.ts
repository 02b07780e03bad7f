/** `ascent replay`: a recording of another implementation, played against this project's environment of that name. */
import type { Command } from "commander";
import { nonNegative } from "../arguments.ts";
import { printJson, printLine } from "../output.ts";

interface Flags {
  tolerance: number;
  json?: boolean;
}

export function replayCommand(program: Command): void {
  program
    .command("replay")
    .description("compare recorded episodes with this project's environment")
    .argument(
      "<file>",
      "a recording: { env, episodes: [{ initial, obs0, actions, obs, rewards, terminated, truncated }] }",
    )
    .option("--tolerance <x>", "largest difference of any observation or reward", nonNegative, 1e-6)
    .option("--json", 'print {"env","episodes","steps","maxObservationError","maxRewardError","flagMismatches"}')
    .addHelpText(
      "after",
      `
Ends with exit code 1 when the tolerance is passed or a terminated or truncated flag differs.

Examples:
  $ ascent replay CartPole-v1.json
  $ ascent replay CartPole-v1.json --tolerance 1e-5 --json`,
    )
    .action(replay);
}

async function replay(file: string, { tolerance, json }: Flags): Promise<void> {
  const [{ readJson }, { replayGolden }] = await Promise.all([
    import("../../node/jsonFile.ts"),
    import("../../envs/recordings.ts"),
  ]);
  const { agrees, ...report } = replayGolden(readJson(file), tolerance);
  if (!agrees) process.exitCode = 1;
  if (json) return printJson(report);
  const { env, episodes, steps, maxObservationError, maxRewardError, flagMismatches } = report;
  printLine(`${env}: ${episodes} episodes, ${steps} steps ${agrees ? "agree" : "DIFFER"} (tolerance ${tolerance})`);
  printLine(`largest difference: observations ${maxObservationError}, rewards ${maxRewardError}`);
  printLine(`steps with other flags: ${flagMismatches}`);
}
