/** Conversations as text, by the chat template of a tokenizer's files. Rendering is @huggingface/jinja's. */

import { Template } from "@huggingface/jinja";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { isObject } from "./tokenizerFiles.ts";

export interface ChatMessage {
  /** Such as "system", "user", "assistant". */
  readonly role: string;
  readonly content: string;
}

export interface ChatTemplate {
  render(values: Record<string, unknown>): string;
}

type Config = Readonly<Record<string, unknown>>;

/**
 * The template of chat_template.jinja where there is one, else the config's: a text, or of several named ones the "default".
 *
 * @throws AscentError "file" for anything else, or one that cannot be read.
 */
export function chatTemplateOf(config: Config, file: string | undefined): ChatTemplate | undefined {
  const given = file ?? config.chat_template;
  if (given === undefined || given === null) return undefined;
  const text = typeof given === "string" ? given : namedTemplates(given).default;
  if (typeof text !== "string") {
    throw new AscentError("file", {
      what: "tokenizer_config.json: chat_template",
      got: describeValue(given),
      expected: 'a text, or named templates with one called "default"',
      fix: "Name the template to use default.",
    });
  }
  try {
    return new Template(text);
  } catch (cause) {
    throw templateError("The chat template cannot be read", cause);
  }
}

/** A list of { name, template }, or an object of templates by name. */
function namedTemplates(given: unknown): Readonly<Record<string, unknown>> {
  if (!Array.isArray(given)) return isObject(given) ? given : {};
  return Object.fromEntries(given.filter(isObject).map(({ name, template }) => [name, template]));
}

/**
 * @throws AscentError "option" where there is no template, or it refuses the conversation.
 */
export function renderChat(
  template: ChatTemplate | undefined,
  config: Config,
  messages: readonly ChatMessage[],
  generationPrompt: boolean,
): string {
  if (template === undefined) {
    throw new AscentError("option", {
      what: "The tokenizer has no chat template",
      got: "a conversation",
      expected: "text",
      fix: "Write prompts and completions as texts, or give the tokenizer's config a chat_template.",
    });
  }
  const special = Object.entries(config)
    .filter(([name]) => name.endsWith("_token"))
    .map(([name, token]) => [name, isObject(token) ? token.content : token]);
  try {
    return template.render({
      ...Object.fromEntries(special),
      messages: messages.map((message) => ({ ...message })),
      // Transformers always gives these two, so that templates may ask whether they are none.
      tools: null,
      documents: null,
      add_generation_prompt: generationPrompt,
    });
  } catch (cause) {
    throw templateError("The chat template refuses the conversation", cause);
  }
}

/**
 * @throws AscentError "option" unless it is a list of messages, each with a role and a content.
 */
export function checkMessages(what: string, messages: unknown): asserts messages is readonly ChatMessage[] {
  const fault = messagesFault(messages);
  if (fault === undefined) return;
  throw new AscentError("option", {
    what: `${what}${fault.at}`,
    got: describeValue(fault.got),
    expected: fault.expected,
    fix: 'Write messages as { role: "user", content: "…" }.',
  });
}

/** What is wrong with a value as a list of messages; undefined where nothing is. `at` follows the list's name: `[2].role`. */
export function messagesFault(messages: unknown): { at: string; got: unknown; expected: string } | undefined {
  if (!Array.isArray(messages)) return { at: "", got: messages, expected: "a list of messages" };
  for (const [index, message] of messages.entries()) {
    if (!isObject(message)) return { at: `[${index}]`, got: message, expected: "a message with role and content" };
    for (const field of ["role", "content"] as const) {
      if (typeof message[field] !== "string")
        return { at: `[${index}].${field}`, got: message[field], expected: "a text" };
    }
  }
  return undefined;
}

function templateError(what: string, cause: unknown): AscentError {
  return new AscentError(
    "option",
    {
      what,
      got: cause instanceof Error ? cause.message : String(cause),
      fix: "Look at the roles and their order, or give another chat_template.",
    },
    { cause },
  );
}
