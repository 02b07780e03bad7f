/**
 * Recorded episodes as one safetensors file: bytes in, bytes out. What they are is dataset.ts, what they have to keep to
 * datasetChecks.ts; files on disk are node/datasets.ts.
 */

import { z } from "zod";
import { bytes as bytesCheck, checkArgument } from "../arguments/checks.ts";
import { spaceFromJson, spaceToJson } from "../envs/spaces.ts";
import { AscentError } from "../errors.ts";
import { contentDigest } from "../files/contentDigest.ts";
import { decodeSafetensors, encodeSafetensors, type StoredTensor, type TensorToStore } from "../files/safetensors.ts";
import type { EpisodeDataset } from "./dataset.ts";
import { checkDataset } from "./datasetChecks.ts";

const FORMAT = "ascent-episodes/1";

const arrays = {
  offsets: { dtype: "I32", type: Int32Array },
  observations: { dtype: "F32", type: Float32Array },
  actions: { dtype: "F32", type: Float32Array },
  masks: { dtype: "U8", type: Uint8Array },
  rewards: { dtype: "F64", type: Float64Array },
  terminated: { dtype: "U8", type: Uint8Array },
  truncated: { dtype: "U8", type: Uint8Array },
  finalObservations: { dtype: "F32", type: Float32Array },
} as const;

type ArrayName = keyof typeof arrays;
const arrayNames = Object.keys(arrays) as ArrayName[];
/** The arrays that have one row for each step; finalObservations has one for each episode, offsets one more. */
const perStep: ReadonlySet<ArrayName> = new Set(["observations", "actions", "masks"]);

const description = z.object({
  environment: z.string(),
  observationSpace: z.unknown(),
  actionSpace: z.unknown(),
  policy: z.string(),
  seed: z.int().min(0),
});

/**
 * The bytes of a dataset's file; equal datasets give equal bytes.
 *
 * @throws AscentError as `checkDataset`: what cannot be loaded is not written.
 */
export function encodeDataset(dataset: EpisodeDataset): Uint8Array {
  checkDataset(dataset);
  const { environment, policy, seed, offsets } = dataset;
  const steps = dataset.rewards.length;
  const rows = (name: ArrayName) => (name === "finalObservations" ? offsets.length - 1 : steps);
  const tensors: Record<string, TensorToStore> = {};
  for (const name of arrayNames) {
    const data = dataset[name];
    if (data === undefined) continue;
    const isMatrix = perStep.has(name) || name === "finalObservations";
    const shape = isMatrix ? [rows(name), data.length / rows(name)] : [data.length];
    tensors[name] = { dtype: arrays[name].dtype, shape, data };
  }
  const text = JSON.stringify({
    environment,
    observationSpace: spaceToJson(dataset.observationSpace),
    actionSpace: spaceToJson(dataset.actionSpace),
    policy,
    seed,
  });
  return encodeSafetensors(tensors, { format: FORMAT, episodes: text, sha256: contentDigest(text, tensors) });
}

/** @throws AscentError "file" for bytes that are damaged or of another format; else as `checkDataset`. */
export function decodeDataset(bytes: Uint8Array): EpisodeDataset {
  checkArgument("decodeDataset: bytes", bytesCheck, bytes);
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new AscentError("file", {
      what: "Not recorded episodes this version can read",
      got: metadata.format === undefined ? "a file without a format mark" : `format "${metadata.format}"`,
      expected: `"${FORMAT}"`,
      fix: "Give a file that `ascent record` or encodeDataset wrote.",
    });
  }
  const text = metadata.episodes ?? "";
  if (metadata.sha256 !== contentDigest(text, tensors)) {
    throw new AscentError("file", {
      what: "The SHA-256 of the recorded episodes does not match their content",
      got: "a file damaged or altered since it was saved",
      fix: "Use another copy, or record the episodes anew.",
    });
  }
  const { observationSpace, actionSpace, ...rest } = parseDescription(text);
  const dataset = {
    ...rest,
    observationSpace: spaceFromJson(observationSpace),
    actionSpace: spaceFromJson(actionSpace),
    ...Object.fromEntries(arrayNames.filter((name) => name !== "masks").map((name) => [name, arrayOf(tensors, name)])),
    ...(tensors["masks"] !== undefined && { masks: arrayOf(tensors, "masks") }),
  } as unknown as EpisodeDataset;
  checkDataset(dataset);
  return dataset;
}

function arrayOf(tensors: Readonly<Record<string, StoredTensor>>, name: ArrayName): StoredTensor["data"] {
  const tensor = tensors[name];
  if (tensor?.data instanceof arrays[name].type) return tensor.data;
  throw new AscentError("file", {
    what: `The recorded episodes have no usable "${name}"`,
    got: tensor === undefined ? "no such tensor" : tensor.dtype,
    expected: arrays[name].dtype,
    fix: "Write the file with encodeDataset.",
  });
}

function parseDescription(text: string): z.output<typeof description> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    const what = "The description of the recorded episodes is not JSON";
    throw new AscentError("file", { what, fix: "Use another copy." }, { cause });
  }
  const parsed = description.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new AscentError("file", {
    what: "The description of the recorded episodes is incomplete",
    got: z.prettifyError(parsed.error).replaceAll("\n", " "),
    expected: Object.keys(description.shape).join(", "),
    fix: "Write the file with encodeDataset.",
  });
}
