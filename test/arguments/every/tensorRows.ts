/** Valid arguments of the functions of "ascent-rl/tensor". */

import { createEngine } from "../../../src/tensor/engine.ts";
import {
  constant,
  input,
  mul,
  ParameterBlock,
  parameter,
  randomKey,
  sum,
  type Tensor,
} from "../../../src/tensor/index.ts";
import { bindKernels } from "../../../src/tensor/kernels/bind.ts";
import { kernelBytes } from "../../../src/tensor/kernels/embeddedWhole.ts";
import { also, anyKind, maybe, options, parts, settings } from "./harness.ts";

const unaryNames = [
  ...["neg", "abs", "sign", "square", "sqrt", "reciprocal", "exp", "expm1", "log", "log1p", "tanh", "sigmoid"],
  ...[
    "softplus",
    "logSigmoid",
    "relu",
    "sin",
    "cos",
    "floor",
    "gelu",
    "geluTanh",
    "identity",
    "stopGradient",
    "toFloat",
    "toInt",
  ],
  ...["argmax", "softmax", "logSoftmax", "logSumExp", "describeTensor"],
];
const binaryNames = ["add", "sub", "mul", "div", "min", "max", "less", "lessEqual", "greater", "greaterEqual", "equal"];
const reductions = ["sum", "maximum", "minimum", "mean"];

export async function tensorRows(): Promise<Record<string, () => unknown[]>> {
  const engine = await createEngine();
  const kernels = await bindKernels(kernelBytes, "simd");
  const x = input("x", [2, 3]);
  const p = parameter("p", [2, 3]);
  const loss = sum(mul(x, p));
  const rows = constant([0, 1], [2], "i32");
  const images = input("images", [1, 4, 4, 1]);
  const region = engine.allocate(6);
  const key = randomKey();
  /** Numbers stand for tensors of one entry. */
  const operand = (value: Tensor | number) => also(value, "NaN");
  const windows = options({ stride: also(1, "list"), padding: also(0, "list") });
  const all = (names: readonly string[], make: () => unknown[]) =>
    Object.fromEntries(names.map((name) => [name, make]));
  return {
    ...all(unaryNames, () => [x]),
    ...all(binaryNames, () => [operand(x), operand(2)]),
    ...all(["tanhGrad", "reluGrad", "geluGrad", "geluTanhGrad"], () => [operand(x), operand(x)]),
    ...all(reductions, () => [x, maybe(0), options({ keepDims: true })]),
    ...all(["randomUniform", "randomNormal"], () => [key, [2]]),
    ...all(["floatsOf", "norm"], () => [region]),
    asTensor: () => [operand(1)],
    broadcastTo: () => [x, also([4, 2, 3])],
    causalAttention: () => [
      input("queriesKeysValues", [1, 2, 8]),
      settings({ heads: 2, keyValueHeads: maybe(1), scale: maybe(1), mask: maybe(input("mask", [1, 2])) }),
    ],
    clip: () => [x, operand(0), operand(1)],
    col2im: () => [input("columns", [9, 4]), [1, 4, 4, 1], [2, 2], windows],
    compile: () => [
      engine,
      settings({
        name: maybe("sum"),
        outputs: also({ loss }, "object"),
        parameters: maybe([new ParameterBlock(engine, [p])]),
      }),
    ],
    compileHoisted: () => [
      engine,
      settings({ outputs: also({ loss }, "object"), parameters: maybe([new ParameterBlock(engine, [p])]) }),
      [x],
    ],
    concat: () => [[x, x], maybe(0)],
    constant: () => [also(new Float64Array(2), "NaN"), also([2]), maybe("f32")],
    conv2d: () => [images, input("filters", [2, 2, 1, 3]), windows],
    createEngine: () => [options({ build: "simd" })],
    Engine: () => [kernels],
    crossEntropy: () => [x, rows],
    flatLayout: () => [[x]],
    foldKey: () => [key, 1],
    formatShape: () => [also([1, 2], ...anyKind)],
    gatherRows: () => [x, rows],
    grad: () => [loss, [p]],
    GradientNorms: () => [[6], [1]],
    hessianVectorProduct: () => [loss, [p], [x]],
    holdKey: () => [key, 2],
    im2col: () => [images, [2, 2], windows],
    input: () => ["x", [1], maybe("f32")],
    integerPower: () => [0.5, 3],
    intsOf: () => [engine.allocate(2, "i32")],
    jvp: () => [[loss], [p], [x]],
    layerNorm: () => [x, input("weight", [3]), input("bias", [3]), 1e-5],
    label: () => [x, "name"],
    matmul: () => [x, input("y", [3, 2]), options({ transposeA: false, transposeB: false })],
    oneHot: () => [rows, 2],
    Optimiser: () => [engine, engine.allocate(64), parts({ kind: "adam", epsilon: maybe(1e-8) }), maybe([64])],
    pad: () => [x, [0, 0], [2, 4]],
    parameter: () => ["p", [1]],
    ParameterBlock: () => [engine, [p]],
    putLast: () => [input("v", [2]), rows, 3],
    randomKey: () => [maybe("key")],
    requireFloat: () => ["here", x],
    reshape: () => [x, [6]],
    rmsNorm: () => [x, input("weight", [3]), 1e-5],
    scatterRows: () => [x, rows, 2],
    scheduleValue: () => [parts({ kind: "linear", from: 1, to: maybe(0) }), 0.5],
    sizeOf: () => [[2], maybe("sizeOf")],
    slice: () => [x, [0, 0], [1, 1]],
    sliceAxis: () => [x, 0, 0, 1],
    standardise: () => [x, maybe(1e-8), maybe(1)],
    substitute: () => [loss, new Map([[x, p]])],
    sumTo: () => [x, also([3])],
    takeLast: () => [x, rows],
    topologicalOrder: () => [[loss]],
    transpose: () => [x, maybe([1, 0])],
    variance: () => [x, maybe(0), maybe(0), options({ keepDims: false })],
    vjp: () => [[x], [x], [x]],
    where: () => [operand(x), operand(x), operand(x)],
    windowCount: () => [[4, 4], [2, 2], windows],
  };
}
