/** `ascent lab`: serves the lab's page from the built package. */
import type { Command } from "commander";
import { type PageFlags, pageOptions, servePage } from "../servePage.ts";

/** Free on most machines, and the same each time, so that what a browser keeps is found again. */
const PORT = 4310;

export function labCommand(program: Command): void {
  pageOptions(program.command("lab"), PORT)
    .description("serve the lab: policy gradients live in the browser, and a bench that trains there")
    .addHelpText("after", "\nExamples:\n  $ ascent lab\n  $ ascent lab --port 0")
    .action((flags: PageFlags) => servePage("index.html", flags));
}
