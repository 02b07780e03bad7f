/** What objectives ask of the distributions that they compare. Tensors are checked by the operations on them. */

import { type Check, having } from "../arguments/checks.ts";

export const distributionCheck: Check = {
  ...having("a distribution", "statistics", "klDivergence"),
  fix: "Give what a head's at(output) gives.",
};
