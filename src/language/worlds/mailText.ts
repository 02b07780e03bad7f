/**
 * What a reader sees of a mail: its subject and the words of its body, without the header, the tags and the encoded files, which
 * would give away where it came from. No mail parser: parts and encodings are left as they stand.
 */

import { checkArgument, text as textCheck } from "../../arguments/checks.ts";

/** Lines of an encoded file: long, and of nothing but the letters of base 64. */
const ENCODED = /^[A-Za-z0-9+/=]{50,}$/;

/**
 * Subject, a line break, then the body in one line.
 *
 * @param raw header lines, an empty line, the body; a mail without an empty line is all body.
 * @throws AscentError "option" for what is no text.
 */
export function mailText(raw: string): string {
  checkArgument("mailText: raw", textCheck, raw);
  const lines = raw.replaceAll("\r\n", "\n").split("\n");
  const end = lines.indexOf("");
  const header = end < 0 ? [] : lines.slice(0, end);
  const subject = header.find((line) => /^subject:/i.test(line))?.replace(/^subject:/i, "") ?? "";
  const body = lines.slice(end + 1).filter((line) => !ENCODED.test(line.trim()));
  const words = body
    .join(" ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&[a-z]+;|&#\d+;/gi, " ");
  return `${oneLine(subject)}\n${oneLine(words)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
