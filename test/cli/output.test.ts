/** Words for terminals: paths a shell takes for one word, and texts folded to its width. */
import { expect, test } from "vitest";
import { addSetting } from "../../src/cli/arguments.ts";
import { fold, foldedTable, shellPath } from "../../src/cli/output.ts";

test.each([
  ["linux", "runs/ppo-CartPole-v1-0", "runs/ppo-CartPole-v1-0"],
  ["linux", "my runs/a", "'my runs/a'"],
  ["darwin", "it's", "'it'\\''s'"],
  ["linux", "runs\\a", "'runs\\a'"],
  ["win32", "runs\\ppo-CartPole-v1-0", "runs\\ppo-CartPole-v1-0"],
  ["win32", "C:\\my runs\\a", '"C:\\my runs\\a"'],
])("on %s, %s is typed %s", (platform, path, typed) => {
  expect(shellPath(path, platform)).toBe(typed);
});

test("folding breaks at spaces and behind bars, and loses nothing", () => {
  expect(fold("one two three", 7)).toEqual(["one two", "three"]);
  expect(fold("tanh|relu|sigmoid", 10)).toEqual(["tanh|relu|", "sigmoid"]);
  expect(fold("indivisible", 4)).toEqual(["indivisible"]);
  expect(fold("", 4)).toEqual([""]);
  expect(foldedTable(["a", "b"], [["x", "two words"]], [5, 5])).toBe("a  b\nx  two\n   words");
});

test.each([
  ["hidden=128,128", [128, 128]],
  ["hidden=[128,128]", [128, 128]],
  ["hidden=128, 64", [128, 64]],
  ["hidden=128,", "128,"],
  ["name=a,b", "a,b"],
  ["name=1e-3", 1e-3],
  ["name=null", undefined],
])("--set %s", (text, value) => {
  expect(Object.values(addSetting(text))).toEqual([value]);
});
