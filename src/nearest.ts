/** "Did you mean": the suggestion that errors make for a name which is not known. */

/** Letters to change, add or leave out until the one is the other (Levenshtein 1966), row by row of the table. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= to.length; j++) {
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1)));
    }
  }
  return row[to.length];
}

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
  // A name without its end, as CartPole of CartPole-v1; and of a longer name the known one may be a part: maxSteps, steps.
  best ??= known.find((candidate) => name.length > 3 && candidate.toLowerCase().startsWith(name.toLowerCase()));
  best ??= known.find((candidate) => candidate.length > 3 && name.toLowerCase().endsWith(candidate.toLowerCase()));
  return best === undefined ? "" : `Did you mean "${best}"? `;
}
