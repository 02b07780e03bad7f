/**
 * The installation of the npm packages named in package-lock.json, development ones included, and the check that they
 * are all there. It installs with `npm ci` and nothing else: versions never move.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fail } from "./report.mjs";

const networkErrors = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED/;

/** Folders of the packages in the lock file that are present; undefined when a required one is missing or of another version. */
export function installedPackages(root) {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const present = [];
  for (const [folder, entry] of Object.entries(packages)) {
    if (folder === "") continue;
    const manifest = join(root, folder, "package.json");
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, "utf8")).version === entry.version) {
      present.push(folder);
    } else if (!entry.optional && !entry.devOptional) {
      return undefined;
    }
  }
  return present;
}

/** Runs `npm ci`; development packages are installed whatever NODE_ENV and npm's own settings say. Ends the process on failure. */
export function installPackages(root) {
  // Under `npm start` npm names its own program; started by hand, it is found on the PATH.
  const own = process.env.npm_execpath;
  const viaNode = own !== undefined && basename(own) === "npm-cli.js" && existsSync(own);
  const args = ["ci", "--include=dev", "--include=optional", "--prefer-offline", "--no-audit", "--no-fund"];
  // npm hands its own settings down to what it runs: `npm pack --dry-run` must still install, and `npm start --silent`
  // must still say why an installation failed.
  args.push("--dry-run=false", "--loglevel=error");
  const options = { cwd: root, encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "pipe"] };
  const run = viaNode
    ? spawnSync(process.execPath, [own, ...args], options)
    : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  if (run.error) {
    fail(`npm could not be started (${run.error.message}). It comes with Node.js; check that it is on the PATH.`);
  }
  if (run.status === 0) return;
  const output = `${run.stdout}${run.stderr}`
    .trim()
    .replace(/\nnpm error Usage:[\s\S]*?(?=\nnpm error A complete log|$)/, "");
  const advice = networkErrors.test(output)
    ? "The package registry could not be reached and npm's cache does not hold every package. Connect and run the " +
      "command again, or copy node_modules from a machine with the same system and the same package-lock.json."
    : "npm's own message is above; once its cause is gone, run the command again.";
  fail(`npm ci failed.\n${output}\n${advice}`);
}
