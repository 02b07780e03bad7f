/** What the tests of the lab's studies share. */

/** What a study ends with. */
export function lastOf<Output>(study: Iterable<Output>): Output {
  let last: Output | undefined;
  for (const output of study) last = output;
  if (last === undefined) throw new Error("the study gave nothing");
  return last;
}
