/**
 * What `ascent train` shows: the settings it starts with, a live bar or plain lines while it runs, and closing words. All on
 * standard error but the closing words, so that standard output stays clean for results.
 */
import { existsSync } from "node:fs";
import { algorithms } from "../algorithms/algorithmRegistry.ts";
import type { Metrics } from "../learners/learner.ts";
import { listCheckpoints } from "../node/checkpoints.ts";
import { createReporter } from "../node/reporter.ts";
import { curveText } from "../node/runs/curve.ts";
import { pathsIn } from "../node/runs/folder.ts";
import type { Timing } from "../node/runs/recorder.ts";
import type { RunOutcome, RunRequest, RunStart } from "../node/trainRun.ts";
import type { PlayProgress } from "../rollout/playEpisodes.ts";
import { warningText } from "../training/monitor/warning.ts";
import { type EpisodeProgress, episodeProgress } from "./episodeProgress.ts";
import { commandName, grouped, printLine, shellPath, short } from "./output.ts";
import { ProgressMessages } from "./progressMessages.ts";
import { changedSettings, formatValue } from "./settings.ts";
import type { TrainFlags } from "./trainFlags.ts";
import type { TrainRequest } from "./trainRequest.ts";

/** Figures shown while running, where the algorithm has them, and what they are called there. */
const SHOWN: Readonly<Record<string, string>> = {
  loss: "loss",
  approxKl: "KL",
  kl: "KL",
  entropy: "entropy",
  policyLoss: "policy",
  valueLoss: "value",
  heldOutLogLikelihood: "held-out log-likelihood",
  heldOutAccuracy: "accuracy",
};

/** Where the settings of a run come from. */
type SettingsOrigin = Omit<TrainRequest, "request">;

export class TrainDisplay {
  readonly #request: RunRequest;
  readonly #messages: ProgressMessages;
  readonly #origin: SettingsOrigin;
  #episodes: EpisodeProgress | undefined;
  #started = false;

  constructor(request: RunRequest, flags: TrainFlags, origin: SettingsOrigin) {
    this.#request = request;
    this.#messages = new ProgressMessages(flags.quiet ?? false);
    this.#origin = origin;
  }

  /** For `trainRun`. */
  get events(): Pick<RunRequest, "onStart" | "onIteration" | "onWarning" | "onEvaluate" | "onEvaluation"> {
    return {
      onStart: (start) => this.#start(start),
      onIteration: (metrics, timing) => this.#iteration(metrics, timing),
      onWarning: (warning) => this.#messages.above(`warning, ${warningText(warning)}`),
      onEvaluate: () => this.#endProgress(),
      onEvaluation: (progress) => this.#evaluation(progress),
    };
  }

  #start({ config, refused, exactResume, resumeFromStep }: RunStart): void {
    this.#started = true;
    const { algorithm, env, steps, seed, kernels } = config;
    for (const { reason } of refused) this.#messages.warn(`passed over a checkpoint: ${reason}`);
    const from = resumeFromStep === undefined ? "" : `, resumed at step ${grouped(resumeFromStep)}`;
    const { unit } = algorithms[algorithm];
    this.#messages.say(
      `${algorithm} on ${env}: ${grouped(steps)} ${unit === "samples" ? unit : "steps"}, seed ${seed}, kernels ${kernels}${from}`,
    );
    this.#messages.say(`folder ${this.#request.out}`);
    const { init } = config;
    if (resumeFromStep === undefined && init !== undefined) {
      const critic = init.critic ? ", with its critic" : ", with a new critic";
      const and = algorithms[algorithm].learnsFrom === "data" ? "" : critic;
      this.#messages.say(`starts from ${init.path ?? "a policy"} (${init.algorithm} on ${init.env})${and}`);
    }
    if (resumeFromStep === undefined) this.#saySettings(config);
    if (!exactResume) this.#messages.warn(`${env} cannot save its state: a resumed run will start new episodes`);
    const { annealSteps } = config.options as { annealSteps?: number };
    if (annealSteps !== undefined && annealSteps < steps) {
      const why = resumeFromStep === undefined ? "the setting annealSteps" : "as the run was started with";
      this.#messages.say(`schedules end at step ${grouped(annealSteps)}: ${why}`);
    }
    const start = resumeFromStep ?? 0;
    if (start < steps) this.#messages.show(createReporter({ total: steps, start, quiet: this.#messages.quiet }));
  }

  #saySettings({ algorithm: name, env, options, changes = [] }: RunStart["config"]): void {
    const algorithm = algorithms[name];
    const { source, chosen } = this.#origin;
    const isPreset = Object.hasOwn(algorithm.presets, env);
    const preset = isPreset ? `preset ${env}` : `no preset for ${env}: the algorithm's defaults`;
    this.#messages.say(source === undefined ? preset : `settings of ${shellPath(source)}`);
    const changed = changedSettings(algorithm, options);
    const own = changed.filter((setting) => chosen.has(setting.split("=")[0]));
    const others = changed.filter((setting) => !own.includes(setting));
    if (others.length > 0) this.#messages.say(`  ${others.join(" ")}`);
    if (own.length > 0) this.#messages.say(`set by you\n  ${own.join(" ")}`);
    for (const { atStep, options } of changes) {
      const values = Object.entries(options).map(([name, value]) => `${name}=${formatValue(value)}`);
      this.#messages.say(`from step ${grouped(atStep)} on\n  ${values.join(" ")}`);
    }
  }

  #iteration(metrics: Metrics, timing: Timing): void {
    // A narrow terminal cuts the line off: what matters most comes first.
    const figures: Record<string, number | string> = {};
    if (Number.isFinite(metrics["episodeReturn"])) figures["return"] = metrics["episodeReturn"];
    figures["steps/s"] = timing.stepsPerSecond;
    const parts = [timing.actSeconds, timing.envSeconds, timing.learnSeconds];
    const total = parts.reduce((a, b) => a + b, 0);
    if (total > 0) figures["act/env/learn"] = `${parts.map((part) => Math.round((100 * part) / total)).join("/")}%`;
    for (const [name, label] of Object.entries(SHOWN)) {
      if (Number.isFinite(metrics[name])) figures[label] = metrics[name];
    }
    this.#messages.bar?.update(metrics["steps"], figures);
  }

  #evaluation(progress: PlayProgress): void {
    if (this.#messages.quiet) return;
    this.#episodes ??= episodeProgress("evaluation");
    this.#episodes.update(progress);
  }

  stopping(signal: string): void {
    // Behind the last update there is no reporter any more: all is saved, and the end follows at once.
    this.#messages.bar?.message(`${signal}: stopping and saving; once more quits at once`);
  }

  stopped({ config, steps }: RunOutcome, command: string): void {
    this.#endProgress();
    this.#messages.warn(
      `stopped at step ${grouped(steps)} of ${grouped(config.steps)}, everything saved; go on with\n  ${command}`,
    );
  }

  failed(command: string): void {
    this.#endProgress();
    if (!this.#started) return;
    const [newest] = listCheckpoints(pathsIn(this.#request.out).checkpoints);
    if (newest !== undefined) {
      this.#messages.warn(
        `everything up to step ${grouped(newest.step)} is saved; once mended, go on with\n  ${command}`,
      );
    }
  }

  async finished({ config, summary }: RunOutcome): Promise<void> {
    this.#endProgress();
    if (this.#messages.quiet || summary === undefined) return;
    const { out } = this.#request;
    const { steps, wallSeconds, stepsPerSecond, evaluation } = summary;
    const { episodes, mean, sd, min } = evaluation;
    const width = Math.max(40, Math.min(process.stdout.columns || 80, 100));
    const files = pathsIn(out);
    printLine("");
    printLine(await curveText(out, config, { width, height: 15 }));
    printLine("");
    const unit = algorithms[config.algorithm].unit === "samples" ? "samples" : "steps";
    printLine(`${grouped(steps)} ${unit} in ${short(wallSeconds)} s, ${grouped(stepsPerSecond)} ${unit}/s`);
    if (steps < config.steps) printLine("stopped early: it was not getting better any more");
    printLine(
      `evaluation, ${episodes} episodes of the most probable actions: return ${short(mean)} ± ${short(sd)} (mean ± sd), lowest ${short(min)}`,
    );
    printLine(`policy   ${files.policy}`);
    if (existsSync(files.curve)) printLine(`picture  ${files.curve}`);
    printLine(`evaluate ${commandName()} evaluate ${shellPath(out)}`);
  }

  #endProgress(): void {
    this.#messages.endBar();
    this.#episodes?.finish();
    this.#episodes = undefined;
  }
}
