/** The text of an environment of one's own as a constant of a larger program. Text alone. */

/** What such a text may use of the library without importing it, as in the page. */
const OFFERED: readonly string[] = [
  "RandomStream",
  "box",
  "dict",
  "discrete",
  "multiBinary",
  "multiDiscrete",
  "streams",
];

export interface OwnEnvironmentCode {
  /** A constant that holds what the text exports: a function that makes one environment. */
  code: string;
  /** What it needs of "ascent-rl". */
  names: readonly string[];
}

/** @param source the text of a module with `export default`, as the page's editor has it. */
export function ownEnvironmentCode(constant: string, source: string): OwnEnvironmentCode {
  const imported: string[] = [];
  const body = source
    .replace(/^[ \t]*import\s*\{([^}]*)\}\s*from\s*["']ascent-rl["'];?[ \t]*\n?/gm, (_, list: string) => {
      imported.push(...list.split(",").map((name) => name.trim()));
      return "";
    })
    .replace(/\bexport\s+default\b/, "return")
    .trim();
  const used = OFFERED.filter((name) => new RegExp(`\\b${name}\\b`).test(body));
  // In a function of its own, so that its names meet no others.
  return {
    code: `const ${constant} = (() => {\n${body}\n})();`,
    names: [...new Set([...imported.filter((name) => name !== ""), ...used])],
  };
}
