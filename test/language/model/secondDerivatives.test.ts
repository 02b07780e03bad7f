/** Derivatives of gradients through a whole network: what Fisher and Hessian products are made of. */

import { describe, expect, test } from "vitest";
import { languageNetwork } from "../../../src/language/model/network.ts";
import { grad, hessianVectorProduct } from "../../../src/tensor/grad.ts";
import { input, type Tensor } from "../../../src/tensor/graph.ts";
import { sum } from "../../../src/tensor/ops/reduce.ts";
import { sizeOf } from "../../../src/tensor/shape.ts";
import { evaluate } from "../../tensor/reference.ts";
import { numbers, seeded } from "../../tensor/seeded.ts";
import { smallDescriptions } from "./smallDescriptions.ts";

const STEP = 1e-5;

describe.each(["gpt2", "gpt2, untied, erf", "qwen3"])("%s", (name) => {
  test("the Hessian along a direction is the change of the gradient along it", () => {
    const network = languageNetwork({ ...smallDescriptions[name], layers: 1, vocabularySize: 5 });
    const random = seeded(8);
    const tokens = input("tokens", [1, 3], "i32");
    const parameters = [...network.parameters];
    const values = new Map<Tensor, number[]>([[tokens, [3, 0, 2]]]);
    const directions = parameters.map((tensor) => {
      values.set(tensor, numbers(random, sizeOf(tensor.shape), -0.8, 0.8));
      const direction = input(`direction of ${tensor.attributes.name}`, tensor.shape);
      values.set(direction, numbers(random, sizeOf(tensor.shape), -1, 1));
      return direction;
    });
    const loss = sum(network.tokenLogProbs({ tokens }));
    const products = evaluate(hessianVectorProduct(loss, parameters, directions), values);
    const gradients = grad(loss, parameters);
    const gradientsAt = (step: number) => {
      const moved = new Map(values);
      parameters.forEach((tensor, i) => {
        const direction = values.get(directions[i])!;
        moved.set(
          tensor,
          values.get(tensor)!.map((value, k) => value + step * direction[k]),
        );
      });
      return evaluate(gradients, moved);
    };
    const [above, below] = [gradientsAt(STEP), gradientsAt(-STEP)];
    parameters.forEach((tensor, i) => {
      const largest = Math.max(1, ...products[i].map(Math.abs));
      products[i].forEach((product, k) => {
        const difference = (above[i][k] - below[i][k]) / (2 * STEP);
        expect(Math.abs(product - difference), `${tensor.attributes.name} [${k}]`).toBeLessThan(1e-5 * largest);
      });
    });
  });
});
