/**
 * The tests' net, tried: plants the bugs listed in scripts/mutants, one at a time, in a copy of the tree, and says which test
 * sees each. Run by hand; it takes minutes to hours. A bug that no test sees ends it with exit code 1.
 *
 *   npm run mutants [-- NAME … | --list] [--jobs N] [--patience N]      NAME: of a bug, or the beginning of its file's path
 *
 * The file's own tests come first, then those of its folder, then the whole fast suite, each up to the first failure. What hangs
 * counts as seen, and is marked: on a busy machine look whether it could, or give more --patience, by which all time limits are
 * multiplied. The stored trace does not count: one command makes it anew, bug and all.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";
import { join } from "node:path";
import { again } from "./mutants/again.mjs";
import { copyTree, runNode } from "./mutants/copy.mjs";
import { drawn } from "./mutants/drawn.mjs";
import { engine } from "./mutants/engine.mjs";
import { environments } from "./mutants/environments.mjs";
import { language } from "./mutants/language.mjs";
import { learning } from "./mutants/learning.mjs";
import { named } from "./mutants/named.mjs";
import { outside } from "./mutants/outside.mjs";
import { fail } from "./setup/report.mjs";
import { root, setUp } from "./setup.mjs";

const mutants = [...engine, ...environments, ...language, ...learning, ...outside, ...named, ...drawn, ...again];
/** Makes itself anew with one command, so it holds nothing. */
const TRACE = "test/algorithms/trace.test.ts";
/** Folders of src whose tests lie elsewhere. */
const TESTS_OF = { options: ["training", "cli"], learners: ["learners", "algorithms"] };
const args = process.argv.slice(2);
const jobs = Number(takeOption("--jobs") ?? 1);
const patience = Number(takeOption("--patience") ?? 1);
const NEAR_SECONDS = 600 * patience;
const ALL_SECONDS = 2400 * patience;

/** Why the list is not usable, one line for each bug that cannot be planted. */
function problemsOf(list) {
  const names = new Set();
  return list.flatMap(({ name, file, find, put }) => {
    const found = existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8").split(find).length - 1 : 0;
    const twice = names.has(name) ? [`${name}: there are two of this name`] : [];
    names.add(name);
    if (find === put) twice.push(`${name}: changes nothing`);
    return found === 1 ? twice : [...twice, `${name}: its text is ${found} times in ${file}; it must be there once`];
  });
}

/** The first failure of a run of Vitest, or undefined when all pass. */
async function firstFailure(folder, tests, seconds) {
  const report = join(folder, "vitest-report.json");
  // A test that is slow on a busy machine has seen nothing.
  const slow = String(180_000 * patience);
  const limits = ["--testTimeout", slow, "--hookTimeout", slow];
  const options = ["--bail", "1", "--exclude", TRACE, ...limits, "--reporter=json", `--outputFile=${report}`];
  const run = await runNode(folder, ["node_modules/vitest/vitest.mjs", "run", ...tests, ...options], seconds);
  if (run.late) return `HANGS: still running after ${seconds} s`;
  if (run.status === 0) return undefined;
  const { testResults = [] } = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
  for (const { name, assertionResults, message } of testResults) {
    const file = name.slice(name.indexOf("test/"));
    const failed = assertionResults.find(({ status }) => status === "failed");
    if (failed !== undefined) return `${file}: ${failed.fullName}`;
    if (message) return `${file}: ${message.split("\n")[0]}`;
  }
  if (run.output.includes("No test files found")) throw new Error(`There are no tests in ${tests.join(", ")}.`);
  return `outside of every test: ${run.output.trim().split("\n").at(-1)}`;
}

/** Where a bug is most likely seen, the nearest first: the file's own tests, then those of its folder. */
function testsNear({ file, tests }) {
  const [, folder] = file.split("/");
  const name = file.split("/").pop().replace(".ts", ".test.ts");
  const own = [file.replace("src/", "test/").replace(".ts", ".test.ts"), `test/${folder}/${name}`];
  const around = (TESTS_OF[folder] ?? [folder]).map((name) => `test/${name}/`);
  const there = (paths) => paths.filter((path) => existsSync(join(root, path)));
  return [tests ?? there(own), there(around)].filter((paths) => paths.length > 0);
}

async function tryOne(copy, mutant) {
  const { problem, restore } = await copy.plant(mutant);
  try {
    if (problem !== undefined) return { mutant, problem };
    for (const tests of testsNear(mutant)) {
      const killer = await firstFailure(copy.folder, tests, NEAR_SECONDS);
      if (killer !== undefined) return { mutant, killer };
    }
    return { mutant, killer: await firstFailure(copy.folder, [], ALL_SECONDS) };
  } finally {
    restore();
  }
}

function show({ mutant, killer, problem }, begin) {
  const verdict = problem ? "UNUSABLE" : killer ? "killed" : "SURVIVED";
  const seconds = Math.round((performance.now() - begin) / 1000);
  console.log(
    `${verdict.padEnd(9)} ${mutant.name.padEnd(32)} ${String(seconds).padStart(4)} s  ${problem ?? killer ?? mutant.bug}`,
  );
}

function takeOption(name) {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args.splice(at, 2)[1];
}

const isChosen = (words, { name, file }) => words.some((word) => name === word || file.startsWith(word));

if (args.includes("--list")) {
  for (const { name, file, bug } of mutants) console.log(`${name.padEnd(32)} ${file}: ${bug}`);
} else {
  const unknown = args.find((word) => !mutants.some((mutant) => isChosen([word], mutant)));
  if (unknown) fail(`there is no bug "${unknown}"; --list shows them.`);
  if (!(Number.isInteger(jobs) && jobs >= 1)) fail("--jobs takes a whole number of 1 or more.");
  if (!(patience > 0)) fail("--patience takes a number above 0.");
  const problems = problemsOf(mutants);
  if (problems.length > 0)
    fail(`some bugs cannot be planted any more:\n${problems.map((line) => `  ${line}`).join("\n")}`);
  setUp();
  setPriority(10);
  await run(mutants.filter((mutant) => args.length === 0 || isChosen(args, mutant)));
}

async function run(chosen) {
  const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root, encoding: "utf8" });
  const files = listed.stdout.split("\n").filter((file) => file !== "" && existsSync(join(root, file)));
  const copies = Array.from({ length: jobs }, () => copyTree(root, files));
  const queue = [...chosen];
  const results = [];
  try {
    const before = await firstFailure(copies[0].folder, [], ALL_SECONDS);
    if (before !== undefined) throw new Error(`Without any bug the suite fails already: ${before}`);
    await Promise.all(
      copies.map(async (copy) => {
        for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
          const begin = performance.now();
          const result = await tryOne(copy, mutant);
          show(result, begin);
          results.push(result);
        }
      }),
    );
  } finally {
    for (const copy of copies) copy.remove();
  }
  const killed = results.filter(({ killer }) => killer !== undefined).length;
  const unusable = results.filter(({ problem }) => problem !== undefined).length;
  console.log(
    `\n${killed} of ${results.length - unusable} killed (${Math.round((100 * killed) / (results.length - unusable))} %)`,
  );
  if (killed < results.length) process.exitCode = 1;
}
