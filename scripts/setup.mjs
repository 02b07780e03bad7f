/**
 * All the set-up a fresh clone needs, with nothing but Node and npm: packages, WebAssembly kernels, dist/, and in dist/lab the page.
 * Each step runs only when its inputs have changed; when none has, it prints nothing.
 *
 *   node scripts/setup.mjs [--install-only | --no-build] [--force]
 *
 *   --install-only  packages only            --no-build  packages and kernels, not dist/
 *   --force         rebuild kernels and dist/ (those asked for) even when nothing changed
 *
 * Built-in modules only: it runs before anything is installed.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { shipKernels } from "./kernels/ship.mjs";
import { hashOf, listFiles, stampOf } from "./setup/fingerprint.mjs";
import { installedPackages, installPackages } from "./setup/install.mjs";
import { takeLock } from "./setup/lock.mjs";
import { fail, say } from "./setup/report.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
const stampFile = join(root, ".setup-stamp.json");
const assembly = "src/tensor/kernels/assembly";
const generated = "src/tensor/kernels/generated";
/** What package.json says under engines. */
const OLDEST = [20, 19];

const steps = {
  kernels: {
    title: "compiling the kernels to WebAssembly",
    inputs: [assembly, "scripts/build-kernels.mjs", "scripts/kernels"],
    outputs: [generated],
    run: () => runNode(["scripts/build-kernels.mjs"], "The kernels could not be compiled."),
  },
  build: {
    title: "compiling TypeScript to dist/",
    inputs: ["src", "tsconfig.json", "tsconfig.build.json", "scripts/kernels/ship.mjs"],
    skip: (path) => path === assembly,
    outputs: ["dist"],
    notOutputs: (path) => path === "dist/lab",
    run: compileTypeScript,
  },
  lab: {
    title: "building the lab's page to dist/lab/",
    inputs: ["lab", "src", "tsconfig.json", "scripts/lab/build.mjs"],
    skip: (path) => path === assembly,
    outputs: ["dist/lab"],
    run: () => runNode(["scripts/lab/build.mjs"], "The page could not be built."),
  },
};

function runNode(args, failure) {
  const run = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (run.status !== 0) fail(failure);
}

/** Files of src/ that dist/ holds unchanged. */
const asTheyAre = ["node/gymnasium/server.py", "node/gymnasium/pipeWorker.mjs"];

/** Compiles beside dist/ and puts the result in its place, so that a failed build leaves the last good one. */
function compileTypeScript() {
  const fresh = join(root, "dist.new");
  rmSync(fresh, { recursive: true, force: true });
  const failure = "TypeScript could not be compiled; dist/ is as it was.";
  runNode(["node_modules/typescript/lib/tsc.js", "-p", "tsconfig.build.json", "--outDir", "dist.new"], failure);
  shipKernels(join(root, generated), join(fresh, "kernels"));
  for (const file of asTheyAre) copyFileSync(join(root, "src", file), join(fresh, file));
  const command = join(fresh, "cli/main.js");
  if (existsSync(command)) chmodSync(command, 0o755);
  rmSync(join(root, "dist"), { recursive: true, force: true });
  renameSync(fresh, join(root, "dist"));
}

function readStamps() {
  try {
    return JSON.parse(readFileSync(stampFile, "utf8"));
  } catch {
    return {};
  }
}

/** The packages are as the lock file wants them: the same lock as when last checked, every folder still there, npm not run since. */
function packagesCurrent(stamp, lock) {
  if (stamp?.lock !== lock || stamp.npm !== npmStamp()) return false;
  return stamp.packages.every((folder) => existsSync(join(root, folder, "package.json")));
}

/** npm rewrites this file whenever it changes node_modules. */
function npmStamp() {
  return stampOf(root, listFiles(root, ["node_modules/.package-lock.json"]));
}

function setUpPackages(stamps, lock) {
  if (packagesCurrent(stamps.install, lock)) return;
  let packages = installedPackages(root);
  // Package versions alone do not show that an optional one went missing; a folder that was there must still be there.
  if (packages && stamps.install?.lock === lock && stamps.install.packages.length > packages.length)
    packages = undefined;
  if (!packages) {
    timed("installing packages (npm ci)", () => installPackages(root));
    packages = installedPackages(root);
    if (!packages) fail("npm ci ended well, but packages of package-lock.json are missing from node_modules.");
  }
  stamps.install = { lock, npm: npmStamp(), packages };
}

function setUpStep(stamps, name, lock, force) {
  const { title, inputs, skip, outputs, notOutputs, run } = steps[name];
  const old = stamps[name];
  const files = () => listFiles(root, inputs, skip);
  const produced = () => stampOf(root, listFiles(root, outputs, notOutputs), { times: false });
  const current = !force && old?.lock === lock && old.outputs === produced();
  let inputFiles = files();
  const stamp = stampOf(root, inputFiles);
  if (current && old.stamp === stamp) return;
  const hash = hashOf(root, inputFiles);
  if (current && old.hash === hash) {
    stamps[name] = { ...old, stamp };
    return;
  }
  delete stamps[name];
  saveStamps(stamps);
  timed(title, run);
  inputFiles = listFiles(root, outputs);
  if (inputFiles.length === 0) fail(`${title} left nothing in ${outputs.join(", ")}.`);
  stamps[name] = { lock, stamp, hash, outputs: produced() };
}

function timed(title, work) {
  say(`${title} …`);
  const start = performance.now();
  work();
  say(`done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

function saveStamps(stamps) {
  writeFileSync(`${stampFile}.new`, JSON.stringify(stamps));
  renameSync(`${stampFile}.new`, stampFile);
}

/**
 * Sets up what is asked for and returns; ends the process with exit code 1 and a message when that is not possible.
 * `through` is the last of the steps wanted: "install", "kernels", "build" or "lab".
 */
export function setUp({ through = "build", force = false } = {}) {
  const { node } = process.versions;
  const [major, minor] = node.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    fail(`Node ${node} is too old: this needs Node ${OLDEST.join(".")} or newer (https://nodejs.org).`);
  const release = takeLock(join(root, ".setup.lock"));
  const stamps = readStamps();
  const before = JSON.stringify(stamps);
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  setUpPackages(stamps, lock);
  if (through !== "install") setUpStep(stamps, "kernels", lock, force);
  if (through === "build" || through === "lab") setUpStep(stamps, "build", lock, force);
  if (through === "lab") setUpStep(stamps, "lab", lock, force);
  if (JSON.stringify(stamps) !== before) saveStamps(stamps);
  release();
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const known = new Set(["--install-only", "--no-build", "--force"]);
  const unknown = process.argv.slice(2).find((argument) => !known.has(argument));
  if (unknown) fail(`unknown option ${unknown}; setup knows ${[...known].join(", ")}.`);
  const has = (option) => process.argv.includes(option);
  const through = has("--install-only") ? "install" : has("--no-build") ? "kernels" : "lab";
  setUp({ through, force: has("--force") });
}
