/** The tasks with their models, by id: loaded by whoever makes one. */
import type { MujocoTask } from "../task.ts";
import { ant } from "./ant.ts";
import { halfCheetah } from "./halfCheetah.ts";
import { humanoid, humanoidStandup } from "./humanoid.ts";
import { invertedDoublePendulum, invertedPendulum } from "./pendulums.ts";
import { pusher } from "./pusher.ts";
import { reacher } from "./reacher.ts";
import { swimmer } from "./swimmer.ts";
import type { MujocoId } from "./taskFacts.ts";
import { hopper, walker2d } from "./walkers.ts";

export const tasks: Readonly<Record<MujocoId, () => MujocoTask>> = {
  "HalfCheetah-v5": halfCheetah,
  "Hopper-v5": hopper,
  "Walker2d-v5": walker2d,
  "Ant-v5": ant,
  "Humanoid-v5": humanoid,
  "HumanoidStandup-v5": humanoidStandup,
  "Swimmer-v5": swimmer,
  "Reacher-v5": reacher,
  "Pusher-v5": pusher,
  "InvertedPendulum-v5": invertedPendulum,
  "InvertedDoublePendulum-v5": invertedDoublePendulum,
};
