/** Two worlds small enough to read: every text with its probability in π_ref and its reward. The first is the example of docs/theory.md. */
import { logitsOf, type SequenceWorld, sequenceProbabilities, sequenceWorld } from "ascent-rl/mdp";

export type ListedWorldName = "answers" | "pairs";

export interface ListedWorld {
  readonly world: SequenceWorld;
  /** Of each text [count]. */
  readonly names: readonly string[];
  /** Logits of π_ref [prefixes × vocabulary]. */
  readonly referenceLogits: Float64Array;
  /** π_ref [count] */
  readonly reference: Float64Array;
  /** [count] */
  readonly rewards: Float64Array;
}

const LETTERS = "abcd";

/** Of each prefix, first the empty one, the probabilities of its next token; and the rewards of the texts in their order. */
const WORLDS: Readonly<
  Record<ListedWorldName, { vocabulary: number; length: number; next: readonly number[]; rewards: readonly number[] }>
> = {
  answers: { vocabulary: 4, length: 1, next: [0.5, 0.3, 0.15, 0.05], rewards: [1, 0, 2, -1] },
  // After a the best text is rare, after b the good ones are common: what a token leads to costs differently.
  pairs: {
    vocabulary: 3,
    length: 2,
    next: [0.5, 0.3, 0.2, 0.7, 0.25, 0.05, 0.4, 0.4, 0.2, 0.34, 0.33, 0.33],
    rewards: [0, -0.5, 2.5, 1, 1.5, 0, -1, 0.5, 0],
  },
};

export function listedWorld(name: ListedWorldName): ListedWorld {
  const { vocabulary, length, next, rewards } = WORLDS[name];
  const world = sequenceWorld({ vocabulary, length });
  const names = Array.from({ length: world.count }, (_, y) =>
    Array.from(world.tokens.subarray(y * length, (y + 1) * length), (token) => LETTERS[token]).join(""),
  );
  const { tokens, prefixOf } = world;
  const written = Float64Array.from({ length: world.count }, (_, y) => {
    let probability = 1;
    for (let k = y * length; k < (y + 1) * length; k++) probability *= next[prefixOf[k] * vocabulary + tokens[k]];
    return probability;
  });
  const referenceLogits = logitsOf(world, written);
  const reference = sequenceProbabilities(world, referenceLogits);
  return { world, names, referenceLogits, reference, rewards: Float64Array.from(rewards) };
}
