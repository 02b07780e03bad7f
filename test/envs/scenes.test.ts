/** The optional scene() of environments: what adapters and wrappers pass on, what the checker says, that drawing changes nothing. */

import { describe, expect, test } from "vitest";
import {
  batchFromFactory,
  box,
  checkEnvironment,
  clipAction,
  type Environment,
  type EnvironmentFactory,
  environmentSpec,
  hideMask,
  makeBatched,
  timeLimit,
  transformReward,
} from "../../src/envs/index.ts";
import { type Scene, whyNotScene } from "../../src/scenes/index.ts";
import { Counter } from "./counter.ts";

const picture = (words: string): Scene => ({ left: 0, bottom: 0, right: 1, top: 1, shapes: [], words });

/** The counter of these tests, drawn. */
function drawn(draw: (seen: number) => unknown = (seen) => picture(`Seen ${seen}.`)): EnvironmentFactory {
  return () => {
    const counter = new Counter(900);
    let seen = 0;
    const watch = <Result extends { observation: unknown }>(result: Result): Result => {
      seen++;
      return result;
    };
    return {
      observationSpace: counter.observationSpace,
      actionSpace: counter.actionSpace,
      reset: (options) => watch(counter.reset(options)),
      step: (action) => watch(counter.step(action as never)),
      scene: () => draw(seen) as Scene,
    } as Environment;
  };
}

describe("passing scenes on", () => {
  test("wrappers", () => {
    const single = environmentSpec("CartPole-v1").makeSingle();
    for (const wrapped of [timeLimit(single, 9), transformReward(single, (reward) => reward), hideMask(single)]) {
      wrapped.reset({ seed: 1 });
      expect(wrapped.scene?.()).toEqual(single.scene?.());
    }
    const pushed = { ...drawn()(), actionSpace: box({ low: 0, high: 1, shape: [1] }), scene: () => picture("Here.") };
    expect(clipAction(pushed as Environment<unknown, Float32Array>).scene?.().words).toBe("Here.");
    expect(timeLimit(new Counter(900) as Environment, 9).scene).toBeUndefined();
  });

  test("batches from factories, by index", () => {
    const batch = batchFromFactory(drawn(), 2);
    expect(() => batch.scene?.(0)).toThrow(/scene was called before reset/);
    batch.reset(0);
    expect(batch.scene?.(1).words).toBe("Seen 1.");
    expect(() => batch.scene?.(2)).toThrow(/whole number from 0 to 1/);
    expect(batchFromFactory(() => new Counter(900) as Environment, 2).scene).toBeUndefined();
  });

  test("a single environment shows the state its episode ended in, not the next one", () => {
    const single = environmentSpec("CartPole-v1").makeSingle();
    expect(() => single.scene?.()).toThrow(/before reset/);
    single.reset({ seed: 5 });
    let last = single.step(1);
    while (!last.terminated) last = single.step(1);
    expect(single.scene?.().words).toContain("The pole has fallen.");
    single.reset();
    expect(single.scene?.().words).not.toContain("fallen");
    expect(single.scene?.().words).not.toContain("pushed");
  });

  test("a batch shows both: the state now and the state the episode ended in", () => {
    const batch = makeBatched("CartPole-v1", 2);
    batch.reset(0);
    const actions = Float32Array.of(1, 0);
    while (batch.terminated[0] === 0) batch.step(actions);
    expect(batch.finalScene?.(0).words).toContain("pushed right. The pole has fallen.");
    expect(batch.scene?.(0).words).not.toContain("pushed");
  });

  test("after loadState the last action is not known and not shown", () => {
    const single = environmentSpec("CartPole-v1").makeSingle();
    single.reset({ seed: 5 });
    single.step(1);
    expect(single.scene?.().words).toContain("pushed right");
    const again = environmentSpec("CartPole-v1").makeSingle();
    again.loadState?.(single.saveState?.());
    expect(again.scene?.().words).not.toContain("pushed");
  });
});

describe("the checker", () => {
  const rules = (factory: EnvironmentFactory) =>
    checkEnvironment(factory, { steps: 30 }).filter(({ rule }) => rule.startsWith("scene"));

  test("takes a scene that is one", () => {
    expect(rules(drawn())).toEqual([]);
  });

  test("says what does not fit, once", () => {
    const [finding, ...others] = rules(drawn(() => ({ ...picture("A."), top: -1 })));
    expect(others).toEqual([]);
    expect(finding.message).toContain("bottom is 0 and top is -1");
  });

  test("a scene that goes wrong later is seen too", () => {
    expect(rules(drawn((seen) => (seen > 6 ? undefined : picture("A."))))).toHaveLength(1);
  });

  test("a scene that changes the state is named", () => {
    const factory = (): Environment => {
      const single = environmentSpec("CartPole-v1").makeSingle();
      let looked = 0;
      const scene = () => {
        if (looked++ === 1) single.step(1);
        return picture("A step further.");
      };
      const { observationSpace, actionSpace } = single;
      const parts = { observationSpace, actionSpace, scene };
      return { ...parts, reset: (options) => single.reset(options), step: (action) => single.step(action as number) };
    };
    expect(rules(factory).map(({ rule }) => rule)).toContain("scene-changes");
  });

  test("a scene that throws, and one after which steps throw", () => {
    const [finding] = rules(
      drawn((seen) => {
        if (seen > 3) throw new Error("no more ink");
        return picture("A.");
      }),
    );
    expect(finding.message).toContain('the error "no more ink" when scene() is called');
  });

  test("a scene that is no method", () => {
    const factory = () => ({ ...drawn()(), scene: 3 as unknown as () => Scene });
    expect(rules(factory)[0].message).toContain("expected a method");
  });
});

test("a malformed scene of a batch is not drawn by anything: whyNotScene says why", () => {
  expect(whyNotScene({ ...picture("A."), shapes: [{ kind: "arrow" }] })).toContain("shapes[0].kind");
});
