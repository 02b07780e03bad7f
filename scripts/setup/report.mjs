/**
 * What the scripts say, on standard error so that a command's own output stays clean.
 */

/** One line about what is being done. */
export function say(message) {
  process.stderr.write(`ascent: ${message}\n`);
}

/** Says what went wrong and ends the process with exit code 1. */
export function fail(message) {
  say(message);
  process.exit(1);
}
