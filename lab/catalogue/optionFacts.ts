/** A setting's schema as plain data: which control it has, its bounds, choices and default. Runs when the page is built. */
import type { JsonValue } from "ascent-rl";
import { z } from "zod";
import type { OptionFacts, OptionKind } from "./catalogue.ts";
import { groupOf, isCommon } from "./groups.ts";

/** The part of a JSON schema that settings use. */
interface JsonSchema {
  type?: string;
  enum?: readonly string[];
  anyOf?: readonly JsonSchema[];
  items?: JsonSchema;
  properties?: Readonly<Record<string, unknown>>;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

/** @param isChangeable whether a run can change it between two iterations. */
export function optionFacts(name: string, field: z.core.$ZodType, isChangeable: boolean): OptionFacts {
  const schema = z.toJSONSchema(field, { io: "input", unrepresentable: "any" }) as JsonSchema;
  const kind = kindOf(schema);
  const bounds = boundsOf(kind === "list" ? (schema.items ?? {}) : schema);
  // An optional setting has no default; one with a default is filled in for undefined.
  const fallback = z.safeParse(field, undefined).data as JsonValue | undefined;
  return {
    name,
    kind,
    expected: expectedOf(kind, schema, bounds),
    description: z.globalRegistry.get(field)?.description ?? "",
    group: groupOf(name),
    isCommon: isCommon(name),
    isChangeable,
    ...bounds,
    ...(schema.enum !== undefined && { choices: schema.enum }),
    ...(fallback !== undefined && { default: fallback }),
  };
}

function kindOf({ type, enum: choices, anyOf, items }: JsonSchema): OptionKind {
  if (choices !== undefined) return "choice";
  if (anyOf !== undefined) {
    if (anyOf.some(({ properties = {} }) => "kind" in properties)) return "schedule";
    const isLimit = anyOf.length === 2 && anyOf[0].type === "number" && anyOf[1].enum?.join() === "none";
    return isLimit ? "limit" : "other";
  }
  if (type === "array") return items?.type === "integer" ? "list" : "other";
  return type === "integer" || type === "number" || type === "boolean" ? type : "other";
}

type Bounds = Pick<OptionFacts, "min" | "max" | "above" | "below">;

function boundsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): Bounds {
  const [min, max] = [minimum, maximum].map((bound) =>
    bound === undefined || Math.abs(bound) === Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(exclusiveMinimum !== undefined && { above: exclusiveMinimum }),
    ...(exclusiveMaximum !== undefined && { below: exclusiveMaximum }),
  };
}

function expectedOf(kind: OptionKind, { enum: choices = [] }: JsonSchema, bounds: Bounds): string {
  switch (kind) {
    case "integer":
      return `a whole number${rangeText(bounds)}`;
    case "number":
      return `a number${rangeText(bounds)}`;
    case "boolean":
      return "true or false";
    case "choice":
      return `one of ${choices.join(", ")}`;
    case "schedule":
      return "a number ≥ 0, linear:FROM:TO or cosine:FROM:TO";
    case "list":
      return `whole numbers${rangeText(bounds)} joined by commas, such as 64,64`;
    case "limit":
      return "a number > 0, or none";
    case "other":
      return "a value as in the command line's help";
  }
}

function rangeText({ min, max, above, below }: Bounds): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  const signs: readonly [string, number | undefined][] = [
    ["≥", min],
    [">", above],
    ["≤", max],
    ["<", below],
  ];
  return signs
    .filter(([, bound]) => bound !== undefined)
    .map(([sign, bound]) => ` ${sign} ${bound}`)
    .join(",");
}
