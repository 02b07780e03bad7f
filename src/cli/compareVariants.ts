/** From the words of `ascent compare` to its variants. */
import { existsSync } from "node:fs";
import { AscentError } from "../errors.ts";
import type { Variant } from "../node/compare/request.ts";
import { readJson } from "../node/jsonFile.ts";
import { algorithmNamed } from "../training/train.ts";
import { addSetting, type Settings } from "./arguments.ts";
import { withLists } from "./settings.ts";

export interface VariantFlags {
  /** Settings and the values to try, of each --vary. */
  vary?: readonly [key: string, values: readonly string[]][];
  variant?: readonly string[];
  variants?: string;
  set?: Settings;
}

/**
 * @param words algorithms, each alone or with its settings behind it: "ppo", "ppo gamma=0.98 hidden=64,64".
 * @throws AscentError for an unknown algorithm, for variants given in more than one way, or in none.
 */
export function variantsFrom(words: readonly string[], flags: VariantFlags): Variant[] {
  const { vary = [], variant = [], variants, set = {} } = flags;
  requireOneWay(words, flags);
  const bases = words.map(parseWords);
  const named = [
    ...variant.map((text) => namedVariant(text, bases[0])),
    ...(variants === undefined ? [] : variantsOfFile(variants, bases[0])),
  ];
  if (named.length > 0) return named.map((one) => withCommon(set, one));
  return bases.flatMap((base) =>
    combinations(vary).map((chosen) => {
      const settings = chosen.reduce((sum, text) => addSetting(text, sum), base.settings);
      // What is varied is the name; the algorithm too where there are several.
      const own = bases.length > 1 || chosen.length === 0 ? [base.text] : [];
      return withCommon(set, { name: [...own, ...chosen].join(" "), algorithm: base.algorithm, options: settings });
    }),
  );
}

function requireOneWay(words: readonly string[], { vary = [], variant = [], variants }: VariantFlags): void {
  const isNamed = variant.length > 0 || variants !== undefined;
  if (isNamed && (vary.length > 0 || words.length > 1)) {
    throw new AscentError("option", {
      what: vary.length > 0 ? "--vary does not go with --variant" : "Several algorithms do not go with --variant",
      fix: "Write each variant as a --variant; with them, at most one algorithm is named in front, of which they are.",
    });
  }
  if (!isNamed && words.length === 0) {
    throw new AscentError("option", {
      what: "There is nothing to compare",
      fix: 'Name algorithms, as in `ascent compare ppo a2c --env CartPole-v1`, or --variant "NAME: ALGORITHM key=value".',
    });
  }
}

interface Words {
  text: string;
  algorithm: Variant["algorithm"];
  settings: Settings;
}

function parseWords(text: string): Words {
  const [name, ...settings] = wordsOf(text);
  return { text: text.trim(), algorithm: algorithmNamed(name ?? "").name, settings: settingsOf(settings, text) };
}

/** "NAME: ALGORITHM key=value …", without the algorithm where there is one in front. */
function namedVariant(text: string, base: Words | undefined): Variant {
  const at = text.indexOf(":");
  const name = text.slice(0, Math.max(0, at)).trim();
  // Schedules have colons too: "learningRate=linear:1e-3" is no name.
  if (name === "" || name.includes("=")) {
    throw new AscentError("option", {
      what: "A --variant has no name",
      got: JSON.stringify(text),
      expected: '"NAME: ALGORITHM key=value …"',
      fix: "Write a name and a colon in front.",
    });
  }
  const [first, ...rest] = wordsOf(text.slice(at + 1));
  if (first === undefined || first.includes("=")) {
    const settings = first === undefined ? [] : [first, ...rest];
    const { algorithm, settings: common } = baseOf(name, base);
    return { name, algorithm, options: { ...common, ...settingsOf(settings, text) } };
  }
  return { name, algorithm: algorithmNamed(first).name, options: settingsOf(rest, text) };
}

/** What a variant that names no algorithm is one of. */
function baseOf(name: string, base: Words | undefined): Words {
  if (base !== undefined) return base;
  throw new AscentError("option", {
    what: `Variant "${name}" names no algorithm`,
    fix: `Write it behind the name ("${name}: ppo …"), or once in front of all: \`ascent compare ppo --variant …\`.`,
  });
}

/** A JSON list of { "name", "algorithm", "options" }. */
function variantsOfFile(path: string, base: Words | undefined): Variant[] {
  if (!existsSync(path)) {
    throw new AscentError("file", { what: `There is no file ${path}`, fix: "Check the path given with --variants." });
  }
  const content = readJson(path);
  if (!Array.isArray(content) || content.length === 0 || !content.every(isVariant)) {
    throw new AscentError("file", {
      what: `${path} holds no variants`,
      got: JSON.stringify(content).slice(0, 60),
      expected: "a JSON list of objects",
      fix: 'Write them as in [{ "name": "small steps", "algorithm": "ppo", "options": { "learningRate": 1e-4 } }].',
    });
  }
  return content.map(({ algorithm, ...rest }) => {
    const name = typeof rest["name"] === "string" ? rest["name"] : undefined;
    if (algorithm === undefined) {
      const { algorithm, settings } = baseOf(name ?? "without a name", base);
      return { ...rest, algorithm, options: { ...settings, ...rest["options"] } };
    }
    // What is no text is refused, as what it is, where the variants are checked.
    return { ...rest, algorithm: algorithmNamed(algorithm as string).name };
  });
}

/** What goes for all variants counts less than what one says itself. */
function withCommon(set: Settings, { algorithm, options, ...rest }: Variant): Variant {
  return { ...rest, algorithm, options: withLists(algorithmNamed(algorithm), { ...set, ...options }) };
}

function settingsOf(words: readonly string[], text: string): Settings {
  for (const word of words) {
    if (word.indexOf("=") > 0) continue;
    throw new AscentError("option", {
      what: `"${text}" has a word that is no setting`,
      got: word,
      expected: "key=value behind the algorithm",
      fix: "Join lists by commas without blanks (hidden=64,64); several algorithms are several words, each in quotes of its own.",
    });
  }
  return words.reduce<Settings>((sum, word) => addSetting(word, sum), {});
}

/** Every choice of one value for each key, as key=value. */
function combinations(vary: NonNullable<VariantFlags["vary"]>): string[][] {
  return vary.reduce<string[][]>(
    (chosen, [key, values]) => chosen.flatMap((some) => values.map((value) => [...some, `${key}=${value}`])),
    [[]],
  );
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/** What else there is in it is checked with the variants. */
function isVariant(value: unknown): value is { [key: string]: unknown; options?: Settings } {
  return isObject(value) && (value["options"] === undefined || isObject(value["options"]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
