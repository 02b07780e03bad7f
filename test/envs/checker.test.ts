import { describe, expect, test } from "vitest";
import {
  box,
  checkEnvironment,
  discrete,
  environmentSpec,
  formatFindings,
  listEnvironments,
} from "../../src/envs/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";
import { Corridor } from "./corridor.ts";
import { Counter } from "./counter.ts";

const atOnce = listEnvironments().filter(({ prepare }) => prepare === undefined);
test.each(atOnce.map((spec) => spec.id))("%s keeps to the contract", (id) => {
  // An episode and a half of random actions, where every observation is 28,224 numbers.
  const steps = id === "CartPoleImage-v1" ? 30 : undefined;
  expect(checkEnvironment(() => environmentSpec(id).makeSingle(), { steps })).toEqual([]);
});

test("so does a task with Dict observations, masks and saved state", () => {
  const findings = checkEnvironment(() => new Corridor());
  expect(findings).toEqual([]);
  expect(formatFindings(findings)).toBe("No faults found.");
});

/** A step that changes the result of the right one. */
function changed(result: object): (one: Corridor) => void {
  return (one) => {
    const step = one.step.bind(one);
    one.step = (action) => ({ ...step(action), ...result });
  };
}

describe("finds each planted fault", () => {
  const drifting = new RandomStream(1, streams.user);
  const shared = { place: 1, noise: new Float32Array(2) };
  test.each<[string, (one: Corridor) => void]>([
    ["spaces", (one) => Object.assign(one, { actionSpace: { kind: "discrete", n: 0, start: 0 } })],
    ["spaces", (one) => Object.assign(one, { observationSpace: undefined })],
    ["same-seed", (one) => (one.look = () => ({ place: one.place, noise: Float32Array.of(drifting.uniform(), 0) }))],
    ["different-seed", (one) => (one.reset = () => Corridor.prototype.reset.call(one, { seed: 5 }))],
    [
      "reset",
      (one) => {
        let resets = 0;
        one.reset = (options) => {
          const result = Corridor.prototype.reset.call(one, options);
          result.observation.noise[0] = resets++ % 9;
          return result;
        };
      },
    ],
    ["reset", (one) => (one.reset = () => undefined as never)],
    ["observation", (one) => (one.look = () => ({ place: 7, noise: new Float32Array(2) }))],
    ["observation", (one) => (one.look = () => ({ place: 1, noise: new Float32Array(1) }))],
    ["finite-observation", (one) => (one.look = () => ({ place: 1, noise: Float32Array.of(0, NaN) }))],
    ["shared-observation", (one) => (one.look = () => shared)],
    ["reward", changed({ reward: Infinity })],
    ["reward", changed({ reward: -Infinity })],
    ["reward", changed({ reward: 1n })],
    ["reward", changed({ reward: undefined })],
    ["flags", changed({ truncated: undefined })],
    ["flags", changed({ terminated: 1 })],
    ["step", (one) => (one.step = () => undefined as never)],
    ["step-before-reset", (one) => (one.place = 2)],
    ["action-mask", (one) => (one.actionMask = () => new Uint8Array(3))],
    ["action-mask", (one) => (one.actionMask = () => [1, 1] as never)],
    ["saved-state", (one) => (one.saveState = () => ({ seed: one.random.seed, counter: 0, place: one.place }))],
    ["saved-state", (one) => Object.assign(one, { loadState: undefined })],
    ["saved-state", (one) => (one.saveState = () => ({ seed: 1, counter: 0, place: Uint8Array.of(1) }) as never)],
    ["saved-state", (one) => (one.saveState = () => undefined as never)],
    [
      "state-before-reset",
      (one) => {
        one.place = -1;
        one.loadState = (saved) => {
          if ((saved as Corridor).place < 0) throw new Error("no place");
          Corridor.prototype.loadState.call(one, saved);
        };
      },
    ],
    [
      "throws",
      (one) =>
        (one.reset = () => {
          throw new Error("no such level");
        }),
    ],
  ])("%s", (rule, change) => {
    const findings = checkEnvironment(() => {
      const one = new Corridor();
      change(one);
      return one;
    });
    expect(findings.map((finding) => finding.rule)).toContain(rule);
    const [finding] = findings.filter((one) => one.rule === rule);
    expect(finding.message).toMatch(/got .*expected /s);
    expect(formatFindings(findings)).toContain(`${finding.level} ${rule}: got`);
  });
});

describe("states that do not stay as they were saved", () => {
  const countTo = (copies: { save: boolean; load: boolean }) => {
    const copied = (copy: boolean, state: { t: number }) => (copy ? { ...state } : state);
    let state = { t: 0 };
    return {
      observationSpace: discrete(100),
      actionSpace: discrete(2),
      reset() {
        state.t = 0;
        return { observation: 0 };
      },
      step: () => ({ observation: ++state.t, reward: state.t, terminated: state.t >= 20, truncated: false }),
      saveState: () => copied(copies.save, state),
      loadState(saved: unknown) {
        state = copied(copies.load, saved as { t: number });
      },
    };
  };
  test.each([
    [false, true, ["shared-state"]],
    [true, false, ["shared-state"]],
    [true, true, []],
  ])("copied by saveState: %s, by loadState: %s", (save, load, rules) => {
    const found = checkEnvironment(() => countTo({ save, load })).map(({ rule }) => rule);
    expect(found.filter((rule) => /state$/.test(rule))).toEqual(rules);
  });
});

test("a wrong space is shown as it is", () => {
  const findings = checkEnvironment(() => Object.assign(new Corridor(), { actionSpace: { kind: "discrete", n: 0 } }));
  expect(formatFindings(findings)).toContain('got actionSpace = { kind: "discrete", n: 0 }, expected a space');
});

describe("float32-observation", () => {
  const seeing = (look: (t: number) => ArrayLike<number>, size: number) => () => {
    let t = 0;
    return {
      observationSpace: box({ low: -Infinity, high: Infinity, shape: [size] }),
      actionSpace: discrete(2),
      reset(options?: { seed?: number }) {
        t = (options?.seed ?? 0) % 7;
        return { observation: look(t) };
      },
      step: () => ({ observation: look(++t), reward: 0, terminated: false, truncated: false }),
    };
  };
  const found = (look: (t: number) => ArrayLike<number>, size: number) =>
    checkEnvironment(seeing(look, size))
      .filter(({ rule }) => rule === "float32-observation")
      .map(({ level, message }) => `${level} ${message}`);

  test("two observations that differ and are equal in float32 are shown", () => {
    expect(found((t) => [1e9 + t], 1)).toEqual([
      expect.stringMatching(
        /^warning got 100000000\d and 100000000\d in column 0.*equal in float32.*normalizeObservations/,
      ),
    ]);
    expect(found((t) => Float64Array.of(t % 3, 1e6 + (t % 2) / 100), 2)).toEqual([
      expect.stringMatching(/ 1000000(\.01)? and 1000000(\.01)? in column 1 /),
    ]);
  });

  test("a column that float32 stops is shown, however the others move", () => {
    expect(found((t) => [t, 1e9 + t / 100], 2)).toEqual([
      expect.stringMatching(/numbers from 1000000000.* in column 1/),
    ]);
  });

  test.each<[string, (t: number) => number[]]>([
    ["near 0", (t) => [1e-9 * t, 1 / (t + 3)]],
    ["far from 0, with steps that float32 has", (t) => [1e6 + t / 4, 2 ** 30 + 128 * t]],
    ["constant but for float64's own rounding", (t) => [0.1 * 3 + t * 2 ** -54, 0]],
    ["a cosine near its largest value", (t) => [Math.cos(1e-4 * t), 1e-4 * t]],
  ])("nothing is said of numbers %s", (_, look) => {
    expect(found(look, 2)).toEqual([]);
  });
});

test("a NaN reward is found, and shown", () => {
  const findings = checkEnvironment(() => {
    const one = new Corridor();
    changed({ reward: Number.NaN })(one);
    return one;
  });
  expect(findings).toMatchObject([{ level: "error", rule: "reward" }]);
  expect(findings[0].message).toContain("got reward NaN, expected a finite number");
});

test.each([
  ["reset", () => [[0], {}], /got \[\[0\], an object\].*Lists are old Gym's form/],
  ["reset", async () => ({ observation: 0 }), /got a Promise.*reset is async/],
  ["step", () => [[0], 1, false, {}], /from step\(\), expected \{ observation, reward, .*`done` was both/],
  ["step", () => ({ reward: 1, terminated: false, truncated: false }), /without observation/],
])("%s of another form says what to return", (name, call, message) => {
  const findings = checkEnvironment(() => Object.assign(new Corridor(), { [name]: call }));
  expect(findings.at(-1)).toMatchObject({ level: "error", rule: name });
  expect(findings.at(-1)?.message).toMatch(message);
});

test("no seed makes findings of its own: the largest too", () => {
  for (const seed of [2 ** 53 - 1, 2 ** 53 - 10]) expect(checkEnvironment(() => new Corridor(), { seed })).toEqual([]);
});

test("environments are closed, all of them and once, also where a fault ends the check", () => {
  for (const faulty of [false, true]) {
    let [made, closed] = [0, 0];
    checkEnvironment(() => {
      made++;
      const one = new Corridor();
      if (faulty) changed({ reward: Number.NaN })(one);
      return Object.assign(one, { close: () => closed++ });
    });
    expect(made).toBeGreaterThan(1);
    expect(closed).toBe(made);
  }
  const failing = () => {
    throw new Error("the window is gone");
  };
  expect(checkEnvironment(() => Object.assign(new Corridor(), { close: failing }))).toMatchObject([{ rule: "throws" }]);
});

test("a time limit cuts the episodes of a task that has no end", () => {
  const factory = () => new Counter(10);
  const findings = checkEnvironment(factory, { steps: 50 });
  expect(findings).toMatchObject([{ rule: "throws", message: expect.stringContaining("more than 10 steps") }]);
  expect(checkEnvironment(factory, { steps: 50, maxEpisodeSteps: 10 })).toEqual([]);
});

test.each([{ steps: 0 }, { seed: -1 }, { maxEpisodeSteps: 1.5 }, { maxSteps: 3 }])(
  "refuses the options %o",
  (options) => {
    expect(() => checkEnvironment(() => new Corridor(), options as object)).toThrow(/checkEnvironment/);
  },
);
