/**
 * How the command ends: a message without a stack for what the user can mend, 1 for failures, 2 for arguments that cannot be
 * read.
 */
import { CommanderError } from "commander";
import { AscentError } from "../errors.ts";
import { withCommandName } from "./output.ts";

/** Sets the exit code and says why; output still in pipes is written before the process ends. */
export function exitWith(error: unknown): void {
  if (error instanceof CommanderError) {
    // Commander has written its message; help and --version end well.
    process.exitCode = error.exitCode === 0 ? 0 : 2;
    return;
  }
  process.exitCode = 1;
  if (error instanceof AscentError) process.stderr.write(`ascent: ${withCommandName(error.message)}\n`);
  else process.stderr.write(`ascent: this should not have happened.\n${(error as Error)?.stack ?? String(error)}\n`);
}

/** Whoever reads the output may stop reading (`| head`): that is no failure, and a training goes on. */
export function tolerateClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
