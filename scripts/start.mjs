/**
 * `npm start`: set-up, then the command line. Without arguments it trains PPO on CartPole-v1; arguments given after `--`
 * replace that job: `npm start -- evaluate runs/x`.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root, setUp } from "./setup.mjs";

setUp();
const job = process.argv.slice(2);
const command = join(root, "dist/cli/main.js");
process.argv = [process.execPath, command, ...(job.length > 0 ? job : ["train", "ppo", "--env", "CartPole-v1"])];
await import(pathToFileURL(command).href);
