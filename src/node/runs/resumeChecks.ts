/** What must hold for a run to be continued: the same release, the same settings, a checkpoint of its own, no way back. */
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import type { JsonValue } from "../../files/exactJson.ts";
import { resolveOptions } from "../../training/resolveOptions.ts";
import type { SettingChange } from "../../training/settingChanges.ts";
import { algorithmNamed } from "../../training/train.ts";
import { packageVersion } from "../version.ts";
import { exactly, type RunConfig, runIdentity } from "./config.ts";
import { pathsIn } from "./folder.ts";
import { initialPolicyOf } from "./initialPolicy.ts";
import { environmentId, limitOf, type RunRequest, settingsOf } from "./request.ts";

/** With fewer steps than are done, config.json would call a run finished that is not. */
export function requireGrowing({ steps, out }: RunRequest, stored: RunConfig, done: number): void {
  const least = Math.min(done, stored.steps);
  if (steps === undefined || steps >= least) return;
  throw new AscentError("option", {
    what: `The run in ${out} is past these steps already`,
    got: `${steps} steps`,
    expected: `${least} or more: it has made ${done}`,
    fix: `Ask for more, or leave the steps out to go on to ${stored.steps}.`,
  });
}

export function requireSameVersion(folder: string, { version }: RunConfig): void {
  if (version === packageVersion()) return;
  throw new AscentError("file", {
    what: `The run in ${folder} was started by another release`,
    got: `version ${version}`,
    expected: `version ${packageVersion()}`,
    fix: `Continue it with ascent-rl@${version}, or start a new run from its settings with --config ${pathsIn(folder).config}.`,
  });
}

/** Everything asked for beside the steps must be what the run has. */
export function requireSameSettings(request: RunRequest, stored: RunConfig): void {
  const { environment, environmentOptions, kernels } = request;
  const options = settingsOf(request);
  const algorithm = algorithmNamed(stored.algorithm);
  const wanted = resolveOptions(algorithm, stored.env, { ...exactly(stored.algorithm, stored.options), ...options });
  const isNameless = typeof environment === "function" && environmentOptions?.id === undefined;
  const asked: [string, unknown, unknown][] = [
    ["the algorithm", request.algorithm, stored.algorithm],
    [
      "the environment",
      isNameless ? undefined : environment && environmentId(environment, environmentOptions),
      stored.env,
    ],
    [
      "the time limit (maxEpisodeSteps)",
      environmentOptions?.maxEpisodeSteps && (limitOf(request).maxEpisodeSteps ?? "none"),
      stored.maxEpisodeSteps ?? "none",
    ],
    ["the initial policy", initialPolicyOf(request)?.origin.sha256, stored.init?.sha256],
    ["the initial critic", request.initialCritic, stored.init?.critic],
    ["the changes of settings", request.changes && asStored(request.changes), stored.changes ?? []],
    ["the kernels", kernels === "auto" ? undefined : kernels, stored.kernels],
    ...Object.keys(options).map((name): [string, unknown, unknown] => [name, wanted[name], stored.options[name]]),
  ];
  for (const [what, wish, is] of asked) {
    if (wish === undefined || JSON.stringify(wish) === JSON.stringify(is)) continue;
    throw new AscentError("option", {
      what: `A resumed run cannot change ${what}`,
      got: describeValue(wish),
      expected: `${JSON.stringify(is) ?? "none"}, as the run in ${request.out} was started with`,
      fix: `Leave it out, or start a new run in another folder, from this one's policy with --init ${request.out} (in code: initialPolicy).`,
    });
  }
}

/** As config.json has it: JSON knows no undefined. */
function asStored(changes: readonly SettingChange[]): unknown {
  return JSON.parse(JSON.stringify(changes.map(({ atStep, options }) => ({ atStep, options }))));
}

/** Without a checkpoint a run begins again from its seed; one that began with a trained policy has that in its first. */
export function requireNoStart(folder: string, { init }: RunConfig): void {
  if (init === undefined) return;
  throw new AscentError("file", {
    what: `The run in ${folder} started from a trained policy, and there is no checkpoint that holds it`,
    got: `no file in ${pathsIn(folder).checkpoints}`,
    fix: `Restore the checkpoints, or start a new run from its settings with --config ${pathsIn(folder).config}.`,
  });
}

/** A checkpoint and a config.json that do not belong together would load without an error and mean nothing. */
export function requireSameRun(path: string, run: JsonValue, config: RunConfig): void {
  if (JSON.stringify(run) === JSON.stringify(runIdentity(config))) return;
  throw new AscentError("file", {
    what: `${path} belongs to a run with other settings than config.json's`,
    fix: "Restore the config.json that the run was started with.",
  });
}
