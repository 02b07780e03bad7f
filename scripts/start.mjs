/**
 * `npm start`: set-up, then the command line. Without arguments it trains PPO on CartPole-v1, in a folder of its own each
 * time; arguments given after `--` replace that job: `npm start -- evaluate runs/x`.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, setUp } from "./setup.mjs";

const job = process.argv.slice(2);
// The page is built for the commands that serve it.
setUp({ through: ["lab", "play"].includes(job[0]) ? "lab" : "build" });
const command = join(root, "dist/cli/main.js");
process.argv = [process.execPath, command, ...(job.length > 0 ? job : defaultJob())];
await import(pathToFileURL(command).href);

/** Later runs go beside the first one: nothing saved is ever overwritten. */
function defaultJob() {
  const first = "runs/ppo-CartPole-v1-0";
  let folder = first;
  for (let number = 2; existsSync(folder); number++) folder = `${first}-run${number}`;
  return ["train", "ppo", "--env", "CartPole-v1", "--out", folder];
}
