import { expect, test } from "vitest";
import { iterate, learner } from "../algorithms/support.ts";

test.each([false, true])(
  "parameterDistance is ‖θ' − θ‖ of the policy's parameters alone, shared layers: %s",
  async (shared) => {
    const of = await learner("CartPole-v1", { shared });
    const policyOf = () => {
      const { weights } = of.policy();
      return Object.entries(weights).flatMap(([name, { data }]) => (name.startsWith("policy.") ? [...data] : []));
    };
    for (let i = 0; i < 2; i++) {
      const before = policyOf();
      const [{ parameterDistance }] = iterate(of, 1);
      const squares = policyOf().reduce((sum, x, j) => sum + (x - before[j]) ** 2, 0);
      expect(parameterDistance).toBeGreaterThan(0);
      expect(parameterDistance).toBeCloseTo(Math.sqrt(squares), 12);
    }
  },
);

test("a step of length 0 has distance 0", async () => {
  expect(iterate(await learner("Pendulum-v1", { learningRate: 0 }), 1)[0]["parameterDistance"]).toBe(0);
});
