/** Every entry, in a project that has neither the DOM library nor skipLibCheck. */

import * as main from "ascent-rl";
import * as algorithms from "ascent-rl/algorithms";
import * as charts from "ascent-rl/charts";
import * as distributions from "ascent-rl/distributions";
import * as envs from "ascent-rl/envs";
import * as estimators from "ascent-rl/estimators";
import * as files from "ascent-rl/files";
import fma from "ascent-rl/kernels/fma.wasm";
import simd from "ascent-rl/kernels/simd.wasm";
import * as mdp from "ascent-rl/mdp";
import * as node from "ascent-rl/node";
import * as objectives from "ascent-rl/objectives";
import * as policies from "ascent-rl/policies";
import * as random from "ascent-rl/random";
import * as scenes from "ascent-rl/scenes";
import * as tensor from "ascent-rl/tensor";
import * as variance from "ascent-rl/variance";

/** A module given to an engine, and a memory that is one without the name WebAssembly. */
export const engine: Promise<main.Engine> = main.createEngine({ build: simd });
export const bytes = (await engine).memory.buffer.byteLength;

export const all = [
  algorithms,
  charts,
  distributions,
  envs,
  estimators,
  files,
  fma,
  main,
  mdp,
  node,
  objectives,
  policies,
  random,
  scenes,
  simd,
  tensor,
  variance,
];
