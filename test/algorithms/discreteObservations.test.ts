/** Discrete observations that do not contain 0: what the network is shown of rows that mean nothing must be of the space too. */

import { describe, expect, test } from "vitest";
import { discrete, type Environment } from "../../src/envs/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { ladder } from "./ladder.ts";
import { iterate } from "./support.ts";

/** Shows 3, 4 … 6, 3 …, and ends by itself after 3 to 12 steps, as its seed says, or is cut off after 7. */
class Counting implements Environment<number, number> {
  readonly observationSpace = discrete(4, 3);
  readonly actionSpace = discrete(2, 5);
  #steps = 0;
  #length = 0;

  reset(options?: { seed?: number }) {
    this.#steps = 0;
    this.#length = 3 + new RandomStream(options!.seed!, streams.user).integer(10);
    return { observation: 3 };
  }

  step(action: number) {
    this.#steps++;
    return {
      observation: 3 + (this.#steps % 4),
      reward: action === 5 ? 1 : 0,
      terminated: this.#steps === this.#length,
      truncated: this.#steps === 7,
    };
  }

  saveState() {
    return [this.#steps, this.#length];
  }

  loadState(state: unknown) {
    [this.#steps, this.#length] = state as number[];
  }
}

const make = (name: string, options: Record<string, unknown>) => ladder(name, () => new Counting(), options);

describe("Discrete observations without 0, episodes cut off now and then", () => {
  test.each([
    ["ppo", { recomputeAdvantages: true, batchSize: 32 }],
    ["ppo", { recomputeAdvantages: true, batchSize: 32, recurrent: "gru" }],
    ["off-policy-pg", { nSteps: 60, replayBatches: 2 }],
    ["off-policy-pg", { nSteps: 5 }],
    ["a2c", {}],
    ["reinforce", { nSteps: 60 }],
  ])("%s %o", async (name, options) => {
    for (const { parameterDistance } of iterate(await make(name, options), 6)) {
      expect(parameterDistance).toBeGreaterThan(0);
    }
  });

  // Fresh environments have ended on nothing yet: one is cut off before the others have ended.
  test.each([
    ["ppo", { batchSize: 5 }],
    ["a2c", {}],
    ["trpo", { batchSize: 5 }],
  ])("%s resumes between two truncations", async (name, options) => {
    const of = { nSteps: 5, nEnvs: 6, ...options };
    const straight = await make(name, of);
    for (let done = 0; done < 4; done++) {
      const resumed = await make(name, of);
      resumed.load(straight.save());
      iterate(straight, 1);
      iterate(resumed, 1);
      expect(resumed.save()).toEqual(straight.save());
    }
  });
});
