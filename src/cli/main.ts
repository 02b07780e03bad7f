#!/usr/bin/env node
/**
 * The command `ascent`: what the arguments ask for, and how failures end. Each subcommand is a file in commands/ that
 * loads what it needs only when it runs, so that help and short commands answer at once.
 */
import { exitWith, tolerateClosedPipes } from "./exit.ts";
import { buildProgram } from "./program.ts";

tolerateClosedPipes();
try {
  const program = await buildProgram(process.argv.slice(2));
  await program.parseAsync();
} catch (error) {
  exitWith(error);
}
