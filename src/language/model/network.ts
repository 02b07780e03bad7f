/**
 * The network of a description as graph code: from tokens to hidden states, logits, log-probabilities of tokens and scores.
 * It holds no numbers (languageModel.ts) and knows nothing of files.
 */

import { checkArgument, text } from "../../arguments/checks.ts";
import { describeValue } from "../../arguments/describeValue.ts";
import { AscentError } from "../../errors.ts";
import { describeTensor, label, requireTensor, type Tensor } from "../../tensor/graph.ts";
import { causalAttention } from "../../tensor/ops/attention.ts";
import { add } from "../../tensor/ops/elementwise.ts";
import { gatherRows } from "../../tensor/ops/gather.ts";
import { reshape, sliceAxis } from "../../tensor/ops/layout.ts";
import { matmul } from "../../tensor/ops/matmul.ts";
import { checkDescription, type LanguageModelDescription } from "./description.ts";
import { besideAdapter, familyNames } from "./families.ts";
import { type TransformerLayer, transformerLayer } from "./layer.ts";
import { modulesOf } from "./modules.ts";
import { type Positions, positionsFromMask, type Rotation, rotation } from "./positions.ts";
import { targetLogProbs } from "./targetLogProbs.ts";

export interface TokenBatch {
  /** i32 [rows, length], all from 0 to vocabularySize − 1, padding too. */
  tokens: Tensor;
  /** i32 [rows, length]. Default: counted over the mask's real tokens; without a mask 0, 1, 2 … */
  positions?: Tensor;
  /** f32 [rows, length], 1 real, 0 padding. Needed for padding on the left only: no real token looks to its right. */
  mask?: Tensor;
}

export interface AdapterOptions {
  /** False: the base model, LoRA's part left out. Default true. */
  adapter?: boolean;
}

export interface LanguageNetwork {
  readonly description: LanguageModelDescription;
  /** What stands before each parameter's name: "" or, of the name "reference", "reference.". */
  readonly prefix: string;
  /** The base, named as in Transformers' files, behind the network's own name. */
  readonly parameters: readonly Tensor[];
  /** LoRA's, named as PEFT does without "base_model.model."; empty without LoRA. */
  readonly adapter: readonly Tensor[];
  readonly layers: readonly TransformerLayer[];
  /** What the layers begin with, [rows · length, width], and how their heads are turned. */
  embed(tokens: Tensor, positions: Positions): { x: Tensor; turn: Rotation | undefined };
  /** The norm before the head, over the last axis. */
  finalNorm(x: Tensor): Tensor;
  /**
   * Hidden states behind the final norm: [rows, length, width]. Those of padding are finite and mean nothing.
   * @throws AscentError "shape" for tensors that do not fit, "option" for more tokens than the model's context.
   */
  hidden(batch: TokenBatch, options?: AdapterOptions): Tensor;
  /** […, width] → […, vocabularySize]. @throws AscentError "option" for a model with the head "score". */
  logits(hidden: Tensor): Tensor;
  /** log π(token t + 1 | tokens 0 … t), of logits divided by `temperature` (default 1): [rows, length − 1]. */
  tokenLogProbs(batch: TokenBatch, options?: AdapterOptions & { temperature?: number }): Tensor;
  /**
   * log π(targets) from hidden states […, width]: targets i32 […] → […]. For who has hidden states already, or wants some
   * positions only.
   */
  targetLogProbs(hidden: Tensor, targets: Tensor, temperature?: number): Tensor;
  /**
   * [rows, length, width] → one number a position [rows, length]. LoRA has a score head of its own, which starts as the base's.
   * @throws AscentError "option" without the head "score".
   */
  scores(hidden: Tensor, options?: AdapterOptions): Tensor;
}

/**
 * @param name goes before each parameter's name, such as "reference": a policy and a reference in one program.
 * @throws AscentError "option" for a description that no model can have.
 */
export function languageNetwork(description: LanguageModelDescription, name?: string): LanguageNetwork {
  checkDescription("languageNetwork", description);
  if (name !== undefined) checkArgument("languageNetwork: name", text, name);
  const { vocabularySize, contextLength, width, headSize, tiedHead, positions: kind } = description;
  const names = familyNames[description.family];
  const prefix = name === undefined || name === "" ? "" : `${name}.`;
  const modules = modulesOf(description, prefix);
  const embedding = modules.table(names.embedding, vocabularySize, width);
  const places = kind === "learned" ? modules.table(names.positions ?? "positions", contextLength, width) : undefined;
  const layers = Array.from({ length: description.layers }, (_, i) => transformerLayer(modules, description, i));
  refuseTargets(modules.unmetTargets(), description);
  const finalNorm = modules.norm(names.finalNorm, width);
  const isLanguage = description.head === "language";
  const untied = isLanguage && !tiedHead ? modules.table(names.head, vocabularySize, width) : undefined;
  const score = isLanguage ? undefined : modules.table(names.score, 1, width);
  const hasOwnScore = score !== undefined && description.lora !== undefined;
  const ownScore = hasOwnScore ? modules.adapterTable(besideAdapter(names.score), 1, width) : undefined;

  const embed: LanguageNetwork["embed"] = (tokens, positions) => {
    const [rows, length] = tokens.shape;
    const x = gatherRows(embedding, reshape(tokens, [-1]));
    if (kind !== "learned") return { x, turn: rotation(positions, length, headSize, kind.rotaryBase) };
    if (places === undefined) return { x, turn: undefined };
    if (positions.tensor !== undefined) {
      return { x: add(x, gatherRows(places, reshape(positions.tensor, [-1]))), turn: undefined };
    }
    const batch = add(reshape(x, [rows, length, width]), sliceAxis(places, 0, 0, length));
    return { x: reshape(batch, [-1, width]), turn: undefined };
  };

  const hidden: LanguageNetwork["hidden"] = (batch, { adapter = true } = {}) => {
    const [rows, length] = checkBatch(batch, contextLength);
    let { x, turn } = embed(batch.tokens, positionsOf(batch, contextLength));
    const { heads, keyValueHeads } = description;
    for (const layer of layers) {
      const sides = layer.sideBySide(x, { rows, length }, turn, adapter);
      const attended = causalAttention(sides, { heads, keyValueHeads, mask: batch.mask });
      x = layer.rest(x, reshape(attended, [rows * length, -1]), adapter);
    }
    return label(reshape(finalNorm(x), [rows, length, width]), "hidden states");
  };

  const headWeight = (caller: string): Tensor => {
    if (isLanguage) return untied ?? embedding;
    return wrongHead(caller, "score", "language");
  };

  const logProbs: LanguageNetwork["targetLogProbs"] = (states, targets, temperature = 1) =>
    targetLogProbs(states, headWeight("targetLogProbs"), targets, temperature);

  return {
    description,
    prefix,
    parameters: modules.parameters,
    adapter: modules.adapter,
    layers,
    embed,
    finalNorm,
    hidden,
    logits(states) {
      const product = matmul(reshape(states, [-1, width]), headWeight("logits"), { transposeB: true });
      return label(reshape(product, [...states.shape.slice(0, -1), vocabularySize]), "logits");
    },
    targetLogProbs: logProbs,
    tokenLogProbs(batch, { temperature, ...options } = {}) {
      const [, length] = checkBatch(batch, contextLength);
      if (length < 2) {
        throw new AscentError("shape", {
          what: "tokenLogProbs: there is no token to predict",
          got: describeTensor(batch.tokens),
          expected: "at least two tokens a row",
          fix: "Put a beginning-of-sequence token before the rows.",
        });
      }
      const states = sliceAxis(hidden(batch, options), 1, 0, length - 1);
      return label(logProbs(states, sliceAxis(batch.tokens, 1, 1, length - 1), temperature), "token log-probabilities");
    },
    scores(states, { adapter = true } = {}) {
      if (score === undefined) return wrongHead("scores", "language", "score");
      const weight = adapter ? (ownScore ?? score) : score;
      const product = matmul(reshape(states, [-1, width]), weight, { transposeB: true });
      return label(reshape(product, states.shape.slice(0, -1)), "scores");
    },
  };
}

/** LoRA on nothing would train nothing. */
function refuseTargets(unmet: readonly string[], { family, gated }: LanguageModelDescription): void {
  if (unmet.length === 0) return;
  const { queryKeyValue, attentionOutput, gate, up, down } = familyNames[family];
  const paths = [...queryKeyValue, attentionOutput, ...(gated ? [gate] : []), up, down];
  throw new AscentError("option", {
    what: "languageNetwork: description.lora.targets: no linear layer of the model is called so",
    got: unmet.map(describeValue).join(", "),
    expected: `some of ${paths.join(", ")}, or the ends of these behind a dot`,
    fix: "Name layers that the model has.",
  });
}

function positionsOf({ positions, mask, tokens }: TokenBatch, contextLength: number): Positions {
  if (positions !== undefined) return { tensor: positions, limit: contextLength };
  if (mask === undefined) return { limit: tokens.shape[1] };
  return { tensor: positionsFromMask(mask), limit: tokens.shape[1] };
}

/** @returns rows and length. */
function checkBatch({ tokens, positions, mask }: TokenBatch, contextLength: number): readonly [number, number] {
  const expected = { tokens: "i32", positions: "i32", mask: "f32" };
  for (const [name, tensor] of Object.entries({ tokens, positions, mask })) {
    if (tensor === undefined && name !== "tokens") continue;
    requireTensor(`hidden: ${name}`, tensor);
    const dtype = expected[name as keyof typeof expected];
    const fits = tensor.shape.length === 2 && tensor.shape.every((extent, i) => extent === tokens.shape[i]);
    if (fits && tensor.dtype === dtype) continue;
    throw new AscentError("shape", {
      what: `hidden: ${name} of the batch`,
      got: `${describeTensor(tensor)} of dtype ${tensor.dtype}`,
      expected: `${dtype} [rows, length]${name === "tokens" ? "" : `, here ${tokens.shape.join(" × ")}`}`,
      fix: "Give one entry for each token of each row.",
    });
  }
  const [rows, length] = tokens.shape;
  if (length <= contextLength) return [rows, length];
  throw new AscentError("option", {
    what: "hidden: the rows are longer than the model's context",
    got: `${length} tokens`,
    expected: `at most ${contextLength}`,
    fix: "Shorten the rows, or use a model with a longer context.",
  });
}

function wrongHead(caller: string, head: string, expected: string): never {
  throw new AscentError("option", {
    what: `${caller}: the model has another head`,
    got: `head "${head}"`,
    expected: `head "${expected}"`,
    fix: `Describe the model with head: "${expected}", or load one of that kind.`,
  });
}
