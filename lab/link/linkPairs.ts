/** The address' hash as keys and values, with what is too long or said twice left out and named. Knows no key. */
import { problemText, shown } from "./problem.ts";

/** Characters of a whole link, of a key, of a value, and of the text of an environment. */
const MOST = { link: 16_000, key: 80, value: 400, source: 8000 };

export interface LinkPairs {
  readonly pairs: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** @param hash with or without "#", such as "#bench?v=1&a=ppo". */
export function linkPairs(hash: string): LinkPairs {
  const problems: string[] = [];
  const pairs = new Map<string, string>();
  if (hash.length > MOST.link) {
    problems.push(
      problemText({
        what: "The link is too long",
        got: `${hash.length} characters`,
        expected: `at most ${MOST.link}`,
        fix: "Copy it again from the page that made it; nothing of it is applied.",
      }),
    );
    return { pairs, problems };
  }
  const query = hash.includes("?") ? hash.slice(hash.indexOf("?") + 1) : "";
  for (const [key, value] of new URLSearchParams(query)) {
    const most = key.endsWith(".source") ? MOST.source : MOST.value;
    if (key.length > MOST.key || value.length > most) {
      problems.push(
        problemText({
          what: `${shown(key)} in the link is too long`,
          got: key.length > MOST.key ? `a name of ${key.length} characters` : `${value.length} characters`,
          expected: `at most ${key.length > MOST.key ? MOST.key : most}`,
          fix: "It is left out.",
        }),
      );
    } else if (pairs.has(key)) {
      problems.push(
        problemText({ what: `The link says ${shown(key)} twice`, got: shown(value), fix: "The first one counts." }),
      );
    } else {
      pairs.set(key, value);
    }
  }
  return { pairs, problems };
}
