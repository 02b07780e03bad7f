/** What people read when something is wrong: the operation, what was got, what was expected, and the cure. */

import { beforeAll, describe, expect, test } from "vitest";
import { AscentError } from "../../src/errors.ts";
import { compile } from "../../src/tensor/compile.ts";
import { createEngine, type Engine } from "../../src/tensor/engine.ts";
import { grad, hessianVectorProduct, jvp, vjp } from "../../src/tensor/grad.ts";
import { constant, input, label, parameter } from "../../src/tensor/graph.ts";
import { kernelBytes } from "../../src/tensor/kernels/embeddedWhole.ts";
import { loadKernelModule } from "../../src/tensor/kernels/load.ts";
import * as ops from "../../src/tensor/ops/index.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";
import { substitute } from "../../src/tensor/substitute.ts";

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ build: "simd" });
});

/** The message of the AscentError that `action` throws. */
function messageOf(action: () => unknown, code = "shape"): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(AscentError);
    expect((error as AscentError).code).toBe(code);
    return (error as AscentError).message;
  }
  return expect.fail("nothing was thrown");
}

const f = (...shape: number[]) => input("x", shape);
const whole = (...shape: number[]) => input("i", shape, "i32");

describe("shapes that do not fit, while the graph is built", () => {
  const cases: [string, () => unknown, string[]][] = [
    ["add", () => ops.add(f(2, 3), f(4)), ["add", "[2, 3] and [4]", "3 meets 4", "reshape"]],
    ["greater", () => ops.greater(f(2, 3), f(4)), ["greater", "[2, 3] and [4]", "reshape"]],
    ["greaterEqual", () => ops.greaterEqual(f(3), whole(3)), ["greaterEqual works on f32", "toFloat"]],
    ["where", () => ops.where(f(3), f(3, 1), f(2)), ["where", "[3] and [3, 1] and [2]", "3 meets 2", "reshape"]],
    ["clip", () => ops.clip(f(3), 0, f(2)), ["clip", "[3] and [] and [2]", "reshape"]],
    ["logSigmoid", () => ops.logSigmoid(whole(3)), ["logSigmoid works on f32"]],
    ["minimum", () => ops.minimum(f(3), 1), ["minimum: there is no axis 1", "from -1 to 0"]],
    ["mean", () => ops.mean(whole(3)), ["mean works on f32"]],
    ["variance", () => ops.variance(f(3), 2), ["variance: there is no axis 2"]],
    ["standardise", () => ops.standardise(whole(3)), ["standardise works on f32"]],
    ["dtype", () => ops.mul(whole(3), f(3)), ["mul works on f32", '"i" [3] of dtype i32', "toFloat"]],
    [
      "causalAttention",
      () => ops.causalAttention(f(2, 3, 10), { heads: 2 }),
      ["causalAttention", '"x" [2, 3, 10] for 2 heads and 2 of keys', "side by side"],
    ],
    [
      "causalAttention, a mask of other rows",
      () => ops.causalAttention(f(2, 3, 16), { heads: 4, keyValueHeads: 2, mask: f(2, 4) }),
      ["causalAttention: the mask", '"x" [2, 4]', "f32 [2, 3]", "0 for padding"],
    ],
    ["matmul inner", () => ops.matmul(f(2, 3), f(4, 5)), ["matmul", "[2, 3] and [4, 5]", "3 meets 4", "transposeA"]],
    ["matmul flags", () => ops.matmul(f(2, 3), f(3, 5), { transposeB: true }), [", transposeB, so 3 meets 5"]],
    ["matmul rank", () => ops.matmul(f(3), f(3, 5)), ["at least two axes", "[3] and [3, 5]", "reshape(x, [1, n])"]],
    ["matmul batch", () => ops.matmul(f(2, 1, 3), f(4, 3, 5)), ["batch axes", "[2, 1, 3] and [4, 3, 5]", "1, m, n"]],
    ["reshape", () => ops.reshape(f(2, 3), [4, 2]), ["reshape", '"x" [2, 3] (6 elements) to [4, 2]', "at most one −1"]],
    ["reshape −1", () => ops.reshape(f(2, 3), [4, -1]), ["reshape", "to [4, -1]"]],
    ["reshape −1 −1", () => ops.reshape(f(2, 3), [-1, -1]), ["at most one −1"]],
    ["transpose", () => ops.transpose(f(2, 3), [0, 0]), ["transpose", "[0, 0]", "each of 0…1 once"]],
    ["transpose of a vector", () => ops.transpose(f(3)), ["transpose: there are no two axes", '"x" [3]', "reshape"]],
    ["broadcastTo", () => ops.broadcastTo(f(2, 3), [3, 3]), ["broadcastTo", "[2, 3] to [3, 3]"]],
    [
      "broadcastTo nothing",
      () => ops.broadcastTo(f(1), [0]),
      ["broadcastTo: the shape has an impossible extent", "[0]"],
    ],
    [
      "too large",
      () => ops.add(f(2 ** 15, 1), f(2 ** 15)),
      ["add: no engine has memory", "[32768, 32768]", "broadcasts"],
    ],
    ["slice", () => ops.slice(f(4, 6), [3, 0], [2, 6]), ["slice", "starts [3, 0], sizes [2, 6]", "[4, 6]"]],
    ["slice of fractions", () => ops.slice(f(4), [0.5], [2]), ["slice", "starts [0.5]"]],
    ["sliceAxis", () => ops.sliceAxis(f(4, 6), 2, 0, 1), ["sliceAxis: there is no axis 2", "[4, 6]", "-2 to 1"]],
    ["sliceAxis beyond", () => ops.sliceAxis(f(4), 0, 3, 2), ["sliceAxis: the block", "sizes [2]"]],
    ["pad", () => ops.pad(f(4), [2], [5]), ["pad", "[4] at [2] in [5]"]],
    ["pad without a start", () => ops.pad(f(4), [], [5]), ["pad"]],
    [
      "concat",
      () => ops.concat([f(2, 3), f(2, 4)], 0),
      ["concat along axis 0", "[2, 3] f32 and [2, 4] f32", "equal sizes"],
    ],
    ["concat dtype", () => ops.concat([f(2), whole(2)]), ["[2] f32 and [2] i32", "one dtype"]],
    ["concat nothing", () => ops.concat([]), ["concat: nothing to join"]],
    ["sum", () => ops.sum(f(2, 3), 2), ["sum: there is no axis 2", "[2, 3]"]],
    ["softmax", () => ops.softmax(f()), ["softmax: there is no axis -1", "[]"]],
    ["gatherRows rank", () => ops.gatherRows(f(5, 3), whole(2, 2)), ["gatherRows", "[5, 3] by [2, 2]", "reshape"]],
    ["gatherRows dtype", () => ops.gatherRows(f(5, 3), f(2)), ["indices must be whole numbers", "f32", "toInt"]],
    [
      "scatterRows",
      () => ops.scatterRows(f(3, 2), whole(4), 5),
      ["scatterRows", "[3, 2] by indices [4]", "[n, …] by [n]"],
    ],
    [
      "takeLast",
      () => ops.takeLast(f(5, 3), whole(4)),
      ["takeLast", "indices [4]", "expected [5]", "without its last axis"],
    ],
    ["takeLast scalar", () => ops.takeLast(f(), whole()), ["takeLast: there is no axis -1"]],
    ["takeLast dtype", () => ops.takeLast(whole(5, 3), whole(5)), ["takeLast works on f32", "toFloat"]],
    ["putLast", () => ops.putLast(f(5), whole(4), 3), ["putLast", "indices [4]", "expected [5]"]],
    ["oneHot", () => ops.oneHot(whole(5), 0), ["oneHot: the shape has an impossible extent", "[0]"]],
    ["oneHot dtype", () => ops.oneHot(f(5), 3), ["oneHot: indices must be whole numbers", "toInt"]],
    ["conv2d dtype", () => ops.conv2d(whole(1, 4, 4, 1), f(2, 2, 1, 3)), ["conv2d works on f32"]],
    ["conv2d", () => ops.conv2d(f(1, 4, 4, 2), f(2, 2, 1, 3)), ["conv2d", "[1, 4, 4, 2]", "channels last"]],
    ["col2im", () => ops.col2im(f(3, 4), [1, 3, 3, 1], [2, 2]), ["col2im", "[4, 4] for images [1, 3, 3, 1]"]],
    ["input", () => f(2, 0), ["input: the shape has an impossible extent", "[2, 0]", "≥ 1"]],
    ["constant", () => constant([1, 2, 3], [2]), ["constant", "3 values for [2]"]],
    ["key", () => ops.randomUniform(whole(3), [2]), ["randomUniform: not a key", "i32 [4]"]],
    ["grad", () => grad(f(3), []), ["grad: the loss is not a scalar", '"x" [3]', "mean(x)"]],
    ["vjp", () => vjp([ops.neg(f(3))], [constant(1)], []), ["vjp: cotangent 0", "constant []", "f32 [3]", "neg [3]"]],
    ["vjp count", () => vjp([f(3), f(2)], [f(3)], []), ["vjp: one cotangent", "got 1, expected 2"]],
    ["jvp", () => jvp([f(2)], [f(2)], [constant(1)]), ["jvp: tangent 0", "f32 [2]", "broadcastTo"]],
    ["jvp dtype", () => jvp([f(2)], [f(2)], [whole(2)]), ["jvp: tangent 0", "of dtype i32"]],
    [
      "hessianVectorProduct",
      () => hessianVectorProduct(ops.sum(f(2, 3)), [f(2, 3)], [f(3)]),
      ["hessianVectorProduct: vector 0", '"x" [3]', "f32 [2, 3]"],
    ],
    ["substitute", () => substitute(f(3), new Map([[f(3), f(2)]])), ["substitute", "[2] f32", "[3] f32"]],
    ["grad by whole numbers", () => grad(f(), [whole(2)]), ["grad: only f32 tensors have gradients", "i32"]],
  ];
  for (const [name, action, parts] of cases) {
    test(name, () => {
      const message = messageOf(action);
      for (const part of parts) expect(message).toContain(part);
      // What was expected ends with the first full stop; a sentence with the cure follows.
      expect(message).toMatch(/expected .*\. [A-Z].*\.$/);
    });
  }

  test("a label names the tensor", () => {
    const ratio = label(ops.exp(f(2, 3)), "ratio");
    expect(messageOf(() => ops.reshape(ratio, [5]))).toContain('exp "ratio" [2, 3]');
    expect(label(f(2), "other").label).toBe("x");
  });

  test("a label changes the name and nothing else, whichever of the two is met first", () => {
    const plain = ops.tanh(f(3));
    const named = label(plain, "hidden");
    const loss = ops.sum(ops.mul(plain, named));
    const program = compile(engine, { outputs: { loss, gradient: grad(loss, [plain])[0] } });
    program.input("x").fill(0.5);
    program.run();
    expect(program.output("gradient")[0]).toBeCloseTo(2 * Math.tanh(0.5), 6);
    expect(program.profile(1).map(({ step }) => step)).toEqual([
      'tanh "hidden" [3] of (input "x" [3])',
      'mul [3] of (tanh "hidden" [3], tanh "hidden" [3])',
      "sum [] of (mul [3])",
      'add [3] of (tanh "hidden" [3], tanh "hidden" [3])',
    ]);
  });
});

describe("compile", () => {
  const x = input("x", [3]);
  const w = parameter("w", [3]);
  const refuse = (options: Parameters<typeof compile>[1]) => messageOf(() => compile(engine, options), "option");

  test("a parameter without a block", () => {
    expect(refuse({ outputs: { y: ops.add(x, w) } })).toMatch(/parameter "w" \[3\].*ParameterBlock/);
  });

  test("two inputs of one name", () => {
    expect(refuse({ outputs: { y: ops.add(x, input("x", [3])) } })).toMatch(/same name.*"x" twice/);
  });

  test("memory that does not fit or is another engine's", async () => {
    const y = ops.neg(x);
    const bind = (length: number, dtype: "f32" | "i32") => new Map([[x, engine.allocate(length, dtype)]]);
    expect(refuse({ outputs: { y }, bindings: bind(2, "f32") })).toMatch(
      /"x" \[3\] does not fit.*2 f32.*at least 3 f32/,
    );
    expect(refuse({ outputs: { y }, bindings: bind(3, "i32") })).toMatch(/3 i32/);
    const other = await createEngine({ build: "simd" });
    expect(refuse({ outputs: { y }, bindings: new Map([[x, other.allocate(3)]]) })).toContain("another engine");
    const parameters = [new ParameterBlock(other, [w])];
    expect(refuse({ outputs: { y: ops.neg(w) }, parameters })).toContain("another engine");
  });

  test("lists that cannot be laid out", () => {
    expect(refuse({ outputs: { y: [] } })).toMatch(/"y".*an empty list/);
    expect(refuse({ outputs: { y: [x, ops.toInt(x)] } })).toMatch(/"y".*f32, i32/);
  });

  test("names and dtypes of inputs and outputs", () => {
    const program = compile(engine, { name: "act", outputs: { y: ops.neg(x), i: ops.toInt(x) } });
    expect(messageOf(() => program.input("z"), "option")).toMatch(/"act" has no input.*"z".*one of: x/);
    expect(messageOf(() => program.output("z"), "option")).toMatch(/one of: y, i/);
    expect(messageOf(() => program.output("i"), "option")).toMatch(/another dtype.*outputInts\("i"\)|outputInts/);
    expect(messageOf(() => program.inputInts("x"), "option")).toContain('input("x")');
  });

  test("parameter blocks with a name twice", () => {
    expect(messageOf(() => new ParameterBlock(engine, [w, parameter("w", [2])]), "option")).toContain('"w"');
    expect(messageOf(() => new ParameterBlock(engine, [w]).values("v"), "option")).toMatch(/"v".*one of w/);
  });

  test("an unknown kernel build", async () => {
    await expect(loadKernelModule(kernelBytes, "avx" as "simd")).rejects.toThrow(
      /Unknown kernel build.*"avx".*auto, simd, fma or, to act only, javascript/,
    );
  });
});

describe("an index out of range", () => {
  const x = input("x", [4, 3]);
  const cases = {
    gatherRows: (i: ReturnType<typeof input>) => ops.gatherRows(x, i),
    scatterRows: (i: ReturnType<typeof input>) => ops.scatterRows(x, i, 4),
    takeLast: (i: ReturnType<typeof input>) =>
      ops.takeLast(ops.transpose(x, [1, 0]), ops.toInt(ops.toFloat(ops.sliceAxis(i, 0, 0, 3)))),
    putLast: (i: ReturnType<typeof input>) => ops.oneHot(i, 4),
  };
  for (const [op, build] of Object.entries(cases)) {
    test(`${op} stops and says where`, () => {
      const actions = input("actions", [4], "i32");
      const program = compile(engine, { name: "loss", outputs: { y: ops.neg(build(actions)) } });
      const indices = program.inputInts("actions");
      program.run();
      for (const wrong of [-1, 4, 2 ** 31 - 1, -(2 ** 31)]) {
        indices.set([0, wrong, 1, 2]);
        const message = messageOf(() => program.run());
        expect(message).toContain(`Program "loss", ${op}`);
        expect(message).toContain("from 0 to 3");
        expect(message).toContain(`got ${wrong} at position 1 of `);
        if (op !== "takeLast") expect(message).toContain('input "actions" [4]');
      }
      indices.fill(3);
      program.run();
    });
  }
});
