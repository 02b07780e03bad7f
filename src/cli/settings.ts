/** The settings of algorithms as text: for help, for lists, and for the lines a run starts with. Read off their schemas. */
import { z } from "zod";
import type { AlgorithmFacts } from "../algorithms/algorithm.ts";
import { algorithms } from "../algorithms/algorithmRegistry.ts";
import { languageAlgorithms } from "../algorithms/language/languageRegistry.ts";
import { isList, settingType } from "../options/settingType.ts";
import type { Settings } from "./arguments.ts";
import { fold, foldedTable, grouped, helpWidth } from "./output.ts";

/** Columns of the types in help; longer ones are folded. */
const TYPE_WIDTH = 26;

export interface Setting {
  name: string;
  type: string;
  /** As it is typed after --set; absent when unset by default. */
  default?: string;
  description: string;
}

export function settingsOf(algorithm: AlgorithmFacts): Setting[] {
  const { shape } = algorithm.options;
  return Object.entries(shape).map(([name, field]) => {
    // An optional setting has no default; one with a default is filled in for undefined.
    const fallback = z.safeParse(field, undefined).data;
    return {
      name,
      type: settingType(field),
      ...(fallback !== undefined && { default: formatValue(fallback) }),
      description: z.globalRegistry.get(field)?.description ?? "",
    };
  });
}

/** Settings as --set gave them, with a lone number as a list of one where a list is wanted. */
export function withLists(algorithm: AlgorithmFacts, settings: Settings): Settings {
  const { shape } = algorithm.options;
  const entries = Object.entries(settings).map(([name, value]) => {
    const isOne = typeof value === "number" && Object.hasOwn(shape, name) && isList(shape[name]);
    return [name, isOne ? [value] : value];
  });
  return Object.fromEntries(entries);
}

/** A value as it is typed after --set: 0.98, 64,64, linear:0.001:0.0001. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "number")) return value.join();
  if (typeof value === "object" && value !== null && "kind" in value && "from" in value) {
    const { kind, from, to } = value as { kind: string; from: number; to?: number };
    if (kind === "linear" || kind === "cosine") return [kind, from, ...(to === undefined ? [] : [to])].join(":");
  }
  return JSON.stringify(value);
}

/** key=value for the settings that are not the algorithm's defaults. */
export function changedSettings(algorithm: AlgorithmFacts, options: Readonly<Record<string, unknown>>): string[] {
  const defaults = new Map(settingsOf(algorithm).map((setting) => [setting.name, setting.default]));
  return Object.entries(options)
    .filter(([name, value]) => value !== undefined && formatValue(value) !== defaults.get(name))
    .map(([name, value]) => `${name}=${formatValue(value)}`);
}

/** The settings of the algorithm named among the arguments; without one, how to see them. */
export function settingsHelp(args: readonly string[]): string {
  const all: Readonly<Record<string, AlgorithmFacts>> = { ...algorithms, ...languageAlgorithms };
  const name = args.find((word) => Object.hasOwn(all, word));
  const width = helpWidth();
  if (name === undefined) {
    const listed = (some: Readonly<Record<string, AlgorithmFacts>>) =>
      foldedTable(
        ["", ""],
        Object.values(some).map((algorithm) => [`  ${algorithm.name}`, algorithm.summary]),
        [20, width - 22],
      );
    return `\nAlgorithms for policies:${listed(algorithms)}\n\nFor language models:${listed(languageAlgorithms)}\n\n\`ascent train ALGORITHM --help\` lists its settings.\n`;
  }
  const algorithm = all[name];
  const rows = settingsOf(algorithm).map(({ name, type, default: value = "–", description }) => [
    `  ${name}`,
    type,
    value,
    description,
  ]);
  const [nameWidth, defaultWidth] = [0, 2].map((i) => Math.max(7, ...rows.map((row) => row[i].length)));
  const widths = [nameWidth, TYPE_WIDTH, defaultWidth, width - nameWidth - TYPE_WIDTH - defaultWidth - 6];
  const presets = Object.entries(algorithm.presets).map(([env, { steps, options }]) => {
    const values = Object.entries(options).map(([key, value]) => `${key}=${formatValue(value)}`);
    const lines = fold(values.join(" "), width - 4).map((line) => `    ${line}`);
    return `  ${env}, ${grouped(steps)} steps:\n${lines.join("\n")}`;
  });
  const tuned = presets.length > 0 ? `\n\nPresets, used unless settings say otherwise:\n${presets.join("\n")}` : "";
  return `\nSettings of ${name} (${algorithm.summary}), for --set and --config:\n${foldedTable(
    ["  name", "type", "default", ""],
    rows,
    widths,
  )}${tuned}\n`;
}
