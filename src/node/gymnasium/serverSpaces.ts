/** What the Python server says of its environments: the form of its READY, and the spaces in it. */
import { z } from "zod";
import { box, dict, discrete, multiBinary, multiDiscrete, type Space } from "../../envs/spaces.ts";

const bound = z.union([z.number(), z.enum(["inf", "-inf"])]);
const bounds = z.union([bound, z.array(bound)]);
const spaceForm = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("box"), shape: z.array(z.int().min(1)), low: bounds, high: bounds }),
  z.object({ kind: z.literal("discrete"), n: z.int(), start: z.int() }),
  z.object({ kind: z.literal("multiDiscrete"), categories: z.array(z.int()) }),
  z.object({ kind: z.literal("multiBinary"), n: z.int() }),
  z.object({
    kind: z.literal("dict"),
    fields: z.array(z.tuple([z.string(), z.unknown()])),
  }),
]);

export const readyForm = z.object({
  version: z.literal(1),
  observationSpace: z.unknown(),
  actionSpace: z.unknown(),
  numbers: z.enum(["uint8", "float32", "float64"]),
  maskSize: z.int().min(0),
});

type Bound = z.infer<typeof bound>;

const numberOf = (x: Bound): number => (typeof x === "number" ? x : x === "inf" ? Infinity : -Infinity);
const boundsOf = (x: Bound | Bound[]) => (Array.isArray(x) ? x.map(numberOf) : numberOf(x));

/** @throws what the form or the space's maker says against it. */
export function spaceOf(described: unknown): Space {
  const space = spaceForm.parse(described);
  switch (space.kind) {
    case "box":
      return box({ shape: space.shape, low: boundsOf(space.low), high: boundsOf(space.high) });
    case "discrete":
      return discrete(space.n, space.start);
    case "multiDiscrete":
      return multiDiscrete(space.categories);
    case "multiBinary":
      return multiBinary(space.n);
    case "dict":
      return dict(Object.fromEntries(space.fields.map(([name, field]) => [name, spaceOf(field)])));
  }
}
