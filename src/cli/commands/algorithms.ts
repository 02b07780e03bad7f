/** `ascent algorithms`: the algorithms there are, and their settings. */
import type { Command } from "commander";
import { printJson, printLine, table } from "../output.ts";

export function algorithmsCommand(program: Command): void {
  program
    .command("algorithms")
    .description("list the algorithms")
    .option("--json", "print a JSON array, settings included")
    .addHelpText(
      "after",
      "\nExamples:\n  $ ascent algorithms\n  $ ascent algorithms --json\n  $ ascent train ppo --help     the settings of one",
    )
    .action(list);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const [{ algorithms }, { settingsOf }] = await Promise.all([
    import("../../algorithms/algorithmRegistry.ts"),
    import("../settings.ts"),
  ]);
  const all = Object.values(algorithms);
  if (json) {
    return printJson(
      all.map((algorithm) => ({
        name: algorithm.name,
        summary: algorithm.summary,
        presets: Object.entries(algorithm.presets).map(([env, { steps }]) => ({ env, steps })),
        settings: settingsOf(algorithm),
      })),
    );
  }
  const rows = all.map(({ name, summary, presets }) => [name, Object.keys(presets).join(", ") || "–", summary]);
  printLine(table(["name", "presets", "what it is"], rows));
}
