/**
 * The worker that looks at an environment of one's own: runs its text, lets the library check it, and draws episodes with random
 * actions. The text comes in a module that imports this one, then the lockdown, then hands itself over.
 */
import { checkEnvironment, describe, type EnvironmentFactory, RandomStream, sample, streams } from "ascent-rl";
import { type Scene, whyNotScene } from "ascent-rl/scenes";
import { offered } from "../runs/worker/ownHost.ts";
import { type CheckReply, MOST_SCENES } from "./checkProtocol.ts";
import { lineInStack } from "./linesOf.ts";

interface CheckHost {
  ascentOffered: typeof offered;
  /** @param make gives what the text exports. */
  ascentCheck(make: () => unknown): void;
}

/** Steps of the checker's trials, and where an episode without an end of its own is cut off. */
const TRIAL = { steps: 100, maxEpisodeSteps: 200 };

// Kept here: the text that comes later does not find it any more.
const send = postMessage.bind(globalThis);
const say = (reply: CheckReply) => send(reply);

const host = globalThis as unknown as CheckHost;
host.ascentOffered = offered;
host.ascentCheck = (make) => {
  say({ kind: "begun" });
  try {
    look(make() as EnvironmentFactory);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const line = error instanceof Error ? lineInStack(error.stack) : undefined;
    say({ kind: "threw", message, ...(line !== undefined && { line }) });
  }
};

function look(factory: EnvironmentFactory): void {
  // Whoever breaks at once is named by the line it breaks in, which the checker's findings do not know.
  const scenes = typeof factory === "function" ? play(factory) : [];
  const findings = checkEnvironment(factory, TRIAL);
  const { observationSpace, actionSpace } = factory();
  say({
    kind: "checked",
    checked: {
      findings,
      scenes,
      observationSpace: describe(observationSpace),
      actionSpace: describe(actionSpace),
    },
  });
}

/** Episodes with random actions, as far as the environment keeps to its contract. */
function play(factory: EnvironmentFactory): Scene[] {
  const environment = factory();
  const scenes: Scene[] = [];
  const draw = () => {
    const scene: unknown = environment.scene?.();
    if (whyNotScene(scene) === undefined) scenes.push(scene as Scene);
  };
  // Its parts are the checker's to look at.
  if (typeof environment?.reset !== "function" || typeof environment.step !== "function") return scenes;
  const random = new RandomStream(1, streams.user);
  environment.reset({ seed: 0 });
  draw();
  let steps = 0;
  for (let t = 0; t < MOST_SCENES - 2; t++) {
    const { terminated, truncated } = environment.step(actionOf(environment, random)) ?? {};
    draw();
    steps++;
    if (!terminated && !truncated && steps < TRIAL.maxEpisodeSteps) continue;
    environment.reset({ seed: t + 1 });
    draw();
    steps = 0;
  }
  environment.close?.();
  return scenes.slice(0, MOST_SCENES);
}

function actionOf({ actionSpace, actionMask }: ReturnType<EnvironmentFactory>, random: RandomStream): unknown {
  const mask = actionMask?.();
  if (mask === undefined || actionSpace.kind !== "discrete") return sample(actionSpace, random);
  const allowed = Array.from(mask, (one, i) => (one ? i : -1)).filter((i) => i >= 0);
  return actionSpace.start + allowed[random.integer(allowed.length)];
}
