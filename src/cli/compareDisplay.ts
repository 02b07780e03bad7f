/**
 * What `ascent compare` shows: what is compared, a bar over all runs with a line for each that ends, and the tables. All on
 * standard error but the tables.
 */
import type { Comparison } from "../node/compare/compare.ts";
import type { ComparisonEvents, ComparisonStart, RunFailure } from "../node/compare/events.ts";
import { comparisonPaths, type PlannedRun } from "../node/compare/plan.ts";
import { variantName } from "../node/compare/request.ts";
import type { RunResult } from "../node/compare/runResult.ts";
import { notesOn, tablesOf } from "../node/compare/tables.ts";
import { createReporter } from "../node/reporter.ts";
import { type TrainingWarning, warningText } from "../training/monitor/warning.ts";
import { grouped, printLine, short, table, withCommandName } from "./output.ts";
import { ProgressMessages } from "./progressMessages.ts";

export class CompareDisplay {
  readonly #out: string;
  readonly #messages: ProgressMessages;
  #severalEnvironments = false;
  #runs = 0;
  #ended = 0;
  /** Steps of the runs that were finished before. */
  #stepsBefore = 0;
  #steps = new Map<PlannedRun, number>();
  readonly #underWay = new Set<PlannedRun>();
  /** Rules that have spoken on a variant: ten seeds say the same. */
  readonly #warned = new Set<string>();

  constructor(out: string, quiet: boolean) {
    this.#out = out;
    this.#messages = new ProgressMessages(quiet);
  }

  /** For `compare`. */
  get events(): ComparisonEvents {
    return {
      onStart: (start) => this.#start(start),
      onProgress: (run, steps) => this.#progress(run, steps),
      onWarning: (run, warning) => this.#warning(run, warning),
      onRunEnd: (run, outcome) => this.#runEnd(run, outcome),
    };
  }

  #start({ plan, runs, open, jobs }: ComparisonStart): void {
    const { variants, environments, seeds } = plan;
    this.#severalEnvironments = environments.length > 1;
    this.#runs = runs;
    this.#ended = runs - open.size;
    this.#steps = new Map(open);
    const total = environments.reduce((sum, { steps }) => sum + steps * seeds.length * variants.length, 0);
    const toDo = [...open.keys()].reduce((sum, { environment }) => sum + environment.steps, 0);
    this.#stepsBefore = total - toDo;
    const where = environments.map(({ id, steps }) => `${id} (${grouped(steps)} steps)`).join(", ");
    const done = this.#ended > 0 ? `, ${this.#ended} of them finished already` : "";
    this.#messages.say(
      `${variants.length} variants on ${where}, seeds ${listed(seeds)}: ${runs} runs${done}, ${jobs} at a time`,
    );
    for (const { name, algorithm, options } of variants) {
      const is = variantName(algorithm, options);
      this.#messages.say(`  ${name}${name === is ? "" : `: ${is}`}`);
    }
    this.#messages.say(`folder ${this.#out}`);
    if (open.size > 0) this.#messages.show(createReporter({ total, start: this.#made(), quiet: this.#messages.quiet }));
  }

  #made(): number {
    return [...this.#steps.values()].reduce((sum, steps) => sum + steps, this.#stepsBefore);
  }

  #progress(run: PlannedRun, steps: number): void {
    this.#underWay.add(run);
    this.#steps.set(run, Math.min(steps, run.environment.steps));
    this.#update();
  }

  #update(): void {
    const now = [...this.#underWay].map(
      (run) => `${this.#named(run)} ${Math.floor((100 * this.#steps.get(run)!) / run.environment.steps)}%`,
    );
    this.#messages.bar?.update(this.#made(), {
      runs: `${this.#ended}/${this.#runs}`,
      ...(now.length > 0 && { now: now.join(", ") }),
    });
  }

  #warning(run: PlannedRun, warning: TrainingWarning): void {
    const key = `${run.variant.name} ${run.environment.id} ${warning.rule}`;
    if (this.#warned.has(key)) return;
    this.#warned.add(key);
    this.#messages.above(`${this.#named(run)}: warning, ${warningText(warning)}`);
  }

  #runEnd(run: PlannedRun, outcome: RunResult | RunFailure): void {
    this.#ended++;
    this.#underWay.delete(run);
    this.#steps.set(run, run.environment.steps);
    if ("error" in outcome) this.#messages.above(`failed: ${outcome.error.message}`);
    else if (!this.#messages.quiet) {
      this.#messages.above(`${this.#named(run)}: ${short(outcome.evaluation)} in ${short(outcome.wallSeconds)} s`);
    }
    this.#update();
  }

  stopping(signal: string): void {
    this.#messages.above(`${signal}: stopping and saving every run; once more quits at once`);
  }

  stopped(command: string): void {
    this.endProgress();
    this.#messages.warn(
      `stopped with ${this.#ended} of ${this.#runs} runs finished, everything saved; go on with\n  ${command}`,
    );
  }

  /** @param command goes on with it, where something failed. */
  finished({ plan, findings, runs, failures }: Comparison, command: string): void {
    this.endProgress();
    if (runs.length > 0 && !this.#messages.quiet) {
      for (const one of findings) {
        for (const { title, header, rows } of tablesOf(one, plan.evaluationEpisodes)) {
          printLine(`\n${title}\n${table(header, rows)}`);
        }
      }
      printLine("");
      for (const note of notesOn(findings)) printLine(note);
      const { picture, table: page, findings: json, runs: csv } = comparisonPaths(this.#out);
      printLine(`picture  ${picture}`);
      printLine(`table    ${page}, ${json}; runs ${csv}`);
    }
    if (failures.length === 0) return;
    this.#messages.warn(`\n${failures.length} of ${this.#runs} runs failed:`);
    for (const { error } of failures) this.#messages.warn(`  ${withCommandName(error.message)}`);
    this.#messages.warn(`once mended, go on with\n  ${command}`);
  }

  endProgress(): void {
    this.#messages.endBar();
  }

  #named({ variant, environment, seed }: PlannedRun): string {
    return `${variant.name}${this.#severalEnvironments ? ` on ${environment.id}` : ""}, seed ${seed}`;
  }
}

/** "0 to 4", or each where they do not follow one another. */
function listed(seeds: readonly number[]): string {
  const follow = seeds.length > 2 && seeds.every((seed, i) => seed === seeds[0] + i);
  return follow ? `${seeds[0]} to ${seeds.at(-1)}` : seeds.join(", ");
}
