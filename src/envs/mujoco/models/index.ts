/** The eleven models as MJCF, by the id of their task. */
import { antModel } from "./ant.ts";
import { halfCheetahModel } from "./halfCheetah.ts";
import { hopperModel } from "./hopper.ts";
import { humanoidModel, humanoidStandupModel } from "./humanoid.ts";
import { invertedDoublePendulumModel } from "./invertedDoublePendulum.ts";
import { invertedPendulumModel } from "./invertedPendulum.ts";
import { pusherModel } from "./pusher.ts";
import { reacherModel } from "./reacher.ts";
import { swimmerModel } from "./swimmer.ts";
import { walker2dModel } from "./walker2d.ts";

export const models = {
  "HalfCheetah-v5": halfCheetahModel,
  "Hopper-v5": hopperModel,
  "Walker2d-v5": walker2dModel,
  "Ant-v5": antModel,
  "Humanoid-v5": humanoidModel,
  "HumanoidStandup-v5": humanoidStandupModel,
  "Swimmer-v5": swimmerModel,
  "Reacher-v5": reacherModel,
  "Pusher-v5": pusherModel,
  "InvertedPendulum-v5": invertedPendulumModel,
  "InvertedDoublePendulum-v5": invertedDoublePendulumModel,
} as const;
