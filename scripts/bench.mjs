/**
 * `npm run bench -- NAME [arguments]`: set-up, then bench/NAME.ts. Without a name it lists what there is.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { runTypeScript } from "./run-ts.mjs";
import { fail } from "./setup/report.mjs";
import { root, setUp } from "./setup.mjs";

const folder = join(root, "bench");
const [name, ...args] = process.argv.slice(2);
const names = readdirSync(folder).filter((file) => file.endsWith(".ts"));
const list = names.map((file) => file.slice(0, -3)).join(", ") || "none yet";
if (name === undefined) fail(`name a benchmark: ${list}.`);
const file = join(folder, `${name}.ts`);
if (!existsSync(file)) fail(`there is no benchmark "${name}"; there is: ${list}.`);
setUp();
await runTypeScript(file, args);
