/**
 * The part of the checker that is about drawing: whether `scene()` gives scenes, from the first state on and after an episode's end,
 * and whether looking changes what is looked at.
 */
import { deriveSeed, RandomStream } from "../random/stream.ts";
import { streams } from "../random/streams.ts";
import { whyNotScene } from "../scenes/whyNotScene.ts";
import type { Environment, EnvironmentFactory } from "./environment.ts";
import type { Report, Trial } from "./savedStateCheck.ts";
import { toText } from "./savedStateCheck.ts";

/** Pictures may be slow, and what is wrong with one is mostly wrong with the first. */
const MOST_STEPS = 50;

/** Reports what is wrong with scene(); nothing for environments without it. */
export function checkScenes(factory: EnvironmentFactory, trial: Trial, report: Report): void {
  const seen = factory();
  if (seen.scene === undefined) return;
  if (typeof seen.scene !== "function") {
    report("scene", `got scene = ${typeof seen.scene}, expected a method. Write scene() { return { … }; }.`);
    return;
  }
  const alone = play(factory(), trial, () => undefined);
  let fits = true;
  let watched: string[];
  try {
    watched = play(seen, trial, () => {
      const why = fits ? whyNotScene(seen.scene?.()) : undefined;
      if (why === undefined) return;
      fits = false;
      report("scene", `got a scene in which ${why}; expected a Scene of "ascent-rl/scenes". Correct that part.`);
    });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    report("scene", `got the error "${text}" when scene() is called after each step, expected none. Draw every state.`);
    return;
  }
  const differs = alone.findIndex((text, t) => text !== watched[t]);
  if (differs < 0) return;
  report(
    "scene-changes",
    `got another episode when scene() was called (at result ${differs}), expected the same. Draw the state without changing it.`,
  );
}

/** What came back from reset and step, with `look` called after each. */
function play(environment: Environment, { seed, restarts, steps, act }: Trial, look: () => void): string[] {
  const random = new RandomStream(seed, streams.checker, 2);
  const trace = [toText(environment.reset({ seed }))];
  look();
  for (let t = 0; t < Math.min(MOST_STEPS, steps); t++) {
    const result = environment.step(act(environment, random));
    trace.push(toText(result));
    look();
    if (!result.terminated && !result.truncated) continue;
    trace.push(toText(environment.reset({ seed: deriveSeed(seed, streams.checker, restarts, t) })));
    look();
  }
  return trace;
}
