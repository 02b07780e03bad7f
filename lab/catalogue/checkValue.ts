/**
 * A setting's value against the catalogue: what the page can say at once, without the library. The library itself judges once more
 * where a run begins.
 */
import type { JsonValue } from "ascent-rl";
import type { OptionFacts } from "./catalogue.ts";
import { recordOf } from "./recordOf.ts";

/** Undefined where the value fits; else what would: "a number from 0 to 1". null means unset, which fits everywhere. */
export function expectedInstead(option: OptionFacts, value: JsonValue): string | undefined {
  return value === null || fits(option, value) ? undefined : option.expected;
}

function fits(option: OptionFacts, value: JsonValue): boolean {
  switch (option.kind) {
    case "integer":
      return Number.isSafeInteger(value) && isWithin(option, value as number);
    case "number":
      return Number.isFinite(value) && isWithin(option, value as number);
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return typeof value === "string" && option.choices!.includes(value);
    case "schedule":
      return isSchedule(value);
    case "list":
      return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && isWithin(option, one as number));
    case "limit":
      return value === "none" || (typeof value === "number" && Number.isFinite(value) && value > 0);
    case "other":
      return true;
  }
}

function isWithin({ min, max, above, below }: OptionFacts, value: number): boolean {
  return (
    value >= (min ?? Number.NEGATIVE_INFINITY) &&
    value <= (max ?? Number.POSITIVE_INFINITY) &&
    value > (above ?? Number.NEGATIVE_INFINITY) &&
    value < (below ?? Number.POSITIVE_INFINITY)
  );
}

const isRate = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value) && value >= 0;

/** What objects of a kind hold beside `kind` and `from` is the library's to say, as that of "steps". */
function isSchedule(value: JsonValue): boolean {
  if (isRate(value)) return true;
  const { kind, from, to, milestones } = recordOf(value) ?? {};
  if (!isRate(from)) return false;
  if (kind === "linear" || kind === "cosine") return to === undefined || isRate(to);
  return kind === "steps" && Array.isArray(milestones);
}
