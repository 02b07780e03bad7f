/** What values a setting takes, in plain words, read off its schema: for lists of settings and for errors. */
import { z } from "zod";

/** The part of a JSON schema that settings use. */
interface JsonSchema {
  type?: string;
  enum?: readonly unknown[];
  anyOf?: readonly JsonSchema[];
  items?: JsonSchema;
  properties?: Readonly<Record<string, unknown>>;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
}

function jsonSchemaOf(field: z.core.$ZodType): JsonSchema {
  return z.toJSONSchema(field, { io: "input", unrepresentable: "any" }) as JsonSchema;
}

/** Such as "whole number ≥ 1", "number from 0 to 1", "list of whole numbers ≥ 1", "adam|sgd". */
export function settingType(field: z.core.$ZodType): string {
  return typeText(jsonSchemaOf(field));
}

/** The same as a part of a sentence: "a whole number ≥ 1", "one of adam|sgd". */
export function settingExpected(field: z.core.$ZodType): string {
  const schema = jsonSchemaOf(field);
  const text = typeText(schema);
  if (schema.enum !== undefined) return `one of ${text}`;
  if (schema.type === "boolean") return "true or false";
  return schema.type === "array" ? `a ${text}, such as 64,64 or [64,64]` : `a ${text}`;
}

/** Whether a setting's value is a list and nothing else. */
export function isList(field: z.core.$ZodType): boolean {
  return jsonSchemaOf(field).type === "array";
}

function typeText(schema: JsonSchema, plural = ""): string {
  if (schema.enum !== undefined) return schema.enum.join("|");
  if (schema.anyOf !== undefined) {
    const isSchedule = schema.anyOf.some(({ properties = {} }) => "kind" in properties);
    return isSchedule ? "number or schedule" : schema.anyOf.map((one) => typeText(one)).join("|");
  }
  switch (schema.type) {
    case "boolean":
      return "true|false";
    case "integer":
      return `whole number${plural}${range(schema)}`;
    case "number":
      return `number${plural}${range(schema)}`;
    case "array":
      return `list of ${typeText(schema.items ?? {}, "s")}`;
    case "string":
      return `text${plural}`;
    default:
      return `object${plural}`;
  }
}

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  const bounds: [string, number | undefined][] = [
    ["≥", least],
    [">", exclusiveMinimum],
    ["≤", most],
    ["<", exclusiveMaximum],
  ];
  return bounds.flatMap(([sign, bound]) => (bound === undefined ? [] : [` ${sign} ${bound}`])).join(",");
}
