/** The algorithms by name: what the command line and `train` choose from. */

import type { z } from "zod";
import type { BatchedEnvironment } from "../envs/batched.ts";
import type { Engine } from "../tensor/engine.ts";
import type { Learner } from "../training/learner.ts";
import { a2c, a2cOptions } from "./a2c.ts";
import { npg, npgOptions } from "./npg.ts";
import { offPolicyPg, offPolicyPgOptions } from "./offPolicyPg.ts";
import { ppo, ppoOptions } from "./ppo.ts";
import { a2cPresets } from "./presets/a2c.ts";
import { offPolicyPresets } from "./presets/offPolicyPg.ts";
import { ppoPresets } from "./presets/ppo.ts";
import { reinforcePresets } from "./presets/reinforce.ts";
import { trustRegionPresets } from "./presets/trpo.ts";
import { reinforce, reinforceOptions } from "./reinforce.ts";
import { trpo, trpoOptions } from "./trpo.ts";

export interface Preset {
  /** Environment steps that the settings were chosen for. */
  steps: number;
  options: Readonly<Record<string, unknown>>;
}

export interface Algorithm {
  readonly name: string;
  /** One line for lists. */
  readonly summary: string;
  /** Checks options and fills in defaults; unknown keys are errors. */
  readonly options: z.ZodObject;
  /** Tuned settings by environment id. */
  readonly presets: Readonly<Record<string, Preset>>;
  create(
    engine: Engine,
    environment: BatchedEnvironment,
    options: Readonly<Record<string, unknown>>,
    totalSteps: number,
  ): Learner;
}

export const algorithms: Readonly<Record<string, Algorithm>> = {
  reinforce: {
    name: "reinforce",
    summary: "the policy gradient with causality, baselines and GAE as options (Williams 1992)",
    options: reinforceOptions,
    presets: reinforcePresets,
    create: reinforce,
  },
  a2c: {
    name: "a2c",
    summary: "advantage actor-critic, synchronous (Mnih et al. 2016)",
    options: a2cOptions,
    presets: a2cPresets,
    create: a2c,
  },
  "off-policy-pg": {
    name: "off-policy-pg",
    summary: "policy gradient from a replay of recent batches, importance-weighted or V-trace",
    options: offPolicyPgOptions,
    presets: offPolicyPresets,
    create: offPolicyPg,
  },
  npg: {
    name: "npg",
    summary: "natural policy gradient (Kakade 2002)",
    options: npgOptions,
    presets: trustRegionPresets,
    create: npg,
  },
  trpo: {
    name: "trpo",
    summary: "trust region policy optimisation (Schulman et al. 2015)",
    options: trpoOptions,
    presets: trustRegionPresets,
    create: trpo,
  },
  ppo: {
    name: "ppo",
    summary: "proximal policy optimisation, clipped surrogate (Schulman et al. 2017)",
    options: ppoOptions,
    presets: ppoPresets,
    create: ppo,
  },
};
