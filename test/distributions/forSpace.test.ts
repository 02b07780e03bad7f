/** Which distribution goes with which action space. */

import { expect, test } from "vitest";
import { headForSpace } from "../../src/distributions/index.ts";
import { box, discrete, multiBinary, multiDiscrete } from "../../src/envs/spaces.ts";

test.each([
  [discrete(4, 2), "categorical", 4, 1, 4],
  [multiDiscrete([2, 5]), "multiCategorical", 7, 2, 7],
  [multiBinary(3), "bernoulli", 3, 3, 0],
  [box({ low: -1, high: 1, shape: [2, 3] }), "gaussian", 6, 6, 0],
])("%o → %s", (space, kind, parameterSize, actionSize, maskSize) => {
  const head = headForSpace(space);
  expect(head).toMatchObject({ kind, parameterSize, actionSize, maskSize });
});
