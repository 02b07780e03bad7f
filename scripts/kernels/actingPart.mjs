/**
 * The part of the kernels that a policy's program asks for, which is what a page that acts loads: a transform of the AssemblyScript
 * compiler that takes out what only learning and language models use. A policy's program that needs more stops at `unreachable`;
 * test/policies/kernels.test.ts acts with every kind of head, network and space.
 */

/** Functions as the compiler names them: file/function, or file/ for the whole of a file. */
const leftOut = [
  "attention/",
  "cache/",
  "convolution/col2im",
  "elementwise/geluGradients",
  "elementwise/geluLoop",
  "movement/scatterRows",
  "normalise/",
  "random/threefryWords",
  "vector/adam",
  "vector/axpby",
  "vector/dot",
  "vector/rmsprop",
  "vector/sgd",
];

const isLeftOut = (name) => leftOut.some((left) => (left.endsWith("/") ? name.startsWith(left) : name === left));

export class ActingPart {
  /** Called by the compiler, before it optimises. */
  afterCompile(module) {
    const { binaryen } = this;
    const functions = Array.from({ length: module.getNumFunctions() }, (_, i) => module.getFunctionByIndex(i));
    const names = functions.map((one) => binaryen.getFunctionInfo(one).name);
    const missing = leftOut.filter((left) => !names.some((name) => name.startsWith(left)));
    if (missing.length > 0)
      throw new Error(`The kernels have nothing called ${missing.join(", ")}: see kernels/actingPart.mjs.`);
    const exported = Array.from({ length: module.getNumExports() }, (_, i) =>
      binaryen.getExportInfo(module.getExportByIndex(i)),
    );
    for (const { name, value } of exported) if (isLeftOut(value)) module.removeExport(name);
    for (const name of names.filter(isLeftOut)) {
      const { params, results } = binaryen.getFunctionInfo(module.getFunction(name));
      module.removeFunction(name);
      module.addFunction(name, params, results, [], module.unreachable());
    }
  }
}
