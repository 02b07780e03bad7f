/** The bridge with Gymnasium itself, where ASCENT_PYTHON names a Python that has it: CartPole beside the built-in one. */
import { describe, expect, test, vi } from "vitest";
import { environmentSpec } from "../../../src/envs/environmentRegistry.ts";
import { describe as describeSpace } from "../../../src/envs/spaces.ts";
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

  test("every kind of space goes over and comes back, with masks", () => {
    vi.stubEnv("PYTHONPATH", "test/node/gymnasium");
    const batch = gymnasiumEnvironment("every_space:EverySpace-v0").make(2);
    expect(describeSpace(batch.actionSpace)).toBe(
      "Dict({ gear: MultiDiscrete([2, 4]), keys: MultiBinary(2), push: Box([2]), turn: Discrete(3, start -1) })",
    );
    batch.reset(0);
    expect([...(batch.actionMasks ?? [])].slice(0, 9)).toEqual([1, 0, 1, 1, 0, 1, 1, 0, 1]);
    expect([...batch.observations].slice(0, 9)).toEqual([3, 4, 0, 0, 0, 0, 0, 0, 0]);
    const actions = Float32Array.of(1, 3, 1, 0, -0.5, 0.1, 1, 0, 2, 0, 1, 0.25, 0, -1);
    batch.step(actions);
    expect([...batch.observations.slice(0, 9)]).toEqual([5, 6, ...actions.slice(0, 7)]);
    expect([...batch.observations.slice(9)]).toEqual([5, 6, ...actions.slice(7)]);
    batch.step(actions);
    expect([...batch.truncated]).toEqual([1, 1]);
    expect([...batch.finalObservations.slice(9)]).toEqual([5, 6, ...actions.slice(7)]);
    expect([...batch.observations].slice(9)).toEqual([3, 4, 0, 0, 0, 0, 0, 0, 0]);
    batch.close?.();
    vi.unstubAllEnvs();
  });

  test("unknown ids and spaces without a counterpart are named", () => {
    expect(() => gymnasiumEnvironment("CartPol-v1").make(1)).toThrow(/no environment for gymnasium:CartPol-v1/);
    expect(() => gymnasiumEnvironment("Blackjack-v1").make(1)).toThrow(/Tuple\(/);
    expect(() => gymnasiumEnvironment("CartPole-v1", { arguments: { nonsense: 1 } }).make(1)).toThrow(/TypeError/);
  });
});
