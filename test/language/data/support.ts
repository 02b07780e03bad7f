/** What tests of data share: the recorded tokenizer's likeness, records out of objects, rows as lists. */

import type { TextRecord } from "../../../src/language/data/records/record.ts";
import { readTextData, type TextData, type TextDataOptions } from "../../../src/language/data/textData.ts";
import { type TextTokenizer, textTokenizer } from "../../../src/language/tokenizer/textTokenizer.ts";

export function recordsOf(examples: readonly Record<string, unknown>[], file = "train.jsonl"): TextRecord[] {
  return examples.map((fields, i) => ({ fields, place: `${file}, line ${i + 1}` }));
}

export function readAll(
  examples: readonly Record<string, unknown>[],
  tokenizer: TextTokenizer,
  options?: TextDataOptions,
): Promise<TextData> {
  return readTextData(recordsOf(examples), tokenizer, options);
}

export function rowsOf(data: TextData): unknown[] {
  return Array.from({ length: data.rows.length }, (_, i) => data.rows.at(i));
}

/** A BPE tokenizer of few merges, such that "ab" and "bc" are tokens: ids <pad> 0, <bos> 1, <eos> 2, a 3, b 4, c 5, blank 6, ab 7, bc 8. */
export function mergingTokenizer({ bos = false, eos = false, pad = true, prefixSpace = false } = {}): TextTokenizer {
  const special = ["<pad>", "<bos>", "<eos>"];
  const tokens = [...special, "a", "b", "c", "Ġ", "ab", "bc"];
  const added = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const single = [
    ...(bos ? [added("<bos>")] : []),
    { Sequence: { id: "A", type_id: 0 } },
    ...(eos ? [added("<eos>")] : []),
  ];
  return textTokenizer(
    {
      added_tokens: special.map((content, id) => ({ id, content, special: true, normalized: false })),
      normalizer: null,
      pre_tokenizer: { type: "ByteLevel", add_prefix_space: prefixSpace, use_regex: false },
      post_processor: {
        type: "TemplateProcessing",
        single,
        pair: single,
        special_tokens: {
          "<bos>": { id: "<bos>", ids: [1], tokens: ["<bos>"] },
          "<eos>": { id: "<eos>", ids: [2], tokens: ["<eos>"] },
        },
      },
      decoder: { type: "ByteLevel" },
      model: {
        type: "BPE",
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges: [
          ["a", "b"],
          ["b", "c"],
        ],
        ignore_merges: false,
      },
    },
    {
      bos_token: "<bos>",
      eos_token: "<eos>",
      ...(pad ? { pad_token: "<pad>" } : {}),
      chat_template:
        "{% for m in messages %}{{ m.role[0] }}{{ m.content }}{% if m.role == 'assistant' %}<eos>{% endif %}{% endfor %}{% if add_generation_prompt %}a{% endif %}",
    },
  );
}
