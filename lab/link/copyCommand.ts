/**
 * The bench's settings as lines for a terminal, which give the same bits: one `ascent train` a run. Text alone; what it says is what
 * the page runs, so a setting that is not said here is not said there either.
 */
import type { JsonValue } from "ascent-rl";
import { algorithmOf, type Catalogue } from "../catalogue/catalogue.ts";
import { textOfValue } from "../catalogue/valueText.ts";
import { type BenchSettings, sidesOf, type Variant } from "./benchSettings.ts";
import { copyCode } from "./copyCode.ts";

/**
 * @param settings `kernels` should be the build that the page ran with: builds round differently.
 * @returns lines that end without a line break.
 */
export function copyCommand(settings: BenchSettings, catalogue: Catalogue): string {
  const { seeds, kernels } = settings;
  const sides = sidesOf(settings);
  if (sides.some(([, { source }]) => source !== undefined)) return ownEnvironment(settings, catalogue);
  return sides
    .flatMap(([name, side]) => seeds.map((seed) => trainLine(name, side, seed, kernels, catalogue)))
    .join("\n");
}

/** The command line knows no environments of one's own: a file of code does. */
function ownEnvironment(settings: BenchSettings, catalogue: Catalogue): string {
  return `cat > bench.mjs <<'END'\n${copyCode(settings, catalogue)}\nEND\nnode bench.mjs`;
}

function trainLine(
  name: string,
  { algorithm, environment, steps, options, changes = [] }: Variant,
  seed: number,
  kernels: BenchSettings["kernels"],
  catalogue: Catalogue,
): string {
  const isLanguage = algorithmOf(catalogue, algorithm)?.trains === "language model";
  const words = ["ascent", "train", algorithm, isLanguage ? "--world" : "--env", environment];
  words.push("--steps", `${steps}`, "--seed", `${seed}`);
  if (kernels !== undefined) words.push("--kernels", kernels);
  for (const [setting, value] of Object.entries(options)) words.push("--set", `${setting}=${typed(value)}`);
  for (const { atStep, options: changed } of changes) {
    for (const [setting, value] of Object.entries(changed)) {
      words.push("--change", `${atStep}:${setting}=${typed(value)}`);
    }
  }
  words.push("--out", `runs/bench-${name}-${seed}`);
  return words.map(quoted).join(" ");
}

/** As it is typed after --set, where an empty list and a list of one are JSON. */
function typed(value: JsonValue): string {
  return Array.isArray(value) && value.length < 2 ? JSON.stringify(value) : textOfValue(value);
}

/** A word of a shell: as it is where it has no character of meaning, else in single quotes. */
function quoted(word: string): string {
  return /^[\w.,:=@%+/-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
}
