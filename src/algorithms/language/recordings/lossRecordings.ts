/**
 * Recorded runs of preference algorithms (losses/*.json): by what is in a file, which algorithm it is of and how it is played. Models
 * and data lie beside it, where the file says.
 */

import type { z } from "zod";
import { AscentError } from "../../../errors.ts";
import { readLanguageModel } from "../../../language/model/modelFiles.ts";
import { notARecording, type RecordingKind, type RecordingPlace } from "../../../language/recordings/recordingKind.ts";
import { Tally } from "../../../language/recordings/tally.ts";
import { createEngine, type Engine } from "../../../tensor/engine.ts";
import { ktoForm, replayKto, replayReward, replaySft, rewardForm, sftForm } from "./others.ts";
import { dpoForm, pairDataForm, referenceFreeForm, replayDpo, replayLogProbs, replayReferenceFree } from "./pairs.ts";
import { finalsForm, type RecordingFiles } from "./recordedRun.ts";

type Members = Readonly<Record<string, unknown>>;

interface Format {
  /** @param first the first of the file's configurations. */
  fits(file: Members, first: Members): boolean;
  replay(content: unknown, files: RecordingFiles, tally: Tally): void;
}

function format<Form extends z.ZodType>(
  fits: Format["fits"],
  form: Form,
  replay: (file: z.output<Form>, files: RecordingFiles, tally: Tally) => void,
): Format {
  return {
    fits,
    replay(content, files, tally) {
      const parsed = form.safeParse(content);
      if (!parsed.success) throw notARecording(files.file, parsed.error.issues[0]);
      replay(parsed.data, files, tally);
    },
  };
}

/** Each with what only such files have; the first that fits is taken. */
const FORMATS: readonly Format[] = [
  format((file) => "initial_logprobs" in file, pairDataForm, replayLogProbs),
  format(
    (_, first) => "tensors" in first,
    finalsForm,
    ({ configs }, files, tally) => {
      const known = Object.entries(files.json("dpo.json", dpoForm).configs).filter(([name]) =>
        Object.hasOwn(configs, name),
      );
      replayDpo(Object.fromEntries(known), files, tally, configs);
    },
  ),
  format((file) => "datasets" in file, ktoForm, replayKto),
  format((_, first) => "uses_margin" in first, rewardForm, replayReward),
  format((_, first) => typeof first["batches"] === "string", sftForm, replaySft),
  format((file, first) => Array.isArray(file["batches"]) && "config" in first, referenceFreeForm, replayReferenceFree),
  format(
    (_, { config }) => isObject(config) && Array.isArray(config["loss_type"]),
    dpoForm,
    ({ configs }, files, tally) => replayDpo(configs, files, tally),
  ),
];

function isObject(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function formatOf(content: unknown): Format | undefined {
  if (!isObject(content)) return undefined;
  const configs = isObject(content["configs"]) ? Object.values(content["configs"]) : [];
  const first = isObject(configs[0]) ? configs[0] : {};
  return FORMATS.find(({ fits }) => fits(content, first));
}

export const lossRecordings: RecordingKind = {
  name: "preference losses",
  files:
    "losses/data.json, dpo.json, kto.json, cpo_orpo.json, reward.json and sft.json, with their models beside the folder",
  matches: (content) => formatOf(content) !== undefined,
  async replay(content, place, tolerance) {
    const tally = new Tally(tolerance);
    formatOf(content)?.replay(content, filesOf(place, await createEngine()), tally);
    return tally.report();
  },
};

function filesOf({ file, read }: RecordingPlace, engine: Engine): RecordingFiles {
  return {
    file,
    json(path, form) {
      const bytes = read(path);
      if (bytes === undefined) {
        throw new AscentError("file", {
          what: `${file} goes with another recording, which is not there`,
          got: `no ${path} beside it`,
          fix: "Keep the recordings in one folder, as they were made.",
        });
      }
      const parsed = form.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
      if (parsed.success) return parsed.data;
      throw notARecording(path, parsed.error.issues[0]);
    },
    model: (path) => readLanguageModel(engine, (name) => read(`${path}/${name}`)),
  };
}
