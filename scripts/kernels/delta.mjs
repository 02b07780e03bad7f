/**
 * One file as its differences from another: the two builds of the kernels are nearly the same bytes. An edit is three numbers in
 * base 36: so many bytes of the literals, then from so far behind the end of the last copy so many bytes of the base.
 */

/** Shorter matches cost more than the bytes they save. */
const SHORTEST = 6;

/** @returns {{ edits: string, literals: Buffer }} what `applyDelta` makes `target` of. */
export function writeDelta(base, target) {
  const places = new Map();
  for (let i = 0; i + SHORTEST <= base.length; i++) {
    const key = base.toString("latin1", i, i + SHORTEST);
    if (!places.has(key)) places.set(key, []);
    places.get(key).push(i);
  }
  const numbers = [];
  const literals = [];
  let behind = 0;
  let literal = 0;
  for (let i = 0; i < target.length; ) {
    const { at, length } = longest(base, target, i, places, behind);
    if (length === 0) {
      literals.push(target[i++]);
      literal++;
      continue;
    }
    numbers.push(literal, at - behind, length);
    literal = 0;
    behind = at + length;
    i += length;
  }
  if (literal > 0) numbers.push(literal, 0, 0);
  return { edits: numbers.map((n) => n.toString(36)).join(), literals: Buffer.from(literals) };
}

/** The longest match of target from i on; of equals, the nearest to where the last copy ended. */
function longest(base, target, i, places, behind) {
  let best = { at: 0, length: 0 };
  for (const at of places.get(target.toString("latin1", i, i + SHORTEST)) ?? []) {
    let length = 0;
    while (at + length < base.length && i + length < target.length && base[at + length] === target[i + length])
      length++;
    const nearer = Math.abs(at - behind) < Math.abs(best.at - behind);
    if (length > best.length || (length === best.length && nearer)) best = { at, length };
  }
  return best;
}

/** The target. Its twin in the library is src/tensor/kernels/embedded.ts. */
export function applyDelta(base, edits, literals) {
  const parts = [];
  const numbers = edits.split(",").map((n) => Number.parseInt(n, 36));
  let at = 0;
  let literal = 0;
  for (let i = 0; i < numbers.length; i += 3) {
    parts.push(literals.subarray(literal, literal + numbers[i]));
    literal += numbers[i];
    at += numbers[i + 1];
    parts.push(base.subarray(at, at + numbers[i + 2]));
    at += numbers[i + 2];
  }
  return Buffer.concat(parts);
}
