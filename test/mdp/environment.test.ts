import { describe, expect, test } from "vitest";
import { checkEnvironment, makeBatched } from "../../src/envs/index.ts";
import { chain, finiteHorizonObjective, gridWorld, mdpEnvironment, mdpSpec, randomMdp } from "../../src/mdp/index.ts";
import { expectMeanWithin, seeded } from "./support.ts";

describe("an MDP as an environment", () => {
  test("passes the library's own checker", () => {
    for (const mdp of [chain({ horizon: 30, slip: 0.2 }), gridWorld(["S.G", ".#X"], { horizon: 20 })]) {
      expect(checkEnvironment(() => mdpEnvironment(mdp)).filter((finding) => finding.level === "error")).toEqual([]);
    }
  });

  test("batched through the adapter, returns of a uniform policy average to the exact J", () => {
    const mdp = randomMdp(seeded(1), { states: 4, actions: 3, gamma: 1, horizon: 8 });
    const batch = mdpSpec("Random-v0", mdp).make(50);
    const random = seeded(2);
    batch.reset(3);
    const returns: number[] = [];
    const running = new Float64Array(50);
    for (let t = 1; t <= 8 * 40; t++) {
      batch.step(Float32Array.from({ length: 50 }, () => random.integer(3)));
      for (let i = 0; i < 50; i++) {
        running[i] += batch.rewards[i];
        if (batch.truncated[i] !== (t % 8 === 0 ? 1 : 0))
          expect.fail(`truncated is ${batch.truncated[i]} at step ${t}`);
        if (t % 8 !== 0) continue;
        returns.push(running[i]);
        running[i] = 0;
      }
    }
    const uniform = new Float64Array(12).fill(1 / 3);
    expectMeanWithin(Float64Array.from(returns), 1, [finiteHorizonObjective(mdp, uniform)], 3, "J");
  });

  test("terminates on arrival; the horizon truncates, or terminates when asked", () => {
    const environment = mdpEnvironment(chain({ length: 3, horizon: 2 }));
    environment.reset({ seed: 0 });
    environment.step(1);
    expect(environment.step(1)).toEqual({ observation: 2, reward: 1, terminated: true, truncated: true });
    expect(() => environment.step(1)).toThrow(/Call reset first/);
    environment.reset();
    environment.step(0);
    expect(environment.step(0)).toMatchObject({ terminated: false, truncated: true });
    // Behind the clock's end there is no episode either, though the state goes on.
    expect(() => environment.step(0)).toThrow(/Call reset first/);
    const again = mdpEnvironment(chain({ length: 3, horizon: 2 }));
    again.loadState!(environment.saveState!());
    expect(() => again.step(0)).toThrow(/Call reset first/);
    const strict = mdpEnvironment(chain({ length: 3, horizon: 1 }), { horizonEnds: "terminated" });
    strict.reset({ seed: 0 });
    expect(() => strict.step(2)).toThrow(/not an action/);
    expect(strict.step(0)).toMatchObject({ terminated: true, truncated: false });
  });

  test("resumes bit for bit", () => {
    const spec = mdpSpec("Random-v1", randomMdp(seeded(4), { states: 5, actions: 2, horizon: 7 }));
    const [one, two] = [makeBatched(spec, 3), makeBatched(spec, 3)];
    expect(one.exactState).toBe(true);
    one.reset(5);
    for (let t = 0; t < 10; t++) one.step(Float32Array.of(0, 1, t % 2));
    two.loadState(JSON.parse(JSON.stringify(one.saveState())));
    for (let t = 0; t < 20; t++) {
      one.step(Float32Array.of(1, 0, t % 2));
      two.step(Float32Array.of(1, 0, t % 2));
      expect([...two.observations]).toEqual([...one.observations]);
      expect([...two.rewards]).toEqual([...one.rewards]);
    }
  });
});
