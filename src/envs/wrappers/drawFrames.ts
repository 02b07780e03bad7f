/** Every state of an environment as a picture, while it is played: for films and for watching. */
import { z } from "zod";
import {
  above,
  callback,
  checkArguments,
  checkOptions,
  type OptionChecks,
  optional,
  wholeNumber,
} from "../../arguments/checks.ts";
import { AscentError } from "../../errors.ts";
import type { Scene } from "../../scenes/scene.ts";
import { sceneToSvg } from "../../scenes/sceneSvg.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import type { Space } from "../spaces.ts";
import { passThrough, remembering } from "./passThrough.ts";

export interface Frame {
  /** Episodes begun before this one. */
  episode: number;
  /** 0 is the state after reset. */
  step: number;
  scene: Scene;
  /** The scene as SVG text. */
  svg: string;
}

export interface DrawFramesOptions {
  /** Every how many steps; the first and the last state of an episode are always drawn. Default 1. */
  every?: number;
  /** Pixels. Default 480. */
  width?: number;
}

const framesOptions: OptionChecks<DrawFramesOptions> = { every: optional(wholeNumber(1)), width: optional(above(0)) };
const framesArguments = { environment: environmentCheck, onFrame: callback };
const form = z.object({ episode: z.int().min(0), step: z.int().min(0) });

/**
 * Gives pictures of the environment's states to `onFrame`, which writes them to files or shows them.
 * @throws AscentError "environment" when it has no scene().
 */
export function drawFrames<Observation, Action, ObservationSpace extends Space, ActionSpace extends Space>(
  environment: Environment<Observation, Action, ObservationSpace, ActionSpace>,
  onFrame: (frame: Frame) => void,
  options: DrawFramesOptions = {},
): Environment<Observation, Action, ObservationSpace, ActionSpace> {
  checkArguments("drawFrames", framesArguments, { environment, onFrame });
  checkOptions("drawFrames", framesOptions, options);
  const { every = 1, width } = options;
  if (environment.scene === undefined) {
    throw new AscentError("environment", {
      what: "drawFrames: the environment does not draw itself",
      got: "no scene()",
      expected: "an environment with scene()",
      fix: 'Write scene() { return { … }; }: a Scene of "ascent-rl/scenes".',
    });
  }
  let episode = -1;
  let step = 0;
  const draw = () => {
    const scene = (environment.scene as () => Scene)();
    onFrame({ episode, step, scene, svg: sceneToSvg(scene, { width }) });
  };
  return passThrough(environment, {
    reset(resetOptions) {
      const result = environment.reset(resetOptions);
      episode++;
      step = 0;
      draw();
      return result;
    },
    step(action) {
      const result = environment.step(action);
      step++;
      if (step % every === 0 || result.terminated || result.truncated) draw();
      return result;
    },
    ...remembering("drawFrames", environment, {
      form,
      save: () => ({ episode, step }),
      load(kept) {
        episode = kept.episode;
        step = kept.step;
      },
    }),
  });
}
