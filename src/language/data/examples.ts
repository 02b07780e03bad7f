/**
 * TRL's data formats: which fields a record has, what they make of it, and whether they hold what they must. Texts and
 * conversations as they stand in the file; nothing is tokenized here.
 */

import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { didYouMean } from "../../nearest.ts";
import { type ChatMessage, messagesFault } from "../tokenizer/chatTemplate.ts";
import { isObject } from "../tokenizer/tokenizerFiles.ts";
import type { TextRecord } from "./records/record.ts";

/** A text, or a conversation to be rendered by the tokenizer's chat template. */
export type Turns = string | readonly ChatMessage[];

export type TextExample =
  | { readonly kind: "language-modelling"; readonly text: Turns }
  | { readonly kind: "prompt-only"; readonly prompt: Turns }
  | { readonly kind: "prompt-completion"; readonly prompt: Turns; readonly completion: Turns }
  | { readonly kind: "unpaired"; readonly prompt: Turns; readonly completion: Turns; readonly label: boolean }
  | {
      readonly kind: "preference";
      /** Without one it is what both answers begin with. */
      readonly prompt?: Turns;
      readonly chosen: Turns;
      readonly rejected: Turns;
      readonly margin?: number;
    };

export type TextKind = TextExample["kind"];

/** All fields that mean something, of which a file has some; all others are passed over. */
export const TEXT_FIELDS = [
  "text",
  "messages",
  "conversations",
  "prompt",
  "completion",
  "chosen",
  "rejected",
  "label",
  "margin",
] as const;
type Field = (typeof TEXT_FIELDS)[number];

/** The fields of each kind, for errors. */
const FORMS =
  "text or messages; prompt; prompt and completion; prompt, completion and label; chosen and rejected, with a prompt or without";

/**
 * What a record is an example of. The kind is that of the first of these fields that are there: chosen or rejected
 * (preference), completion with label (unpaired) or without (prompt-completion), text, messages or conversations
 * (language-modelling), prompt (prompt-only). A field that is null counts as not there.
 *
 * Messages may be written as { role, content } or { from, value }. A prompt that is a text beside conversations chosen and rejected
 * is passed over: they begin with it.
 *
 * @throws AscentError "file" naming file, line and field.
 */
export function readExample(record: TextRecord): TextExample {
  const { fields } = record;
  const has = (field: Field) => fields[field] !== undefined && fields[field] !== null;
  if (has("chosen") || has("rejected")) return preference(record, has("prompt"), has("margin"));
  if (Array.isArray(fields.completions)) throw stepwise(record);
  if (has("completion")) {
    const prompt = turns(record, "prompt");
    const completion = turns(record, "completion");
    requireSameForm(record, "prompt", prompt, "completion", completion);
    if (!has("label")) return { kind: "prompt-completion", prompt, completion };
    return { kind: "unpaired", prompt, completion, label: label(record) };
  }
  const whole = (["messages", "conversations", "text"] as const).find(has);
  if (whole !== undefined) return { kind: "language-modelling", text: turns(record, whole) };
  if (has("prompt")) return { kind: "prompt-only", prompt: turns(record, "prompt") };
  throw unknownFields(record);
}

function preference(record: TextRecord, hasPrompt: boolean, hasMargin: boolean): TextExample {
  const chosen = turns(record, "chosen");
  const rejected = turns(record, "rejected");
  requireSameForm(record, "chosen", chosen, "rejected", rejected);
  const margin = hasMargin ? { margin: number(record, "margin") } : {};
  const prompt = hasPrompt ? turns(record, "prompt") : undefined;
  const isImplicit = prompt === undefined || (typeof prompt === "string" && typeof chosen !== "string");
  if (isImplicit) return { kind: "preference", chosen, rejected, ...margin };
  requireSameForm(record, "prompt", prompt, "chosen", chosen);
  return { kind: "preference", prompt, chosen, rejected, ...margin };
}

function turns({ fields, place }: TextRecord, field: Field): Turns {
  const value = fields[field];
  if (typeof value === "string") return value;
  const messages = Array.isArray(value) ? value.map(asMessage) : value;
  if (Array.isArray(messages) && messages.length === 0 && field !== "prompt")
    throw wrongField(place, field, value, "at least one message");
  const fault = messagesFault(messages);
  if (fault === undefined) return messages as readonly ChatMessage[];
  const expected = fault.at === "" ? "a text or a list of messages" : fault.expected;
  throw wrongField(place, `${field}${fault.at}`, fault.got, expected);
}

/** Other members of a message (names, tool calls) go to the template as they are. */
function asMessage(message: unknown): unknown {
  if (!isObject(message) || !("from" in message || "value" in message)) return message;
  const { from, value, ...rest } = message;
  return { ...rest, role: message.role ?? from, content: message.content ?? value };
}

function label({ fields, place }: TextRecord): boolean {
  const value = fields.label;
  if (typeof value === "boolean") return value;
  if (value === 0 || value === 1) return value === 1;
  throw wrongField(place, "label", value, "true or false");
}

function number({ fields, place }: TextRecord, field: Field): number {
  const value = fields[field];
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw wrongField(place, field, value, "a finite number");
}

function requireSameForm({ place }: TextRecord, name: string, one: Turns, other: string, value: Turns): void {
  if ((typeof one === "string") === (typeof value === "string")) return;
  const wanted = typeof one === "string" ? `a text, as "${name}" is` : `a list of messages, as "${name}" is`;
  throw wrongField(place, other, value, wanted);
}

function wrongField(place: string, field: string, got: unknown, expected: string): AscentError {
  const fix = got === undefined ? `Give every example a "${field}".` : "Correct the file there.";
  return new AscentError("file", { what: `${place}: "${field}"`, got: describeValue(got), expected, fix });
}

function unknownFields({ fields, place }: TextRecord): AscentError {
  const names = Object.keys(fields);
  const meant = names.map((name) => didYouMean(name, TEXT_FIELDS)).find((words) => words !== "") ?? "";
  return new AscentError("file", {
    what: `${place}: no field that says what to learn`,
    got: names.length === 0 ? "no fields" : names.map((name) => `"${name}"`).join(", "),
    expected: FORMS,
    fix: `${meant}Rename the fields.`,
  });
}

function stepwise({ place }: TextRecord): AscentError {
  return new AscentError("file", {
    what: `${place}: completions by steps are not supported`,
    got: '"completions"',
    expected: FORMS,
    fix: "Write whole completions, each with a label, to learn from them as unpaired preferences.",
  });
}
