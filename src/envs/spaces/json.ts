/** Spaces to JSON and back, for saved policies: bounds may be infinite, which JSON cannot say by itself. */
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { exactNumber, fromExact, toExact } from "../exactNumbers.ts";
import { firstIssue } from "../firstIssue.ts";
import { box, dict, discrete, multiBinary, multiDiscrete, refuseSpace, type Space } from "./kinds.ts";

const form = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("box"),
    shape: z.array(z.number()),
    low: z.array(exactNumber),
    high: z.array(exactNumber),
  }),
  z.object({ kind: z.literal("discrete"), n: z.number(), start: z.number() }),
  z.object({ kind: z.literal("multiDiscrete"), categories: z.array(z.number()) }),
  z.object({ kind: z.literal("multiBinary"), n: z.number() }),
  // A list of pairs, so that the order of columns never depends on what a JSON library does with object keys.
  z.object({ kind: z.literal("dict"), fields: z.array(z.tuple([z.string(), z.unknown()])) }),
]);

/** The space as a JSON-able object. */
export function spaceToJson(space: Space): unknown {
  if (space?.kind === undefined) refuseSpace("spaceToJson", space);
  if (space.kind === "box") return { ...space, low: toExact(space.low), high: toExact(space.high) };
  if (space.kind !== "dict") return { ...space };
  return { kind: "dict", fields: Object.entries(space.fields).map(([name, field]) => [name, spaceToJson(field)]) };
}

/** The space that `spaceToJson` wrote. Throws AscentError "space" for anything else. */
export function spaceFromJson(json: unknown): Space {
  const parsed = form.safeParse(json);
  if (!parsed.success) {
    throw new AscentError("space", {
      what: "This is not a space",
      got: firstIssue(parsed.error),
      expected: "what spaceToJson writes",
      fix: "Make the space with box, discrete, multiDiscrete, multiBinary or dict, and write it with spaceToJson.",
    });
  }
  const data = parsed.data;
  switch (data.kind) {
    case "box":
      return box({ shape: data.shape, low: fromExact(data.low), high: fromExact(data.high) });
    case "discrete":
      return discrete(data.n, data.start);
    case "multiDiscrete":
      return multiDiscrete(data.categories);
    case "multiBinary":
      return multiBinary(data.n);
    case "dict":
      return dict(Object.fromEntries(data.fields.map(([name, field]) => [name, spaceFromJson(field)])));
  }
}
