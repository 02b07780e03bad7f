#!/usr/bin/env node
/**
 * The command `ascent`: what the arguments ask for, and how failures end. Each subcommand is a file in commands/ that
 * loads what it needs only when it runs, so that help and short commands answer at once.
 */
import { tolerateClosedPipes } from "./exit.ts";
import { runProgram } from "./program.ts";

tolerateClosedPipes();
await runProgram(process.argv.slice(2));
