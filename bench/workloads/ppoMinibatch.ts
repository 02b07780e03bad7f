/**
 * One PPO minibatch update as a graph: two tanh networks 4-64-64, a categorical policy of two actions and a value, advantage
 * normalisation, clipped loss, value loss and entropy, gradients, global-norm clip, Adam. The scripts of bench/peers are the
 * same in PyTorch and jax.
 */

import { RandomStream } from "../../src/random/stream.ts";
import { compile } from "../../src/tensor/compile.ts";
import { type Engine, floatsOf } from "../../src/tensor/engine.ts";
import { grad } from "../../src/tensor/grad.ts";
import { clipScale, norm } from "../../src/tensor/gradientNorms.ts";
import { input, parameter, type Tensor } from "../../src/tensor/graph.ts";
import * as ops from "../../src/tensor/ops/index.ts";
import { Optimiser } from "../../src/tensor/optimisers.ts";
import { ParameterBlock } from "../../src/tensor/parameters.ts";

/** A network's output and the parameters it made, in order. */
function network(x: Tensor, name: string, sizes: readonly number[]): { y: Tensor; parameters: Tensor[] } {
  const parameters: Tensor[] = [];
  let y = x;
  for (let layer = 1; layer < sizes.length; layer++) {
    const w = parameter(`${name}.${layer}.weight`, [sizes[layer - 1], sizes[layer]]);
    const b = parameter(`${name}.${layer}.bias`, [sizes[layer]]);
    parameters.push(w, b);
    y = ops.add(ops.matmul(y, w), b);
    if (layer < sizes.length - 1) y = ops.tanh(y);
  }
  return { y, parameters };
}

function numbers(random: RandomStream, count: number, low: number, high: number): number[] {
  return Array.from({ length: count }, () => random.uniformBetween(low, high));
}

export function makePpoMinibatch(engine: Engine, batch: number) {
  const observations = input("observations", [batch, 4]);
  const actions = input("actions", [batch], "i32");
  const oldLogProbs = input("oldLogProbs", [batch]);
  const advantages = input("advantages", [batch]);
  const returns = input("returns", [batch]);

  const policy = network(observations, "policy", [4, 64, 64, 2]);
  const critic = network(observations, "value", [4, 64, 64, 1]);
  const logProbs = ops.logSoftmax(policy.y);
  const ratio = ops.exp(ops.sub(ops.takeLast(logProbs, actions), oldLogProbs));
  const advantage = ops.standardise(advantages);
  const clipped = ops.mul(ops.clip(ratio, 0.8, 1.2), advantage);
  const policyLoss = ops.neg(ops.mean(ops.min(ops.mul(ratio, advantage), clipped)));
  const valueLoss = ops.mean(ops.square(ops.sub(ops.reshape(critic.y, [batch]), returns)));
  const entropy = ops.neg(ops.mean(ops.sum(ops.mul(ops.softmax(policy.y), logProbs), 1)));
  const loss = ops.sub(ops.add(policyLoss, ops.mul(valueLoss, 0.5)), ops.mul(entropy, 0.01));

  const block = new ParameterBlock(engine, [...policy.parameters, ...critic.parameters]);
  const gradient = grad(loss, block.tensors);
  const program = compile(engine, { name: "ppo", outputs: { loss, gradient }, parameters: [block] });
  const region = program.outputRegion("gradient");
  const optimiser = new Optimiser(engine, block.region, { kind: "adam", epsilon: 1e-5 });

  const random = new RandomStream(42, 0);
  for (const tensor of block.tensors) {
    if (tensor.shape.length === 2)
      block.values(tensor.attributes.name!).set(numbers(random, tensor.shape[0] * tensor.shape[1], -0.2, 0.2));
  }
  program.input("observations").set(numbers(random, batch * 4, -2, 2));
  program.input("oldLogProbs").fill(Math.fround(-Math.LN2));
  program.input("advantages").set(numbers(random, batch, -2, 2));
  program.input("returns").set(numbers(random, batch, -2, 2));
  program.inputInts("actions").forEach((_, i, all) => {
    all[i] = random.uniform() < 0.5 ? 0 : 1;
  });

  return {
    program,
    parameters: () => floatsOf(block.region),
    /** Forward, backward, global-norm clip, Adam. */
    update(): void {
      program.run();
      optimiser.step(region, 3e-4, clipScale(norm(region), 0.5));
    },
  };
}
