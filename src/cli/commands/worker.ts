/** `ascent worker`: does the training runs that sweeps give out over a queue. */
import type { Command } from "commander";
import { wholeNumber } from "../arguments.ts";

interface Flags {
  queue: string;
  jobs?: number;
  work?: string;
  keep?: boolean;
  lock?: number;
  quiet?: boolean;
}

const NOTES = `
On any machine that reaches the server, with the same release of this package. A worker takes one run after another until no
sweep is at work any more; before the first one it waits. Ctrl-C saves what is under way and gives it back; a worker that is killed
loses nothing: its runs are given to others, and come out the same.

The address holds the password; to keep it off the command line, set ASCENT_QUEUE in its place.

Examples:
  $ ascent worker --queue redis://host:6379
  $ ascent worker --queue rediss://:password@host:6380 --jobs 8 --keep`;

export function workerCommand(program: Command): void {
  program
    .command("worker")
    .description("do the training runs of sweeps, from a queue")
    .option("--queue <url>", "the Redis or Valkey server, as redis://host:6379; default: ASCENT_QUEUE")
    .option("--jobs <n>", "runs at a time; default: the cores of this machine", wholeNumber(1))
    .option("--work <dir>", "where runs are made, and go on after a restart; default: a temporary folder")
    .option("--keep", "stay when no sweep is at work any more")
    .option("--lock <ms>", "how long a run stays with a worker that is not heard of; default 30000", wholeNumber(100))
    .option("--quiet", "say nothing but what went wrong")
    .addHelpText("after", NOTES)
    .action(work);
}

async function work(flags: Flags): Promise<void> {
  const [{ runWorker }, { stopSignals }, { AscentError }] = await Promise.all([
    import("../../node/queue/worker.ts"),
    import("../stopSignals.ts"),
    import("../../errors.ts"),
  ]);
  const queue = flags.queue ?? process.env["ASCENT_QUEUE"];
  if (queue === undefined) {
    throw new AscentError("option", {
      what: "The queue is missing",
      fix: "Name its server with --queue, such as redis://host:6379, or in ASCENT_QUEUE.",
    });
  }
  const { jobs, work: folder, keep, lock, quiet } = flags;
  const say = (text: string) => {
    if (!quiet) process.stderr.write(`${text}\n`);
  };
  const stop = stopSignals((signal) =>
    say(`${signal}: saving what is under way and giving it back; once more quits at once`),
  );
  const named = ({ algorithm, environment, seed }: { algorithm: string; environment: string; seed: number }) =>
    `${algorithm} on ${environment}, seed ${seed}`;
  try {
    await runWorker({
      queue,
      signal: stop.signal,
      ...(jobs !== undefined && { jobs }),
      ...(folder !== undefined && { work: folder }),
      ...(keep && { keep }),
      ...(lock !== undefined && { lockMs: lock }),
      onStart: ({ shown, jobs, work, notes }) => {
        say(`working for ${shown}, ${jobs} runs at a time, in ${work}`);
        for (const note of notes) process.stderr.write(`warning: ${note}\n`);
      },
      onRunStart: (run) => say(`begun     ${named(run)}`),
      onRunEnd: (run, error) => {
        if (error === undefined) say(`finished  ${named(run)}`);
        else process.stderr.write(`failed    ${named(run)}: ${error.message}\n`);
      },
    });
    if (stop.signal.aborted) process.exitCode = stop.exitCode();
    else say("no sweep is at work any more");
  } finally {
    stop.dispose();
  }
}
