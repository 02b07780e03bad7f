/** `ascent algorithms`: the algorithms there are, and their settings. */
import type { Command } from "commander";
import type { LanguageAlgorithm } from "../../algorithms/language/languageAlgorithm.ts";
import { printJson, printLine, table } from "../output.ts";

/** In words, what the data of an algorithm for language models are. */
const SOURCES: Readonly<Record<LanguageAlgorithm["learnsFrom"], string>> = {
  "prompt-completion": "demonstrations",
  unpaired: "completions with a label",
  preference: "pairs of completions",
  "prompt-only": "prompts and a reward",
};

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
  const [{ algorithms }, { languageAlgorithms }, { settingsOf }] = await Promise.all([
    import("../../algorithms/algorithmRegistry.ts"),
    import("../../algorithms/language/languageRegistry.ts"),
    import("../settings.ts"),
  ]);
  const all = [
    ...Object.values(algorithms).map((algorithm) => ({
      ...algorithm,
      trains: "policy",
      from: algorithm.learnsFrom === "data" ? "recorded episodes" : "an environment",
    })),
    ...Object.values(languageAlgorithms).map((algorithm) => ({
      ...algorithm,
      trains: "language model",
      from: SOURCES[algorithm.learnsFrom],
    })),
  ];
  if (json) {
    return printJson(
      all.map((algorithm) => ({
        name: algorithm.name,
        summary: algorithm.summary,
        trains: algorithm.trains,
        learnsFrom: algorithm.from,
        presets: Object.entries(algorithm.presets).map(([env, { steps }]) => ({ env, steps })),
        settings: settingsOf(algorithm),
      })),
    );
  }
  for (const trains of ["policy", "language model"]) {
    const rows = all
      .filter((algorithm) => algorithm.trains === trains)
      .map(({ name, from, summary, presets }) => [name, from, Object.keys(presets).join(", ") || "–", summary]);
    if (trains !== "policy") printLine("");
    printLine(trains === "policy" ? "Policies over environments" : "Language models");
    printLine(table(["name", "learns from", "presets", "what it is"], rows));
  }
}
