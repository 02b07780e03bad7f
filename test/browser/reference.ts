/**
 * What must come out the same, bit for bit, in every JavaScript engine: computed once in Node (nodeReference.ts) and again
 * in the browser (bits.test.ts), which compares the two. No Node modules here.
 */
import { type PpoOptions, ppo } from "../../src/algorithms/ppo.ts";
import { makeBatched } from "../../src/envs/index.ts";
import { threefry2x32 } from "../../src/math/threefry.ts";
import { encodePolicy } from "../../src/policies/index.ts";
import { createEngine } from "../../src/tensor/engine.ts";
import type { KernelBuild } from "../../src/tensor/kernels/kernels.ts";
import { languageModelNumbers } from "./languageReference.ts";
import { learnerNumbers } from "./learnerReference.ts";
import { mujocoNumbers } from "./mujocoReference.ts";

/** Results by name; numbers that are floats are given as hashes of their bits, never as rounded decimals. */
export interface Reference {
  /** The engine that computed it, so that a comparison of Node with itself is noticed; not compared. */
  computedBy: string;
  /** Hash of threefry2x32's words for a run of counters. */
  threefry: string;
  /** Hashes of the policies (weights and normaliser) that short PPO runs end with, by environment and kernel build. */
  policies: Record<string, string>;
  /** Hashes of language models after a few steps of gradient descent and of their completions, by kind of model and kernel build. */
  languageModels: Record<string, string>;
  /** Hashes of language models after short runs of algorithms, by algorithm and kernel build. */
  languageLearners: Record<string, string>;
  /** Hashes of what MuJoCo tasks give, by environment: the physics is WebAssembly too. */
  mujoco: Record<string, string>;
}

/** FNV-1a of the bytes of a typed array, in hexadecimal. */
export function hashBits(values: ArrayBufferView): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}

/** Computes everything anew in the engine it is called in. */
export async function computeReference(): Promise<Reference> {
  return {
    computedBy: "window" in globalThis ? navigator.userAgent : `Node ${process.versions.node}`,
    threefry: threefryHash(),
    policies: await policyHashes(),
    languageModels: hashesOf(await languageModelNumbers(builds)),
    languageLearners: hashesOf(await learnerNumbers(builds)),
    mujoco: hashesOf(await mujocoNumbers()),
  };
}

const builds: readonly KernelBuild[] = ["simd", "fma"];

/** Discrete actions and plain numbers; continuous ones with all that normalises; and a memory. */
const runs: readonly { environment: string; iterations: number; options: PpoOptions }[] = [
  {
    environment: "CartPole-v1",
    iterations: 12,
    options: { seed: 1, nEnvs: 8, nSteps: 32, batchSize: 100, nEpochs: 4 },
  },
  {
    environment: "Pendulum-v1",
    iterations: 6,
    options: {
      ...{ seed: 2, nEnvs: 4, nSteps: 128, nEpochs: 4, normalizeObservations: true, normalizeRewards: true },
      ...{ learningRate: "cosine:1e-3", activation: "gelu", clipRangeVf: 0.2, targetKl: 0.05 },
    },
  },
  {
    environment: "CartPoleNoVelocity-v1",
    iterations: 4,
    options: { seed: 3, nEnvs: 4, nSteps: 32, nEpochs: 2, hidden: [16], recurrent: "lstm", recurrentSize: 16 },
  },
];

async function policyHashes(): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const build of builds) {
    for (const { environment, iterations, options } of runs) {
      const engine = await createEngine({ build });
      const learner = ppo(engine, makeBatched(environment, options.nEnvs!), options, 3000);
      for (let i = 0; i < iterations; i++) learner.iterate();
      hashes[`${environment}, ${build}`] = hashBits(encodePolicy(learner.policy()));
    }
  }
  return hashes;
}

function hashesOf(numbers: Readonly<Record<string, ArrayBufferView>>): Record<string, string> {
  return Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name, hashBits(values)]));
}

function threefryHash(): string {
  const words = new Uint32Array(2 * 1000);
  for (let i = 0; i < 1000; i++) threefry2x32(1, 2, i, 3, words.subarray(2 * i, 2 * i + 2));
  return hashBits(words);
}
