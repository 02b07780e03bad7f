import { expect, test } from "vitest";
import { characterTokenizer } from "../../../src/language/tokenizer/characterTokenizer.ts";
import { shownText } from "../../../src/language/tokenizer/shownText.ts";

const tokenizer = characterTokenizer("ab\n\t\u001b\u007f\u009b\u202e😀0123456789");
const shown = (text: string, longest?: number) => shownText(tokenizer, tokenizer.encode(text), longest);

test("special tokens are shown, on one line", () => {
  expect(shown("<bos>a\nb\t😀<eos><pad>")).toBe("<bos>a⏎b␉😀<eos><pad>");
});

test("what a model writes does nothing to a terminal", () => {
  expect(shown("\u001ba\u007f\u009b\u202e")).toBe("␛a␡��");
});

test("long texts lose their middle", () => {
  expect(shown("0123456789".repeat(5), 10)).toBe("012345…789");
  expect(shown("0123456789", 10)).toBe("0123456789");
  expect(shown("01234", 3)).toBe("01…");
});
