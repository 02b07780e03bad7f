/** What an algorithm of pairs says of itself to the objective that all of them share. */

import type { PreferenceLossOptions } from "../../objectives/preferences/preferenceLoss.ts";
import type { Reference } from "./reference.ts";

export interface PairSettings {
  /** What `preferenceLoss` is asked for. */
  readonly loss: PreferenceLossOptions;
  /** Where log π_ref comes from; none: a loss without a reference. */
  readonly reference?: Reference;
  /** Reward of a completion in the figures: so many times its log-ratio, or its score. */
  readonly reward: { readonly beta: number; readonly of: "logRatio" | "score" };
  /** Weighs pairs by how probable the policy finds them (WPO). Default false. */
  readonly weighted?: boolean;
  /** The likelihood is of the prompt's tokens as well (ORPO). Default false. */
  readonly promptLikelihood?: boolean;
  /** Figures of the likelihood, which the loss has in it then, and of the log odds. */
  readonly shows?: readonly ("likelihood" | "odds")[];
  /**
   * What the figures logits/* are means over: the completions' tokens. TRL's CPO takes all positions, its ORPO all that predict,
   * padding with them: only to compare with recordings, as they depend on the padding.
   */
  readonly logitsOver?: "predictions" | "positions";
}
