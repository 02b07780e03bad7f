/** Whether two arrays hold the same numbers, bit for bit: in a fraction of the time that `toEqual` takes for thousands. */
export function identical(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.from(a).every((x, i) => Object.is(x, b[i]));
}
