/** An environment of one's own, known by its id. */

import {
  type Box,
  type Dict,
  dict,
  discrete,
  environmentSpec,
  type MultiBinary,
  type Policy,
  type Spaces,
  train,
} from "ascent-rl";
import { typeOf } from "./typeOf.js";

declare module "ascent-rl" {
  interface KnownEnvironments {
    "Lamps-v0": Spaces<Dict<{ light: Box }>, MultiBinary>;
  }
}

const { policy } = await train("ppo", { environment: "Lamps-v0" });
typeOf(policy).is<Policy<Dict<{ light: Box }>, MultiBinary>>();
typeOf(policy.act({ light: [0.5] })).is<Uint8Array>();
typeOf(environmentSpec("Lamps-v0").makeSingle().actionSpace).is<MultiBinary>();
const { policy: built } = await train("ppo", { environment: "CartPole-v1" });
typeOf(built.act([0, 0, 0, 0])).is<number>();
typeOf(dict({ gear: discrete(3) }).fields.gear.n).is<number>();
