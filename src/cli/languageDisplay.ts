/**
 * What `ascent train` shows of a language model: the settings it starts with, a live bar or plain lines with completions between them,
 * and closing words. All on standard error but the closing words.
 */

import { existsSync } from "node:fs";
import { languageAlgorithms } from "../algorithms/language/languageRegistry.ts";
import { describeReport } from "../language/data/dataReport.ts";
import { shownText } from "../language/tokenizer/shownText.ts";
import type { TextTokenizer } from "../language/tokenizer/textTokenizer.ts";
import type { SampleCompletion } from "../learners/languageLearner.ts";
import type { Metrics } from "../learners/learner.ts";
import { listCheckpoints } from "../node/checkpoints.ts";
import { placeOf } from "../node/language/runConfig.ts";
import type { LanguageRunOutcome, LanguageRunRequest, LanguageRunStart } from "../node/language/runRequest.ts";
import { languageCurve } from "../node/language/trainLanguageRun.ts";
import { createReporter } from "../node/reporter.ts";
import { pathsIn } from "../node/runs/folder.ts";
import type { Timing } from "../node/runs/recorder.ts";
import { learningCurveText } from "../node/textChart.ts";
import { warningText } from "../training/monitor/warning.ts";
import type { LanguageTrainRequest } from "./languageRequest.ts";
import { grouped, printLine, shellPath, short } from "./output.ts";
import { ProgressMessages } from "./progressMessages.ts";
import { changedSettings } from "./settings.ts";
import type { TrainFlags } from "./trainFlags.ts";

/** Figures shown while running, where the algorithm has them, and what they are called there. */
const SHOWN: Readonly<Record<string, string>> = {
  reward: "reward",
  loss: "loss",
  "rewards/margins": "margin",
  "rewards/accuracies": "accuracy",
  accuracy: "accuracy",
  "logps/chosen": "logps/chosen",
  mean_token_accuracy: "token accuracy",
  kl: "KL",
  entropy: "entropy",
};

type Events = "onStart" | "onIteration" | "onSamples" | "onWarning" | "onEvaluate";

export class LanguageDisplay {
  readonly #request: LanguageRunRequest;
  readonly #messages: ProgressMessages;
  readonly #origin: Omit<LanguageTrainRequest, "request">;
  #started = false;

  constructor(request: LanguageRunRequest, flags: TrainFlags, origin: Omit<LanguageTrainRequest, "request">) {
    this.#request = request;
    this.#messages = new ProgressMessages(flags.quiet ?? false);
    this.#origin = origin;
  }

  /** For `trainLanguageRun`. */
  get events(): Pick<LanguageRunRequest, Events> {
    return {
      onStart: (start) => this.#start(start),
      onIteration: (metrics, timing) => this.#iteration(metrics, timing),
      onSamples: (samples, steps, tokenizer) => this.#samples(samples, steps, tokenizer),
      onWarning: (warning) => this.#messages.above(`warning, ${warningText(warning)}`),
      onEvaluate: () => this.#messages.endBar(),
    };
  }

  #start({ config, parameters, rows, dropped, report, refused, resumeFromStep }: LanguageRunStart): void {
    this.#started = true;
    const { algorithm, steps, seed, kernels, model, options } = config;
    for (const { reason } of refused) this.#messages.warn(`passed over a checkpoint: ${reason}`);
    const from = resumeFromStep === undefined ? "" : `, resumed at sample ${grouped(resumeFromStep)}`;
    this.#messages.say(
      `${algorithm} on ${placeOf(config)}: ${grouped(steps)} samples of ${grouped(rows)} rows, seed ${seed}, kernels ${kernels}${from}`,
    );
    this.#messages.say(`folder ${this.#request.out}`);
    const source = "path" in model ? model.path : `the preset of the world ${model.world}, from scratch`;
    const trained =
      parameters.trained === parameters.all
        ? `${grouped(parameters.all)} parameters`
        : `${grouped(parameters.trained)} of ${grouped(parameters.all)} parameters are trained`;
    this.#messages.say(`model  ${source}: ${trained}`);
    if (resumeFromStep === undefined) {
      for (const line of report === undefined ? [] : describeReport(report)) this.#messages.say(`data   ${line}`);
      if (dropped > 0)
        this.#messages.say(`data   ${grouped(dropped)} rows have nothing to learn from and are left out`);
      const changed = changedSettings(languageAlgorithms[algorithm], options);
      const { chosen, source: file } = this.#origin;
      const own = changed.filter((setting) => chosen.has(setting.split("=")[0]));
      const others = changed.filter((setting) => !own.includes(setting));
      if (file !== undefined) this.#messages.say(`settings of ${shellPath(file)}`);
      if (others.length > 0) this.#messages.say(`  ${others.join(" ")}`);
      if (own.length > 0) this.#messages.say(`set by you\n  ${own.join(" ")}`);
    }
    const start = resumeFromStep ?? 0;
    if (start < steps) this.#messages.show(createReporter({ total: steps, start, quiet: this.#messages.quiet }));
  }

  #iteration(metrics: Metrics, timing: Timing): void {
    const figures: Record<string, number | string> = { "samples/s": timing.stepsPerSecond };
    for (const [name, label] of Object.entries(SHOWN)) {
      if (Number.isFinite(metrics[name])) figures[label] = metrics[name];
    }
    this.#messages.bar?.update(metrics["steps"], figures);
  }

  #samples(samples: readonly SampleCompletion[], steps: number, tokenizer: TextTokenizer | undefined): void {
    if (this.#messages.quiet || tokenizer === undefined || samples.length === 0) return;
    const lines = samples.slice(0, 3).map(({ prompt, completion, reward }) => {
      const worth = reward === undefined ? "" : `   (${short(reward)})`;
      return `  ${shownText(tokenizer, prompt, 60)} → ${shownText(tokenizer, completion, 100)}${worth}`;
    });
    this.#messages.above(`completions at sample ${grouped(steps)}\n${lines.join("\n")}`);
  }

  stopping(signal: string): void {
    this.#messages.bar?.message(`${signal}: stopping and saving; once more quits at once`);
  }

  stopped({ config, steps }: LanguageRunOutcome, command: string): void {
    this.#messages.endBar();
    this.#messages.warn(
      `stopped at sample ${grouped(steps)} of ${grouped(config.steps)}, everything saved; go on with\n  ${command}`,
    );
  }

  failed(command: string): void {
    this.#messages.endBar();
    if (!this.#started) return;
    const [newest] = listCheckpoints(pathsIn(this.#request.out).checkpoints);
    if (newest === undefined) return;
    this.#messages.warn(
      `everything up to sample ${grouped(newest.step)} is saved; once mended, go on with\n  ${command}`,
    );
  }

  async finished({ config, summary }: LanguageRunOutcome): Promise<void> {
    this.#messages.endBar();
    if (this.#messages.quiet || summary === undefined) return;
    const { out } = this.#request;
    const { steps, wallSeconds, samplesPerSecond, evaluation } = summary;
    const width = Math.max(40, Math.min(process.stdout.columns || 80, 100));
    printLine("");
    printLine(await learningCurveText(languageCurve(out, config), { width, height: 15 }));
    printLine("");
    printLine(`${grouped(steps)} samples in ${short(wallSeconds)} s, ${short(samplesPerSecond)} samples/s`);
    if (steps < config.steps) printLine("stopped early: it was not getting better any more");
    if (evaluation !== undefined) printLine(`evaluation on ${config.world}: ${evaluationText(evaluation)}`);
    const files = pathsIn(out);
    printLine(`model    ${files.model}`);
    if (existsSync(files.samples)) printLine(`samples  ${files.samples}`);
    if (existsSync(files.curve)) printLine(`picture  ${files.curve}`);
  }
}

/** An evaluation in words. */
export function evaluationText({
  samples,
  reward,
  measures = {},
  length,
  accuracy,
}: NonNullable<NonNullable<LanguageRunOutcome["summary"]>["evaluation"]>): string {
  if (reward === undefined) return `${short(100 * (accuracy ?? 0))} % of ${samples} pairs right`;
  const others = Object.entries({ ...measures, ...(length !== undefined && { tokens: length }) });
  const beside = others.map(([name, value]) => `${name} ${short(value)}`).join(", ");
  return `${samples} completions, reward ${short(reward.mean)} ± ${short(reward.sd)} (mean ± sd)${beside === "" ? "" : `; ${beside}`}`;
}
