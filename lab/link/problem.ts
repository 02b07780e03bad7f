/** What is wrong with a link, in the library's own words for errors. */
import { AscentError, type Problem } from "ascent-rl";

/** "WHAT: got …, expected …. FIX" */
export function problemText(problem: Problem): string {
  return new AscentError("option", problem).message;
}

/** Texts as errors show them: in quotes, long ones cut. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);
}
