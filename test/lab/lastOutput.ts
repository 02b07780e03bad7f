/** Studies run to their end, as the tests of the lab's figures need them. */

/** All that a study yields, in order. */
export async function outputsOf<Output>(
  outputs: Generator<Output, void> | AsyncGenerator<Output, void>,
): Promise<Output[]> {
  const all: Output[] = [];
  for await (const output of outputs) all.push(output);
  return all;
}

/** The best that a study comes to. */
export async function lastOutput<Output>(
  outputs: Generator<Output, void> | AsyncGenerator<Output, void>,
): Promise<Output> {
  const all = await outputsOf(outputs);
  return all[all.length - 1];
}
