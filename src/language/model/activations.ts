/** The feed-forward part's activations by the description's names, as graph code. */

import { activation } from "../../nn/activations.ts";
import type { Tensor } from "../../tensor/graph.ts";
import { gelu } from "../../tensor/ops/elementwise.ts";
import type { LanguageModelDescription } from "./description.ts";

export const activations: Readonly<Record<LanguageModelDescription["activation"], (x: Tensor) => Tensor>> = {
  gelu,
  geluTanh: activation("gelu"),
  silu: activation("silu"),
};
