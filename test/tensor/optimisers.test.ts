/** Every optimiser against a plain float64 loop written from its paper or from PyTorch's documentation. */

import { beforeAll, describe, expect, test } from "vitest";
import { type Engine, floatsOf } from "../../src/tensor/engine.ts";
import { clipScale, GradientNorms, norm } from "../../src/tensor/gradientNorms.ts";
import { integerPower, Optimiser, type OptimiserOptions } from "../../src/tensor/optimisers.ts";
import { bothEngines, expectClose, numbers, seeded } from "./support.ts";

let engines: Engine[];
beforeAll(async () => {
  engines = await bothEngines();
});

/** One float64 step: changes `p` in place; `state` is its own to keep. Decay rates are the float32 numbers that kernels get. */
type PlainStep = (p: number[], g: readonly number[], rate: number, t: number, state: number[][]) => void;

function adam(options: {
  decay?: number;
  decoupled?: number;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}): PlainStep {
  const { decay = 0, decoupled = 0, epsilon = 1e-8 } = options;
  const [beta1, beta2] = [Math.fround(options.beta1 ?? 0.9), Math.fround(options.beta2 ?? 0.999)];
  return (p, gradients, rate, t, [m, v]) => {
    p.forEach((value, i) => {
      const g = gradients[i] + decay * value;
      m[i] = beta1 * m[i] + (1 - beta1) * g;
      v[i] = beta2 * v[i] + (1 - beta2) * g * g;
      const mean = m[i] / (1 - beta1 ** t);
      const square = v[i] / (1 - beta2 ** t);
      p[i] = value - rate * decoupled * value - (rate * mean) / (Math.sqrt(square) + epsilon);
    });
  };
}

function sgd(momentumGiven: number, nesterov: boolean, decay: number): PlainStep {
  const momentum = Math.fround(momentumGiven);
  return (p, gradients, rate, _t, [velocity]) => {
    p.forEach((value, i) => {
      const g = gradients[i] + decay * value;
      velocity[i] = momentum * velocity[i] + g;
      p[i] = value - rate * (nesterov ? g + momentum * velocity[i] : velocity[i]);
    });
  };
}

function rmsprop(alphaGiven: number, epsilon: number, inside: boolean): PlainStep {
  const alpha = Math.fround(alphaGiven);
  return (p, gradients, rate, _t, [square]) => {
    p.forEach((value, i) => {
      square[i] = alpha * square[i] + (1 - alpha) * gradients[i] ** 2;
      p[i] = value - (rate * gradients[i]) / (inside ? Math.sqrt(square[i] + epsilon) : Math.sqrt(square[i]) + epsilon);
    });
  };
}

const cases: [name: string, options: OptimiserOptions, plain: PlainStep][] = [
  ["sgd", { kind: "sgd" }, sgd(0, false, 0)],
  ["sgd with momentum", { kind: "sgd", momentum: 0.9 }, sgd(0.9, false, 0)],
  [
    "sgd with Nesterov momentum and decay",
    { kind: "sgd", momentum: 0.8, nesterov: true, weightDecay: 0.01 },
    sgd(0.8, true, 0.01),
  ],
  ["adam", { kind: "adam" }, adam({})],
  [
    "adam with its own numbers",
    { kind: "adam", beta1: 0.5, beta2: 0.9, epsilon: 1e-3 },
    adam({ beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }),
  ],
  ["adam with a long memory", { kind: "adam", beta2: 0.99999 }, adam({ beta2: 0.99999 })],
  ["adam with L2", { kind: "adam", weightDecay: 0.1 }, adam({ decay: 0.1 })],
  ["adamw", { kind: "adamw" }, adam({ decoupled: 0.01 })],
  ["adamw with decay 0.1", { kind: "adamw", weightDecay: 0.1, epsilon: 1e-5 }, adam({ decoupled: 0.1, epsilon: 1e-5 })],
  ["rmsprop", { kind: "rmsprop" }, rmsprop(0.99, 1e-5, false)],
  [
    "rmsprop, TensorFlow's",
    { kind: "rmsprop", alpha: 0.9, epsilon: 1e-2, epsilonInsideRoot: true },
    rmsprop(0.9, 1e-2, true),
  ],
];

describe("100 steps against float64", () => {
  for (const [name, options, plain] of cases) {
    test(name, () => {
      for (const engine of engines) {
        for (const length of [1, 7, 64]) {
          const random = seeded(length);
          // As in a block: whole cache lines, zeros behind the numbers.
          const padded = Math.ceil(length / 16) * 16;
          const parameters = engine.allocate(padded);
          const gradient = engine.allocate(padded);
          const start = numbers(random, length);
          floatsOf(parameters).set(start);
          const expected = [...start];
          const state = [new Array<number>(length).fill(0), new Array<number>(length).fill(0)];
          const optimiser = new Optimiser(engine, parameters, options);
          for (let t = 1; t <= 100; t++) {
            const g = numbers(random, length);
            floatsOf(gradient).set(g);
            const rate = 0.01 / t;
            const scale = t % 2 === 0 ? 1 : 0.25;
            optimiser.step(gradient, rate, scale);
            plain(
              expected,
              g.map((v) => v * scale),
              rate,
              t,
              state,
            );
          }
          expect(optimiser.steps).toBe(100);
          const got = floatsOf(parameters);
          expectClose(got.subarray(0, length), expected, `${name}, ${engine.build}`, {
            absolute: 3e-6,
            relative: 3e-6,
          });
          expect([...got.subarray(length)].every((v) => v === 0)).toBe(true);
          expect(optimiser.state().length).toBe(options.kind.startsWith("adam") ? 2 : 1);
          optimiser.state().forEach((vector, i) => {
            expectClose(vector.subarray(0, length), state[i], `${name} state ${i}`, { absolute: 1e-7, relative: 2e-6 });
          });
        }
      }
    });
  }
});

test("parts of the parameters, each with a scale of its own, move as if alone", () => {
  const all: OptimiserOptions[] = [
    { kind: "sgd", momentum: 0.9 },
    { kind: "adam" },
    { kind: "adamw", weightDecay: 0.1 },
    { kind: "rmsprop" },
  ];
  const [parts, scales] = [[16, 48], Float64Array.of(0.25, 3)];
  for (const engine of engines) {
    for (const options of all) {
      const [p, gradient] = [engine.allocate(64), engine.allocate(64)];
      const alone = parts.map((length) => ({ p: engine.allocate(length), gradient: engine.allocate(length) }));
      const start = numbers(seeded(1), 64);
      floatsOf(p).set(start);
      floatsOf(alone[0].p).set(start.slice(0, 16));
      floatsOf(alone[1].p).set(start.slice(16));
      const optimiser = new Optimiser(engine, p, options, parts);
      const others = alone.map((one) => new Optimiser(engine, one.p, options));
      for (let t = 0; t < 5; t++) {
        const g = numbers(seeded(t), 64);
        floatsOf(gradient).set(g);
        floatsOf(alone[0].gradient).set(g.slice(0, 16));
        floatsOf(alone[1].gradient).set(g.slice(16));
        optimiser.step(gradient, 0.01, scales);
        others.forEach((other, i) => {
          other.step(alone[i].gradient, 0.01, scales[i]);
        });
      }
      expect(optimiser.steps).toBe(5);
      expect([...floatsOf(p)]).toEqual(alone.flatMap((one) => [...floatsOf(one.p)]));
      optimiser.state().forEach((vector, i) => {
        expect([...vector]).toEqual(others.flatMap((other) => [...other.state()[i]]));
      });
    }
  }
  const [engine] = engines;
  for (const wrong of [[16], [16, 64], [20, 44], []]) {
    expect(() => new Optimiser(engine, engine.allocate(64), { kind: "sgd" }, wrong)).toThrow(/add up to 64/);
  }
});

test("restoring steps and state continues bit for bit", () => {
  for (const engine of engines) {
    const [p, q, gradient] = [engine.allocate(16), engine.allocate(16), engine.allocate(16)];
    const one = new Optimiser(engine, p, { kind: "adam" });
    for (let t = 0; t < 5; t++) {
      floatsOf(gradient).set(numbers(seeded(t), 16));
      one.step(gradient, 0.01);
    }
    const two = new Optimiser(engine, q, { kind: "adam" });
    floatsOf(q).set(floatsOf(p));
    two.steps = one.steps;
    two.state().forEach((vector, i) => {
      vector.set(one.state()[i]);
    });
    one.step(gradient, 0.01);
    two.step(gradient, 0.01);
    expect([...floatsOf(q)]).toEqual([...floatsOf(p)]);
  }
});

test("averages of a gradient that stays 0 reach 0 and are never subnormal", () => {
  const all: OptimiserOptions[] = [
    { kind: "adam", beta2: 0.9 },
    { kind: "rmsprop", alpha: 0.9 },
    { kind: "sgd", momentum: 0.9 },
  ];
  for (const engine of engines) {
    for (const options of all) {
      const [p, gradient] = [engine.allocate(16), engine.allocate(16)];
      const optimiser = new Optimiser(engine, p, options);
      floatsOf(gradient).fill(0.5);
      for (let t = 0; t < 20; t++) optimiser.step(gradient, 0.01);
      floatsOf(gradient).fill(0);
      for (let t = 0; t < 1500; t++) {
        optimiser.step(gradient, 0.01);
        for (const vector of optimiser.state()) expect(vector[3] === 0 || Math.abs(vector[3]) >= 2 ** -126).toBe(true);
      }
      for (const vector of optimiser.state()) expect([...vector]).toEqual(new Array(16).fill(0));
    }
  }
});

test("a step in a tiny gradient is as long as float64 makes it, however small epsilon", () => {
  const rate = 0.01;
  for (const engine of engines) {
    for (const [options, plain] of [
      [{ kind: "adam", epsilon: 1e-15 }, adam({ epsilon: 1e-15 })],
      [{ kind: "rmsprop", epsilon: 1e-15 }, rmsprop(0.99, 1e-15, false)],
    ] as [OptimiserOptions, PlainStep][]) {
      const [p, gradient] = [engine.allocate(16), engine.allocate(16)];
      const optimiser = new Optimiser(engine, p, options);
      floatsOf(gradient)[0] = 1e-14;
      const [expected, state] = [[0], [[0], [0]]];
      for (let t = 1; t <= 20; t++) {
        optimiser.step(gradient, rate);
        plain(expected, [1e-14], rate, t, state);
      }
      expectClose([floatsOf(p)[0]], expected, `${options.kind}, ${engine.build}`, { absolute: 0, relative: 1e-5 });
    }
  }
});

test("the smallest epsilon keeps the gaps between parameters at 0; one that is 0 in float32 is refused", () => {
  for (const engine of engines) {
    for (const kind of ["adam", "adamw", "rmsprop"] as const) {
      const [p, gradient] = [engine.allocate(16), engine.allocate(16)];
      const optimiser = new Optimiser(engine, p, { kind, epsilon: 2e-45 });
      floatsOf(gradient).fill(1, 0, 3);
      for (let t = 0; t < 3; t++) optimiser.step(gradient, 0.01);
      expect([...floatsOf(p).subarray(3)], kind).toEqual(new Array(13).fill(0));
      for (const epsilon of [0, 1e-46, Number.NaN]) {
        expect(() => new Optimiser(engine, p, { kind, epsilon })).toThrow(/epsilon of .*not above 0 in float32.*1e-8/);
      }
    }
  }
});

test("memory of another engine is refused", () => {
  const [one, other] = engines;
  expect(() => new Optimiser(one, other.allocate(16), { kind: "sgd" })).toThrow(/parameters belongs to another engine/);
  const optimiser = new Optimiser(one, one.allocate(16), { kind: "sgd" });
  expect(() => optimiser.step(other.allocate(16), 0.1)).toThrow(/gradient belongs to another engine/);
});

test("NaN in a gradient reaches the parameters, where it is found", () => {
  for (const engine of engines) {
    for (const kind of ["sgd", "adam", "adamw", "rmsprop"] as const) {
      const [p, gradient] = [engine.allocate(16), engine.allocate(16)];
      floatsOf(gradient)[5] = Number.NaN;
      new Optimiser(engine, p, { kind }).step(gradient, 0.01);
      expect(engine.kernels.firstNonFinite(p.pointer, 16)).toBe(6);
    }
  }
});

test("a gradient of another length is refused with the cure", () => {
  const [engine] = engines;
  const optimiser = new Optimiser(engine, engine.allocate(32), { kind: "sgd" });
  expect(() => optimiser.step(engine.allocate(16), 0.1)).toThrow(/got 16 numbers, expected 32.*list output/);
});

test("norm and clipScale", () => {
  for (const engine of engines) {
    for (const length of [1, 5, 1000]) {
      const x = engine.allocate(length);
      const values = numbers(seeded(length), length, -1e3, 1e3);
      floatsOf(x).set(values);
      const expected = Math.sqrt(values.reduce((total, v) => total + v * v, 0));
      expect(Math.abs(norm(x) / expected - 1)).toBeLessThan(1e-12);
    }
  }
  expect(clipScale(2, 0.5)).toBe(0.25);
  expect(clipScale(0.5, 0.5)).toBe(1);
  expect(clipScale(0, 0.5)).toBe(1);
});

test("GradientNorms measures the parts of a gradient and cuts each by its own norm", () => {
  for (const engine of engines) {
    const gradient = engine.allocate(32);
    floatsOf(gradient).set([3, 4], 0);
    floatsOf(gradient).set([0, 1e6], 16);
    const norms = new GradientNorms([16, 16], [0.5, 0.5]);
    expect(norms.measure(gradient)).toBe(5 + 1e6);
    expect([...norms.norms]).toEqual([5, 1e6]);
    expect([...norms.scales]).toEqual([0.1, 5e-7]);
    const never = new GradientNorms([32], [Number.POSITIVE_INFINITY]);
    expect(never.measure(gradient)).toBe(norm(gradient));
    expect([...never.scales]).toEqual([1]);
    floatsOf(gradient)[20] = Number.NaN;
    expect(norms.measure(gradient)).toBeNaN();
    expect(norms.norms[0]).toBe(5);
  }
});

test("integerPower", () => {
  for (const base of [0.9, 0.999, 1, 0]) {
    for (const n of [0, 1, 2, 3, 10, 1000, 123456]) expect(integerPower(base, n)).toBeCloseTo(base ** n, 12);
  }
});

test("axpby scales and adds, and with b = 0 reads nothing of y", () => {
  for (const engine of engines) {
    const [x, y] = [engine.allocate(7), engine.allocate(7)];
    floatsOf(x).fill(3);
    floatsOf(y).fill(5);
    engine.kernels.axpby(7, 2, x.pointer, -1, y.pointer);
    expect([...floatsOf(y)]).toEqual(new Array(7).fill(1));
    floatsOf(y).fill(Number.NaN);
    engine.kernels.axpby(7, 2, x.pointer, 0, y.pointer);
    expect([...floatsOf(y)]).toEqual(new Array(7).fill(6));
  }
});
