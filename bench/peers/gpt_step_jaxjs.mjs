/**
 * A training step of a small GPT in jax-js, one thread: the same work as bench/workloads/gptStep.ts from the same weights and tokens, as
 * one jitted call. The package is no dependency: JAX_JS names a folder where it has been installed.
 *
 *   node gpt_step_jaxjs.mjs FOLDER   prints {"version", "forms": {form: {"milliseconds", "losses"}}}
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

// It takes as many threads as there are cores where memory can be shared.
delete globalThis.SharedArrayBuffer;

const installed = join(process.env.JAX_JS, "node_modules/@jax-js/jax");
const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
const {
  blockUntilReady,
  defaultDevice,
  init,
  jit,
  nn,
  numpy: np,
  tree,
  valueAndGrad,
} = await import(pathToFileURL(join(installed, "dist/index.js")).href);
await init("wasm");
defaultDevice("wasm");

const folder = process.argv[2];
const settings = JSON.parse(readFileSync(join(folder, "settings.json"), "utf8"));
const { rows, heads, layers, normEpsilon, learningRate, weightDecay, maximumNorm } = settings;
const bytesOf = (name) => new Uint8Array(readFileSync(join(folder, name))).buffer;
const numbers = new Float32Array(bytesOf("weights.bin"));
const tokens = new Int32Array(bytesOf("tokens.bin"));
const length = tokens.length / rows - 1;
const cut = (behind) =>
  np
    .array(tokens.filter((_, i) => (i % (length + 1)) - behind in { ...Array(length).fill(0) }))
    .reshape([rows, length]);
const [inputs, targets] = [cut(0), cut(1)];

let at = 0;
let parameters = {};
for (const [name, shape] of settings.weights) {
  const size = shape.reduce((product, n) => product * n, 1);
  parameters[name] = np.array(numbers.slice(at, at + size)).reshape(shape);
  at += size;
}

function lossOf(p, read, wanted) {
  const linear = (x, name) => np.matmul(x, p[`${name}.weight`].ref).add(p[`${name}.bias`].ref);
  const norm = (x, name) =>
    nn.standardize(x, -1, { epsilon: normEpsilon }).mul(p[`${name}.weight`].ref).add(p[`${name}.bias`].ref);
  const table = p["transformer.wte.weight"];
  const [vocabulary, width] = table.shape;
  const causal = np.tril(np.ones([length, length])).greater(0);
  // A look-up by way of a product: its gradient is one too.
  let x = np.matmul(nn.oneHot(read, vocabulary), table.ref).add(p["transformer.wpe.weight"].ref);
  for (let i = 0; i < layers; i++) {
    const layer = `transformer.h.${i}`;
    const all = linear(norm(x.ref, `${layer}.ln_1`), `${layer}.attn.c_attn`);
    const [query, key, value] = np
      .split(all, 3, -1)
      .map((part) => np.transpose(part.reshape([rows, length, heads, width / heads]), [0, 2, 1, 3]));
    // Its dotProductAttention needs a later Node than 20.
    const scores = np.matmul(query, np.transpose(key, [0, 1, 3, 2])).mul((width / heads) ** -0.5);
    const weights = nn.softmax(np.where(causal.ref, scores, -1e30), -1);
    const found = np.transpose(np.matmul(weights, value), [0, 2, 1, 3]).reshape([rows, length, width]);
    x = x.add(linear(found, `${layer}.attn.c_proj`));
    const raised = nn.gelu(linear(norm(x.ref, `${layer}.ln_2`), `${layer}.mlp.c_fc`), {
      approximate: settings.approximate === "tanh",
    });
    x = x.add(linear(raised, `${layer}.mlp.c_proj`));
  }
  const logits = np.matmul(norm(x, "transformer.ln_f"), np.transpose(table.ref));
  const loss = nn
    .logSoftmax(logits, -1)
    .mul(nn.oneHot(wanted, vocabulary))
    .sum()
    .mul(-1 / (rows * length));
  tree.dispose(p);
  causal.dispose();
  return loss;
}

/** Adam's moments are corrected by what the caller gives: one over 1 − β ᵗ of each. */
function update(p, first, second, correction1, correction2, read, wanted) {
  const [loss, gradient] = valueAndGrad(lossOf)(tree.ref(p), read, wanted);
  const squares = Object.values(gradient).map((g) => np.sum(np.square(g.ref)));
  const size = np.sqrt(squares.reduce((a, b) => a.add(b)));
  const scale = np.minimum(np.trueDivide(maximumNorm, size), 1);
  const [after, mean, square] = [{}, {}, {}];
  for (const [name, g] of Object.entries(gradient)) {
    const clipped = g.mul(scale.ref);
    mean[name] = first[name].mul(0.9).add(clipped.ref.mul(0.1));
    square[name] = second[name].mul(0.999).add(np.square(clipped).mul(0.001));
    const deviation = np.sqrt(square[name].ref.mul(correction2.ref)).add(1e-8);
    const change = np.trueDivide(mean[name].ref.mul(correction1.ref).mul(learningRate), deviation);
    after[name] = p[name].mul(1 - learningRate * weightDecay).sub(change);
  }
  for (const left of [scale, correction1, correction2]) left.dispose();
  return [after, mean, square, loss];
}

const jitted = jit(update);
const zeros = () => Object.fromEntries(Object.entries(parameters).map(([name, x]) => [name, np.zeros(x.shape)]));
let [first, second] = [zeros(), zeros()];
let steps = 0;

async function step() {
  steps++;
  const corrections = [0.9, 0.999].map((beta) => np.array([1 / (1 - beta ** steps)]).reshape([]));
  let loss;
  [parameters, first, second, loss] = jitted(parameters, first, second, ...corrections, inputs.ref, targets.ref);
  await blockUntilReady(parameters);
  return (await loss.data())[0];
}

const losses = [];
let milliseconds = Number.POSITIVE_INFINITY;
for (let i = 0; i < 6; i++) {
  const start = performance.now();
  losses.push(await step());
  if (i > 1) milliseconds = Math.min(milliseconds, performance.now() - start);
}
console.log(JSON.stringify({ version, forms: { jit: { milliseconds, losses: losses.slice(0, 5) } } }));
process.exit(0);
