/**
 * What `ascent sweep` shows: what is tried, a line for each trial that ends, with the best so far, and below them a bar over all
 * runs with the time left. All on standard error but the table at the end.
 */
import { createReporter } from "../node/reporter.ts";
import { type SweepPlan, sweepPaths } from "../node/sweep/plan.ts";
import { type SweepEvents, type SweepResult, settledSteps } from "../node/sweep/sweep.ts";
import { CHOSEN_NOTE, scoreMeaning, sweepTable, tally } from "../node/sweep/tables.ts";
import { interval } from "../node/tableText.ts";
import type { Unit } from "../sweeps/order.ts";
import { bestTrial, trialScore } from "../sweeps/score.ts";
import type { Trial } from "../sweeps/trial.ts";
import { type TrainingWarning, warningText } from "../training/monitor/warning.ts";
import { grouped, printLine, shellPath, table, withCommandName } from "./output.ts";
import { ProgressMessages } from "./progressMessages.ts";
import { formatValue } from "./settings.ts";

export class SweepDisplay {
  readonly #out: string;
  readonly #messages: ProgressMessages;
  #plan: SweepPlan | undefined;
  #trials: readonly Trial[] = [];
  /** Trials whose end has been said. */
  readonly #said = new Set<number>();
  /** Of runs under way. */
  readonly #steps = new Map<string, { unit: Unit; steps: number }>();
  /** Rules that have spoken: many trials say the same. */
  readonly #warned = new Set<string>();

  constructor(out: string, quiet: boolean) {
    this.#out = out;
    this.#messages = new ProgressMessages(quiet);
  }

  /** For `runSweep`. */
  get events(): SweepEvents {
    return {
      onStart: ({ plan, trials, jobs, queue, notes }) => {
        const who = queue === undefined ? `${jobs} runs at a time` : `runs are given out at ${queue}`;
        this.#start(plan, trials, who);
        for (const note of notes) this.#messages.above(`warning: ${note}`);
      },
      onProgress: (unit, steps) => {
        this.#steps.set(keyOf(unit), { unit, steps });
        this.#update();
      },
      onWarning: (unit, warning) => this.#warning(unit, warning),
      onRunEnd: (unit, trials, error) => this.#runEnd(unit, trials, error),
    };
  }

  #start(plan: SweepPlan, trials: readonly Trial[], who: string): void {
    this.#plan = plan;
    this.#trials = trials;
    const { algorithm, environments, seeds, sampler, pruner, trials: count, space, settings } = plan.sweep;
    const where = environments.map(({ id, steps }) => `${id} (${grouped(steps)} steps)`).join(", ");
    this.#messages.say(
      `${count} trials of ${algorithm} on ${where}, ${seeds.length} seeds each at most; sampler ${sampler.kind}, pruner ${pruner.kind}, ${who}`,
    );
    for (const [name, dimension] of Object.entries(space))
      this.#messages.say(`  ${name}: ${JSON.stringify(dimension)}`);
    const fixed = Object.entries(settings).map(([name, value]) => `${name}=${formatValue(value)}`);
    if (fixed.length > 0) this.#messages.say(`  fixed: ${fixed.join(" ")}`);
    this.#messages.say(`folder ${this.#out}`);
    const ended = trials.filter(({ state }) => state !== "running");
    if (ended.length > 0) this.#messages.say(`${ended.length} trials are finished already`);
    for (const { number } of ended) this.#said.add(number);
    const { settled, total } = settledSteps(plan, trials);
    this.#messages.show(createReporter({ total, start: settled, quiet: this.#messages.quiet }));
  }

  #runEnd(unit: Unit, trials: readonly Trial[], error: Error | undefined): void {
    this.#trials = trials;
    this.#steps.delete(keyOf(unit));
    if (error !== undefined)
      this.#messages.above(`trial ${unit.trial}, ${this.#runName(unit)} failed: ${error.message}`);
    // A run's end can decide later trials too.
    for (const trial of trials) {
      if (trial.state === "running" || this.#said.has(trial.number)) continue;
      this.#said.add(trial.number);
      if (!this.#messages.quiet) this.#messages.above(this.#line(trial));
    }
    this.#update();
  }

  /** "trial  12  complete  3 seeds  480 [455, 505]  learningRate=0.0003 …". */
  #line(trial: Trial): string {
    const best = bestTrial(this.#trials);
    const settings = Object.entries(trial.settings).map(([name, value]) => `${name}=${formatValue(value)}`);
    const count = trial.scores.length;
    return [
      `trial ${String(trial.number).padStart(3)}`,
      trial.state.padEnd(8),
      `${count} ${count === 1 ? "seed " : "seeds"}`,
      (count === 0 ? "–" : interval(trialScore(trial))).padEnd(20),
      settings.join(" "),
      ...(best?.number === trial.number ? ["(best so far)"] : []),
    ].join("  ");
  }

  #update(): void {
    if (this.#plan === undefined) return;
    const { settled } = settledSteps(this.#plan, this.#trials);
    let made = settled;
    for (const { unit, steps } of this.#steps.values()) {
      made += Math.min(steps, this.#plan.sweep.environments[unit.environment].steps);
    }
    const best = bestTrial(this.#trials);
    this.#messages.bar?.update(made, {
      trials: `${this.#said.size}/${this.#plan.sweep.trials}`,
      ...(best && { best: `${interval(trialScore(best))} (trial ${best.number})` }),
    });
  }

  #warning(unit: Unit, warning: TrainingWarning): void {
    if (this.#warned.has(warning.rule)) return;
    this.#warned.add(warning.rule);
    this.#messages.above(
      `trial ${unit.trial}, ${this.#runName(unit)}: warning, ${warningText(warning)} (said once for all trials)`,
    );
  }

  #runName({ environment, seed }: Unit): string {
    const { environments, seeds } = this.#plan!.sweep;
    return `${environments.length > 1 ? `${environments[environment].id}, ` : ""}seed ${seeds[seed]}`;
  }

  stopping(signal: string): void {
    this.#messages.above(`${signal}: stopping and saving every run; once more quits at once`);
  }

  stopped(command: string): void {
    this.endProgress();
    this.#messages.warn(`stopped with ${tally(this.#trials)}, everything saved; go on with\n  ${command}`);
  }

  /** @param command goes on with it, where something failed. */
  finished(result: SweepResult, command: string, train: string): void {
    this.endProgress();
    const { plan, trials, best, failures } = result;
    if (!this.#messages.quiet) {
      printLine(`\n${tally(trials)}`);
      if (best !== undefined) {
        const { header, rows } = sweepTable(plan, trials);
        printLine(`\n${table(header, rows)}\n`);
        printLine(`${scoreMeaning(plan)}\n${CHOSEN_NOTE}`);
        const paths = sweepPaths(this.#out);
        printLine(`\nbest     ${paths.best}: ${train}`);
        printLine(`table    ${paths.table}, ${paths.results}; trials ${paths.runs}`);
        printLine(`Optuna   optuna-dashboard ${shellPath(paths.journal)}`);
      }
    }
    if (failures.length === 0) return;
    this.#messages.warn(`\n${failures.length} runs could not be done:`);
    for (const { unit, error } of failures) {
      this.#messages.warn(`  trial ${unit.trial}, ${this.#runName(unit)}: ${withCommandName(error.message)}`);
    }
    this.#messages.warn(`once mended, go on with\n  ${command}`);
  }

  endProgress(): void {
    this.#messages.endBar();
  }
}

function keyOf({ trial, seed, environment }: Unit): string {
  return `${trial}/${seed}/${environment}`;
}
