/**
 * A prompt and what follows it as token ids. The rule: the prompt's ids are those of the prompt alone, as a model is given them when
 * it generates, and the completion's are those that follow in the ids of the whole text. Where a token of the whole reaches across the
 * boundary (the prompt's ids are then no beginning of the whole's), the completion is tokenized by itself. So the text is
 * always that of prompt and completion, and nothing of a completion is lost or counted as prompt.
 *
 * A BOS that the tokenizer adds comes once: not before a text that begins with it. An EOS that it adds is left out, since it would
 * end a prompt; completions get theirs here, once.
 */

import type { ChatMessage } from "../tokenizer/chatTemplate.ts";
import type { TextTokenizer } from "../tokenizer/textTokenizer.ts";
import type { Turns } from "./examples.ts";

export interface Joined {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
  /** A token reached across the boundary. */
  readonly crossed: boolean;
}

export interface TurnsTokenizer {
  /** Ids of a prompt to be completed. */
  prompt(turns: Turns): number[];
  /** Ids of a whole text, or conversation, to learn from; its EOS included. */
  whole(turns: Turns): number[];
  join(prompt: Turns, completion: Turns): Joined;
}

/**
 * @param addEos whether texts get an EOS at their end unless they have one. A conversation ends as its template ends it.
 */
export function turnsTokenizer(tokenizer: TextTokenizer, addEos: boolean): TurnsTokenizer {
  const before = addedBefore(tokenizer);

  const plain = (text: string) => tokenizer.encode(text, { addSpecial: false });
  const framed = (text: string) => {
    const ids = plain(text);
    return before.length > 0 && !startsWith(ids, before) ? [...before, ...ids] : ids;
  };
  const ended = (ids: number[]) => {
    if (addEos && tokenizer.eosId !== undefined && ids.at(-1) !== tokenizer.eosId) ids.push(tokenizer.eosId);
    return ids;
  };

  const after = (prompt: readonly number[], whole: readonly number[], completion: string): Joined => {
    if (startsWith(whole, prompt)) return { prompt, completion: whole.slice(prompt.length), crossed: false };
    const alone = plain(completion);
    // Some tokenizers put a blank before every text: then the token at the boundary goes to the completion.
    if (tokenizer.decode([...prompt, ...alone]) !== tokenizer.decode(whole))
      return { ...atLastCommon(prompt, whole), crossed: true };
    return { prompt, completion: alone, crossed: true };
  };

  const joinTexts = (prompt: string, completion: string): Joined => {
    const joined = after(framed(prompt), framed(prompt + completion), completion);
    return { ...joined, completion: ended([...joined.completion]) };
  };

  const joinConversations = (prompt: readonly ChatMessage[], completion: readonly ChatMessage[]): Joined => {
    const opening = openingOf(tokenizer, prompt);
    const whole = tokenizer.chat([...prompt, ...completion]);
    if (whole.text.startsWith(opening.text))
      return after(opening.ids, whole.ids, whole.text.slice(opening.text.length));
    // Templates may open an answer otherwise than they write one that is there (a place to think, say).
    return { ...atLastCommon(opening.ids, whole.ids), crossed: false };
  };

  return {
    prompt: (turns) => (typeof turns === "string" ? framed(turns) : [...openingOf(tokenizer, turns).ids]),
    whole: (turns) => (typeof turns === "string" ? ended(framed(turns)) : tokenizer.chat(turns).ids),
    join(prompt, completion) {
      if (typeof prompt === "string" && typeof completion === "string") return joinTexts(prompt, completion);
      return joinConversations(asMessages(prompt, "user"), asMessages(completion, "assistant"));
    },
  };
}

/** How many ids two sequences begin with alike. */
export function commonLength(one: readonly number[], other: readonly number[]): number {
  const least = Math.min(one.length, other.length);
  for (let i = 0; i < least; i++) if (one[i] !== other[i]) return i;
  return least;
}

function atLastCommon(prompt: readonly number[], whole: readonly number[]) {
  const end = commonLength(prompt, whole);
  return { prompt: whole.slice(0, end), completion: whole.slice(end) };
}

/** What a prompt's conversation opens: the assistant's answer, or the rest of one that it has begun already. */
function openingOf(
  tokenizer: TextTokenizer,
  messages: readonly ChatMessage[],
): { text: string; ids: readonly number[] } {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return tokenizer.chat(messages, { generationPrompt: true });
  const { text } = tokenizer.chat(messages);
  const content = last.content.trim();
  const cut = text.slice(0, text.lastIndexOf(content) + content.length);
  return { text: cut, ids: tokenizer.encode(cut, { addSpecial: false }) };
}

/** What the tokenizer adds before every text. An EOS at the end of an empty one stands after it. */
function addedBefore(tokenizer: TextTokenizer): number[] {
  const added = tokenizer.encode("");
  const endsText = added.at(-1) === tokenizer.eosId && (added.length > 1 || tokenizer.eosId !== tokenizer.bosId);
  return added.length > 0 && endsText ? added.slice(0, -1) : added;
}

function asMessages(turns: Turns, role: string): readonly ChatMessage[] {
  return typeof turns === "string" ? [{ role, content: turns }] : turns;
}

function startsWith(ids: readonly number[], start: readonly number[]): boolean {
  return commonLength(ids, start) === start.length;
}
