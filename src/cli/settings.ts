/** The settings of algorithms as text: for help, for lists, and for the lines a run starts with. Read off their schemas. */
import { type Algorithm, algorithms } from "../algorithms/registry.ts";
import { grouped, table } from "./output.ts";

export interface Setting {
  name: string;
  type: string;
  /** As it is typed after --set; absent when unset by default. */
  default?: string;
  description: string;
}

/** The part of a zod schema that this reads. */
interface Schema {
  description?: string | undefined;
  _zod: {
    def: {
      type: string;
      innerType?: Schema;
      element?: Schema;
      entries?: object;
      options?: readonly Schema[];
      defaultValue?: unknown;
    };
  };
}

export function settingsOf(algorithm: Algorithm): Setting[] {
  return Object.entries(algorithm.options.shape).map(([name, schema]) => {
    let inner = schema as unknown as Schema;
    let fallback: unknown;
    const { description = "" } = inner;
    for (; inner._zod.def.innerType !== undefined; inner = inner._zod.def.innerType) {
      if (inner._zod.def.type === "default") fallback = inner._zod.def.defaultValue;
    }
    return {
      name,
      type: typeName(inner),
      ...(fallback !== undefined && { default: formatValue(fallback) }),
      description,
    };
  });
}

/** A value as it is typed after --set: 0.98, [64,64], linear:0.001:0.0001. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && "kind" in value && "from" in value) {
    const { kind, from, to } = value as { kind: string; from: number; to?: number };
    if (kind === "linear" || kind === "cosine") return [kind, from, ...(to === undefined ? [] : [to])].join(":");
  }
  return JSON.stringify(value);
}

/** key=value for the settings that are not the algorithm's defaults. */
export function changedSettings(algorithm: Algorithm, options: Readonly<Record<string, unknown>>): string[] {
  const defaults = new Map(settingsOf(algorithm).map((setting) => [setting.name, setting.default]));
  return Object.entries(options)
    .filter(([name, value]) => value !== undefined && formatValue(value) !== defaults.get(name))
    .map(([name, value]) => `${name}=${formatValue(value)}`);
}

/** The settings of the algorithm named among the arguments; without one, how to see them. */
export function settingsHelp(args: readonly string[]): string {
  const name = args.find((word) => Object.hasOwn(algorithms, word));
  if (name === undefined) {
    const rows = Object.values(algorithms).map((algorithm) => [`  ${algorithm.name}`, algorithm.summary]);
    return `\nAlgorithms:${table(["", ""], rows)}\n\nascent train ALGORITHM --help lists its settings.\n`;
  }
  const algorithm = algorithms[name];
  const rows = settingsOf(algorithm).map(({ name, type, default: value = "–", description }) => [
    `  ${name}`,
    type,
    value,
    description,
  ]);
  const presets = Object.entries(algorithm.presets).map(([env, { steps, options }]) => {
    const values = Object.entries(options).map(([key, value]) => `${key}=${formatValue(value)}`);
    return `  ${env}, ${grouped(steps)} steps: ${values.join(" ")}`;
  });
  const tuned = presets.length > 0 ? `\n\nPresets, used unless settings say otherwise:\n${presets.join("\n")}` : "";
  return `\nSettings of ${name} (${algorithm.summary}), for --set and --config:\n${table(
    ["  name", "type", "default", ""],
    rows,
  )}${tuned}\n`;
}

function typeName({ _zod: { def } }: Schema): string {
  switch (def.type) {
    case "boolean":
      return "true|false";
    case "enum":
      return Object.keys(def.entries ?? {}).join("|");
    case "array":
      return def.element === undefined ? "list" : `[${typeName(def.element)},…]`;
    case "union":
      return (def.options ?? []).map(typeName).join("|");
    case "pipe":
      return "number or schedule";
    default:
      return def.type;
  }
}
