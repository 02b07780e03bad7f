/** A link's pairs while they are read: each key is taken once; what nobody takes is refused in the end. */
import { didYouMean, type Problem } from "ascent-rl";
import { problemText, shown } from "./problem.ts";

export class LinkReader {
  readonly problems: string[];
  readonly #pairs: Map<string, string>;
  readonly #all: ReadonlySet<string>;

  constructor(pairs: ReadonlyMap<string, string>, problems: readonly string[]) {
    this.#pairs = new Map(pairs);
    this.#all = new Set(pairs.keys());
    this.problems = [...problems];
  }

  /** The value of a key, where the link has it. */
  take(key: string): string | undefined {
    const value = this.#pairs.get(key);
    this.#pairs.delete(key);
    return value;
  }

  /** All keys left that begin so and go on like this, with what stands behind the beginning, and their values. */
  takeAll(start: string, on = /^/): [rest: string, value: string][] {
    const keys = [...this.#pairs.keys()].filter((key) => key.startsWith(start) && on.test(key.slice(start.length)));
    return keys.map((key) => [key.slice(start.length), this.take(key)!]);
  }

  /** Whether the link speaks of this side. */
  hasSide(side: "a" | "b"): boolean {
    return [...this.#pairs.keys()].some((key) => key === side || key.startsWith(`${side}.`));
  }

  /** Whether the link has this key, taken or not. */
  had(key: string): boolean {
    return this.#all.has(key);
  }

  refuse(problem: Problem): void {
    this.problems.push(problemText(problem));
  }

  refuseRest(known: readonly string[]): void {
    for (const [key, value] of this.#pairs) {
      this.refuse({
        what: `The link says ${shown(key)}, which means nothing here`,
        got: shown(`${key}=${value}`),
        fix: `${didYouMean(key, known)}It is passed over.`,
      });
    }
    this.#pairs.clear();
  }
}
