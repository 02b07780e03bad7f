/** Seeds as text: 0-7 for eight in a row, 3,7,11 for some. Pure. */

/** @param seeds whole numbers ≥ 0 */
export function textOfSeeds(seeds: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < seeds.length; ) {
    let last = i;
    while (last + 1 < seeds.length && seeds[last + 1] === seeds[last] + 1) last++;
    const isRow = last - i >= 2;
    parts.push(isRow ? `${seeds[i]}-${seeds[last]}` : `${seeds[i]}`);
    i = isRow ? last + 1 : i + 1;
  }
  return parts.join();
}

/** Undefined where the text is no list of 1 to `most` different seeds. */
export function seedsOfText(text: string, most: number): number[] | undefined {
  const seeds: number[] = [];
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d{1,15})\s*(?:-\s*(\d{1,15})\s*)?$/.exec(part) ?? [];
    if (first === undefined) return undefined;
    const [from, to] = [Number(first), Number(last)];
    if (to < from || to - from >= most) return undefined;
    for (let seed = from; seed <= to; seed++) seeds.push(seed);
  }
  const fits = seeds.length <= most && new Set(seeds).size === seeds.length;
  return fits ? seeds : undefined;
}
