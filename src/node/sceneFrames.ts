/** Episodes of a policy as pictures on disk: a numbered SVG for every state, and one strip an episode. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  checkArgument,
  checkOptions,
  type OptionChecks,
  optional,
  positiveNumber,
  seed as seedCheck,
  signal as signalCheck,
  text,
  trueOrFalse,
  wholeNumber,
} from "../arguments/checks.ts";
import type { EnvironmentSource } from "../envs/index.ts";
import { AscentError } from "../errors.ts";
import { due, othersFirst } from "../pauses.ts";
import type { PolicyDescription } from "../policies/index.ts";
import { type Scene, sceneFramesToSvg, sceneToSvg } from "../scenes/index.ts";
import { spoken } from "../scenes/phrases.ts";
import { createPlayer, type PlayedState, type Player } from "../training/player.ts";
import { fileError } from "./fileError.ts";

export interface SceneFramesOptions {
  /** Default 1. */
  episodes?: number;
  /** Of the first episode; the next one has the next seed. Default 0. */
  seed?: number;
  /** Most probable actions (default true) or sampled ones. */
  deterministic?: boolean;
  /** Pixels of a frame. Default 480. */
  width?: number;
  /** An episode of more steps than this surely has no end: an error. Default 10,000. */
  longestEpisode?: number;
  signal?: AbortSignal;
}

const frameOptions: OptionChecks<SceneFramesOptions> = {
  episodes: optional(wholeNumber(1)),
  seed: optional(seedCheck),
  deterministic: optional(trueOrFalse),
  width: optional(positiveNumber),
  longestEpisode: optional(wholeNumber(1)),
  signal: optional(signalCheck),
};

/** What was drawn of one episode. */
export interface DrawnEpisode {
  seed: number;
  frames: number;
  episodeReturn: number;
  /** Path of its strip; frames stand beside it. */
  strip: string;
}

/** Frames of a strip, evenly over the episode. */
const IN_STRIP = 16;

/**
 * Writes `seed7-0000.svg` for the first state of the episode with seed 7, the others behind it, and `seed7.svg` with at most 16 of
 * them.
 *
 * @param folder a new or empty one.
 * @throws AscentError "environment" when the environment draws nothing or an episode has no end, "file" when the folder holds
 *   something or cannot be written, "space" when the policy is of other spaces.
 */
export async function writeSceneFrames(
  policy: PolicyDescription,
  source: EnvironmentSource,
  folder: string,
  options: SceneFramesOptions = {},
): Promise<DrawnEpisode[]> {
  checkArgument("writeSceneFrames: folder", text, folder);
  checkOptions("writeSceneFrames", frameOptions, options);
  const { episodes = 1, seed: first = 0, deterministic = true, width, longestEpisode = 10_000, signal } = options;
  const drawn: DrawnEpisode[] = [];
  for (let seed = first; seed < first + episodes; seed++) {
    const player = await createPlayer(policy, source, { seed, deterministic });
    // Made when it is known that there is something to draw.
    if (drawn.length === 0) {
      sceneOf(player, player.state);
      claim(folder);
    }
    const scenes: Scene[] = [];
    const write = (state: PlayedState) => {
      const scene = sceneOf(player, state);
      const name = `seed${seed}-${String(state.step).padStart(4, "0")}.svg`;
      save(join(folder, name), sceneToSvg(scene, { width, title: captionOf(state) }));
      scenes.push(scene);
    };
    write(player.state);
    while (player.state.ended === undefined) {
      if (due()) await othersFirst();
      signal?.throwIfAborted();
      if (player.state.step >= longestEpisode) endless(player, longestEpisode);
      write(player.step());
    }
    player.close();
    const { episodeReturn } = player.state;
    const strip = join(folder, `seed${seed}.svg`);
    const title = `${policy.environment}, seed ${seed}: return ${spoken(episodeReturn, 2)}`;
    save(strip, stripOf(scenes, title));
    drawn.push({ seed, frames: scenes.length, episodeReturn, strip });
  }
  return drawn;
}

function stripOf(scenes: readonly Scene[], title: string): string {
  const count = Math.min(IN_STRIP, scenes.length);
  const steps = Array.from({ length: count }, (_, i) => Math.round((i * (scenes.length - 1)) / Math.max(count - 1, 1)));
  const captions = steps.map((step) => `step ${step}`);
  return sceneFramesToSvg(
    steps.map((step) => scenes[step]),
    { title, captions },
  );
}

function captionOf({ step, episodeReturn }: PlayedState): string {
  return `Step ${step}, return ${spoken(episodeReturn, 2)}`;
}

function sceneOf(player: Player, { scene }: PlayedState): Scene {
  if (scene !== undefined) return scene;
  throw new AscentError("environment", {
    what: `${player.environment.id} does not draw itself`,
    got: "an environment without scene()",
    fix: "Give it a method scene(): docs/guide.md, Environments, shows how.",
  });
}

function endless(player: Player, limit: number): never {
  throw new AscentError("environment", {
    what: `An episode of ${player.environment.id} does not end`,
    got: `more than ${limit} steps`,
    expected: "terminated or truncated at some step",
    fix: "Give it a time limit, or raise longestEpisode (--longest-episode).",
  });
}

function claim(folder: string): void {
  let present: string[];
  try {
    mkdirSync(folder, { recursive: true });
    present = readdirSync(folder);
  } catch (error) {
    throw fileError("make the folder", folder, error);
  }
  if (present.length === 0) return;
  throw new AscentError("file", {
    what: `The folder ${folder} is not empty`,
    got: present[0],
    expected: "a new or an empty folder",
    fix: "Choose another one: nothing is written over.",
  });
}

function save(path: string, content: string): void {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw fileError("write", path, error);
  }
}
