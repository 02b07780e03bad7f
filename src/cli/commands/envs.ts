/** `ascent envs`: the environments there are. */
import type { Command } from "commander";
import { printJson, printLine, table } from "../output.ts";

export function envsCommand(program: Command): void {
  program
    .command("envs")
    .description("list the environments")
    .option("--json", "print a JSON array")
    .addHelpText("after", "\nExamples:\n  $ ascent envs\n  $ ascent envs --json")
    .action(list);
}

async function list({ json }: { json?: boolean }): Promise<void> {
  const [{ describe, listEnvironments, spaceToJson }, { algorithms }] = await Promise.all([
    import("../../envs/index.ts"),
    import("../../algorithms/algorithmRegistry.ts"),
  ]);
  const all = listEnvironments().map((spec) => {
    const { observationSpace, actionSpace } = spec.spaces ?? spec.make(1);
    const presets = Object.values(algorithms).filter(({ presets }) => Object.hasOwn(presets, spec.id));
    return { spec, observationSpace, actionSpace, presets: presets.map(({ name }) => name) };
  });
  if (json) {
    return printJson(
      all.map(({ spec, observationSpace, actionSpace, presets }) => ({
        id: spec.id,
        summary: spec.summary,
        observationSpace: spaceToJson(observationSpace),
        actionSpace: spaceToJson(actionSpace),
        maxEpisodeSteps: spec.maxEpisodeSteps ?? null,
        rewardThreshold: spec.rewardThreshold ?? null,
        presets,
      })),
    );
  }
  const rows = all.map(({ spec, observationSpace, actionSpace, presets }) => [
    spec.id,
    describe(observationSpace),
    describe(actionSpace),
    String(spec.maxEpisodeSteps ?? "–"),
    String(spec.rewardThreshold ?? "–"),
    presets.join(", ") || "–",
    spec.summary,
  ]);
  printLine(table(["id", "observation", "action", "steps", "solved at", "presets", "task"], rows));
}
