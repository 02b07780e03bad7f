/** The bridge with Gymnasium itself, where ASCENT_PYTHON names a Python that has it: CartPole beside the built-in one. */
import { describe, expect, test } from "vitest";
import { environmentSpec } from "../../../src/envs/environmentRegistry.ts";
import { gymnasiumEnvironment } from "../../../src/node/gymnasium/gymnasiumEnvironment.ts";

describe.skipIf(!process.env["ASCENT_PYTHON"])("Gymnasium", () => {
  test("CartPole-v1 over the bridge and the built-in one agree to 1e-6 from the same states", () => {
    // All four numbers of the state are drawn from [low, high]: with both equal they are known.
    for (const start of [0.0125, -0.04, 0.03]) {
      const spec = gymnasiumEnvironment("CartPole-v1", { resetOptions: { low: start, high: start } });
      const batch = spec.make(1);
      const builtIn = environmentSpec("CartPole-v1");
      const own = builtIn.make(1);
      batch.reset(0);
      builtIn.startFrom?.(own, { state: [start, start, start, start] });
      let steps = 0;
      for (let ended = false; !ended; steps++) {
        for (let j = 0; j < 4; j++) expect(Math.abs(batch.observations[j] - own.observations[j])).toBeLessThan(1e-6);
        const action = Float32Array.of(steps % 3 === 0 ? 1 : 0);
        batch.step(action);
        own.step(action);
        expect([...batch.rewards, ...batch.terminated]).toEqual([...own.rewards, ...own.terminated]);
        ended = own.terminated[0] === 1;
      }
      for (let j = 0; j < 4; j++) {
        expect(Math.abs(batch.finalObservations[j] - own.finalObservations[j])).toBeLessThan(1e-6);
      }
      expect(steps).toBeGreaterThan(5);
      batch.close?.();
    }
  });

  test("the same seed gives the same episodes, and every environment its own", () => {
    const batch = gymnasiumEnvironment("CartPole-v1").make(2);
    batch.reset(1);
    const first = [...batch.observations];
    batch.reset(1);
    expect([...batch.observations]).toEqual(first);
    expect(first.slice(0, 4)).not.toEqual(first.slice(4));
    batch.close?.();
  });

  test("unknown ids and spaces without a counterpart are named", () => {
    expect(() => gymnasiumEnvironment("CartPol-v1").make(1)).toThrow(/no environment for gymnasium:CartPol-v1/);
    expect(() => gymnasiumEnvironment("Blackjack-v1").make(1)).toThrow(/Tuple\(/);
    expect(() => gymnasiumEnvironment("CartPole-v1", { arguments: { nonsense: 1 } }).make(1)).toThrow(/TypeError/);
  });
});
