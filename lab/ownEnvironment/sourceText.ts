/**
 * The text of an environment of one's own, made ready to stand in a worker's module: `export default` is what the text gives back,
 * imports of "ascent-rl" are what the worker offers. Lines stay where they are, so that an error's line is the reader's.
 */

/** What a text may use of the library without importing it. */
export const OFFERED: readonly string[] = [
  "RandomStream",
  "box",
  "dict",
  "discrete",
  "multiBinary",
  "multiDiscrete",
  "streams",
];

export interface EnvironmentText {
  /** An expression that gives what the text exports; its line 2 is the text's line 1. */
  code: string;
  /** What it uses of the library. */
  names: readonly string[];
}

/** What can be seen to be wrong without running it. */
export interface TextProblem {
  message: string;
  line: number;
}

const OWN_IMPORT = /^[ \t]*import\s*\{([^}]*)\}\s*from\s*["']ascent-rl["'][ \t]*;?/gm;
const LONGEST = 8000;

/** The text as an expression, or what is wrong with it. */
export function environmentFromSource(source: string): EnvironmentText | TextProblem {
  if (source.length > LONGEST) {
    return {
      message: `The text has ${source.length} characters; at most ${LONGEST} fit into a link. Shorten it.`,
      line: 1,
    };
  }
  const imported: string[] = [];
  const body = source.replace(OWN_IMPORT, (statement, list: string) => {
    imported.push(...list.split(",").map((name) => name.trim()));
    return statement.replace(/[^\n]/g, "");
  });
  const bare = withoutWords(body);
  const foreign = /\bimport\b/.exec(bare);
  if (foreign !== null) {
    const message = `Only import { … } from "ascent-rl" is possible here; ${OFFERED.join(", ")} are there without it.`;
    return { message, line: lineAt(bare, foreign.index) };
  }
  const exported = [...bare.matchAll(/\bexport\b(\s+default\b)?/g)];
  const [first] = exported;
  if (first?.[1] === undefined || exported.length > 1) {
    const message =
      "The text must have one export: export default () => ({ … }), a function that makes one environment.";
    return { message, line: first === undefined ? 1 : lineAt(bare, (exported[1] ?? first).index) };
  }
  const unknown = imported.find((name) => name !== "" && !OFFERED.includes(name));
  if (unknown !== undefined) {
    const message = `"${unknown}" is not offered here. There are ${OFFERED.join(", ")}.`;
    return { message, line: lineAt(source, source.indexOf(unknown)) };
  }
  const at = first.index;
  const kept = `${body.slice(0, at)}return${body.slice(at + first[0].length)}`;
  const names = OFFERED.filter((name) => new RegExp(`\\b${name}\\b`).test(bare));
  return {
    code: `(() => {\n${kept}\n})()`,
    names: [...new Set([...names, ...imported.filter((name) => name !== "")])],
  };
}

export function isProblem(text: EnvironmentText | TextProblem): text is TextProblem {
  return "message" in text;
}

/** The text with comments and quoted words blanked out, everything else in its place. */
function withoutWords(text: string): string {
  const quoted = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  return text.replace(quoted, (found) => found.replace(/[^\n]/g, " "));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
