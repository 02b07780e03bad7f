/**
 * Tasks with one right answer, which a formula verifies: sort digits, reverse them, add two numbers. Demonstrations are right;
 * imitating few of them is not enough, and the reward goes on where they end.
 */

import { checkOptions, type OptionChecks, optional, wholeNumber } from "../../arguments/checks.ts";
import type { RandomStream } from "../../random/index.ts";
import { characterTokenizer } from "../tokenizer/characterTokenizer.ts";
import { drawRows } from "./draws.ts";
import { lettersOf } from "./letters.ts";
import type { CompletionMeasure, TextWorld } from "./textWorld.ts";
import { worldModel } from "./worldModel.ts";

export interface RewritingOptions {
  /** Digits of a line, 1 to 32 (default 8); of `addition`, of each number, 1 to 12 (default 2). */
  length?: number;
}

interface Task {
  readonly name: string;
  readonly summary: string;
  readonly length: number;
  readonly promptLength: number;
  readonly answerLength: number;
  question(random: RandomStream): string;
  /** @param text a question, without the "=". */
  answer(text: string): string;
}

const checks: OptionChecks<RewritingOptions> = { length: optional(wholeNumber(1, 32)) };
const additionChecks: OptionChecks<RewritingOptions> = { length: optional(wholeNumber(1, 12)) };

/** "31415926=" → "11234569". @throws AscentError "option" for options out of range. */
export function sortWorld(options: RewritingOptions = {}): TextWorld {
  checkOptions("sortWorld", checks, options);
  const { length = 8 } = options;
  return rewritingWorld({
    ...lineTask(length),
    name: "sort",
    summary: `${length} digits in rising order; reward: half for right places, half for all of them`,
    answer: (text) => [...text].sort().join(""),
  });
}

/** "31415926=" → "62951413". @throws AscentError "option" for options out of range. */
export function reverseWorld(options: RewritingOptions = {}): TextWorld {
  checkOptions("reverseWorld", checks, options);
  const { length = 8 } = options;
  return rewritingWorld({
    ...lineTask(length),
    name: "reverse",
    summary: `${length} digits from last to first; reward: half for right places, half for all of them`,
    answer: (text) => [...text].reverse().join(""),
  });
}

/** "17+25=" → "240": the sum from its last digit to its first, as one adds by hand. @throws AscentError "option" for options out of range. */
export function additionWorld(options: RewritingOptions = {}): TextWorld {
  checkOptions("additionWorld", additionChecks, options);
  const { length = 2 } = options;
  return rewritingWorld({
    name: "addition",
    summary: `sums of two numbers of ${length} digits, last digit first; reward: half for right places, half for all of them`,
    length,
    promptLength: 2 * length + 1,
    answerLength: length + 1,
    question: (random) => `${digits(random, length)}+${digits(random, length)}`,
    answer(text) {
      const [a, b] = text.split("+");
      const sum = String(Number(a) + Number(b)).padStart(length + 1, "0");
      return [...sum].reverse().join("");
    },
  });
}

function lineTask(length: number) {
  return {
    length,
    promptLength: length,
    answerLength: length,
    question: (random: RandomStream) => digits(random, length),
  };
}

function digits(random: RandomStream, count: number): string {
  return Array.from({ length: count }, () => random.integer(10)).join("");
}

function rewritingWorld(task: Task): TextWorld {
  const characters = "0123456789+=";
  const tokenizer = characterTokenizer(characters);
  const { idsOf, read, endToken } = lettersOf(tokenizer, characters);
  const promptOf = (random: RandomStream) => idsOf(`${task.question(random)}=`);
  const rightAnswer = (prompt: readonly number[]) => task.answer(read(prompt).text.slice(0, -1));
  const solution = (prompt: readonly number[]) => [...idsOf(rightAnswer(prompt)), endToken];

  /** The share of places, the end's too, that hold what they should. */
  const rightPlaces: CompletionMeasure = (prompt, completion) => {
    const wanted = solution(prompt);
    return wanted.filter((token, i) => completion[i] === token).length / wanted.length;
  };
  const exactMatch: CompletionMeasure = (prompt, completion) => {
    const { text, ended } = read(completion);
    return ended && text === rightAnswer(prompt) ? 1 : 0;
  };

  return {
    name: task.name,
    summary: task.summary,
    tokenizer,
    maxNewTokens: task.answerLength + 1,
    model: worldModel({
      vocabularySize: tokenizer.vocabularySize,
      tokenizer,
      contextLength: task.promptLength + task.answerLength + 2,
      width: 64,
      layers: 2,
      heads: 4,
    }),
    prompts: (count, seed) => drawRows("prompts", "prompts", count, seed, promptOf),
    demonstrations: (count, seed) =>
      drawRows("demonstrations", "demonstrations", count, seed, (random) => {
        const prompt = promptOf(random);
        return { prompt, completion: solution(prompt) };
      }),
    reward: (prompt, completion) => (rightPlaces(prompt, completion) + exactMatch(prompt, completion)) / 2,
    measures: { exactMatch, rightPlaces },
    solution,
    preferences: (count, seed) =>
      drawRows("preferences", "preferences", count, seed, (random) => {
        const prompt = promptOf(random);
        const chosen = solution(prompt);
        const rejected = [...chosen];
        // Another digit in one place: wrong by as little as can be.
        const place = random.integer(task.answerLength);
        const [digit] = idsOf(String((Number(rightAnswer(prompt)[place]) + 1 + random.integer(9)) % 10));
        rejected[place] = digit;
        return { prompt, chosen, rejected };
      }),
  };
}
