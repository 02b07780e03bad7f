/** Which kernels an engine trains with. Not in engine.ts, which every page loads that acts. */

import type { Engine } from "./engine.ts";
import type { KernelBuild } from "./kernels/kernels.ts";
import { refuseTraining } from "./kernels/refuseTraining.ts";

/** The build of an engine that trains. @throws AscentError "option" for plain JavaScript, which only acts. */
export function trainingBuild({ build }: Engine): KernelBuild {
  return build === "javascript" ? refuseTraining() : build;
}
