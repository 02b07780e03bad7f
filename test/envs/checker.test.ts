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

test.each(listEnvironments().map((spec) => spec.id))("%s keeps to the contract", (id) => {
  expect(checkEnvironment(() => environmentSpec(id).makeSingle())).toEqual([]);
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
    ["reward", changed({ reward: undefined })],
    ["flags", changed({ truncated: undefined })],
    ["flags", changed({ terminated: 1 })],
    ["step", (one) => (one.step = () => undefined as never)],
    ["step-before-reset", (one) => (one.place = 2)],
    ["action-mask", (one) => (one.actionMask = () => new Uint8Array(3))],
    ["action-mask", (one) => (one.actionMask = () => [1, 1] as never)],
    ["saved-state", (one) => (one.saveState = () => ({ seed: one.random.seed, counter: 0, place: one.place }))],
    ["saved-state", (one) => Object.assign(one, { loadState: undefined })],
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

test("a wrong space is shown as it is", () => {
  const findings = checkEnvironment(() => Object.assign(new Corridor(), { actionSpace: { kind: "discrete", n: 0 } }));
  expect(formatFindings(findings)).toContain('got actionSpace = {"kind":"discrete","n":0}, expected a space');
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
