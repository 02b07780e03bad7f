/** "Did you mean": the suggestion that errors make for a name which is not known. */
import { distance } from "fastest-levenshtein";

/** "Did you mean "…"? ", for the start of a `fix`; empty when no known name is like the one given. */
export function didYouMean(name: string, known: readonly string[]): string {
  let best: string | undefined;
  let least = Math.max(2, name.length / 3);
  for (const candidate of known) {
    // Capital letters are what is mistyped most often.
    const apart = Math.min(distance(name, candidate), 1 + distance(name.toLowerCase(), candidate.toLowerCase()));
    if (apart > least || (best !== undefined && apart === least)) continue;
    best = candidate;
    least = apart;
  }
  // Of a longer name the known one may be a part: maxSteps, steps.
  best ??= known.find((candidate) => candidate.length > 3 && name.toLowerCase().endsWith(candidate.toLowerCase()));
  return best === undefined ? "" : `Did you mean "${best}"? `;
}
