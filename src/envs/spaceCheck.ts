/** What a function asks of an argument that is a space. */

import type { Check } from "../arguments/checks.ts";
import { whyNotSpace } from "./spaces/kinds.ts";

export const spaceCheck: Check = {
  expected: "a space",
  fits: (x) => whyNotSpace(x) === undefined,
  fix: "Make it with box, discrete, multiDiscrete, multiBinary or dict.",
  code: "space",
};
