/** The algorithms by name: what the command line and `train` choose from. */

import { a2c, a2cOptions, makingA2c } from "./a2c.ts";
import type { Algorithm } from "./algorithm.ts";
import { bc, bcOptions, makingBc } from "./bc.ts";
import type { AlgorithmName } from "./byName.ts";
import { makingNpg, npg, npgOptions } from "./npg.ts";
import { makingOffPolicyPg, offPolicyPg, offPolicyPgOptions } from "./offPolicyPg.ts";
import { makingPpo, ppo, ppoOptions } from "./ppo.ts";
import { a2cPresets } from "./presets/a2c.ts";
import { ppoMujocoPresets, trpoMujocoPresets } from "./presets/mujoco.ts";
import { offPolicyPresets } from "./presets/offPolicyPg.ts";
import { ppoPresets } from "./presets/ppo.ts";
import { reinforcePresets } from "./presets/reinforce.ts";
import { trustRegionPresets } from "./presets/trpo.ts";
import { makingReinforce, reinforce, reinforceOptions } from "./reinforce.ts";
import { makingTrpo, trpo, trpoOptions } from "./trpo.ts";

const fromEnvironment = {
  learnsFrom: "environment",
  unit: "environment steps",
  curves: [{ figure: "episodeReturn", label: "return of sampled actions, mean of the last 100 training episodes" }],
} as const;

/** Each by its name; of a text that may be none, `algorithmNamed` makes a name. */
export type Algorithms = { readonly [Name in AlgorithmName]: Algorithm & { readonly name: Name } } & {
  readonly [name: string]: Algorithm;
};

export const algorithms: Algorithms = {
  reinforce: {
    name: "reinforce",
    ...fromEnvironment,
    summary: "the policy gradient with causality, baselines and GAE as options (Williams 1992)",
    options: reinforceOptions,
    presets: reinforcePresets,
    create: reinforce,
    making: makingReinforce,
  },
  a2c: {
    name: "a2c",
    ...fromEnvironment,
    summary: "advantage actor-critic, synchronous (Mnih et al. 2016)",
    options: a2cOptions,
    presets: a2cPresets,
    create: a2c,
    making: makingA2c,
  },
  "off-policy-pg": {
    name: "off-policy-pg",
    ...fromEnvironment,
    summary: "policy gradient from a replay of recent batches, importance-weighted or V-trace",
    options: offPolicyPgOptions,
    presets: offPolicyPresets,
    create: offPolicyPg,
    making: makingOffPolicyPg,
  },
  npg: {
    name: "npg",
    ...fromEnvironment,
    summary: "natural policy gradient (Kakade 2002)",
    options: npgOptions,
    presets: trustRegionPresets,
    create: npg,
    making: makingNpg,
  },
  trpo: {
    name: "trpo",
    ...fromEnvironment,
    summary: "trust region policy optimisation (Schulman et al. 2015)",
    options: trpoOptions,
    presets: { ...trustRegionPresets, ...trpoMujocoPresets },
    create: trpo,
    making: makingTrpo,
  },
  ppo: {
    name: "ppo",
    ...fromEnvironment,
    summary: "proximal policy optimisation, clipped surrogate (Schulman et al. 2017)",
    options: ppoOptions,
    presets: { ...ppoPresets, ...ppoMujocoPresets },
    create: ppo,
    making: makingPpo,
  },
  bc: {
    name: "bc",
    learnsFrom: "data",
    unit: "samples",
    steps: 1_000_000,
    curves: [
      { figure: "heldOutLogLikelihood", label: "mean log π(a|s) of the held-out episodes" },
      { figure: "logLikelihood", label: "mean log π(a|s) of the training episodes" },
    ],
    summary: "behaviour cloning: maximum likelihood on recorded episodes (--data)",
    options: bcOptions,
    presets: {},
    create: bc,
    making: makingBc,
  },
};
