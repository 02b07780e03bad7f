/** What goes wrong while a MuJoCo task runs, in words that name the environment, the step, the episode and the seed. */
import { AscentError } from "../../errors.ts";
import type { WarningCounts } from "./physics.ts";

export interface Where {
  id: string;
  environment: number;
  step: number;
  episode: number;
  seed: number;
}

/** The last state from which the physics was still sound. */
export interface LastState {
  qpos: ArrayLike<number>;
  qvel: ArrayLike<number>;
  action: ArrayLike<number>;
}

function place({ environment, step, episode, seed }: Where): string {
  return `environment ${environment} at step ${step} of its episode ${episode}, seed ${seed}`;
}

/** MuJoCo itself would go on from the model's initial state, without a word. */
export function refuseDiverged(where: Where, counts: WarningCounts, last: LastState): never {
  const names = {
    badPosition: "positions",
    badVelocity: "velocities",
    badAcceleration: "accelerations",
  } as const;
  const bad = (Object.keys(names) as (keyof typeof names)[]).filter((name) => counts[name] > 0);
  const what = bad.length > 0 ? bad.map((name) => names[name]).join(" and ") : "a state";
  const list = (numbers: ArrayLike<number>) => `[${Array.from(numbers).join(", ")}]`;
  throw new AscentError("non-finite", {
    what: `${where.id}: the physics diverged in ${place(where)}`,
    got: `${what} beyond 1e10 or not a number, from qpos ${list(last.qpos)}, qvel ${list(last.qvel)} under action ${list(last.action)}`,
    expected: "a state that a step of the physics can go on from",
    fix: "Make the model's timestep smaller, its motors weaker or its joints damped; that state and action show where.",
  });
}

/** Contacts that found no room were left out: the figure went through the floor. */
export function refuseFull(where: Where): never {
  throw new AscentError("environment", {
    what: `${where.id}: contacts did not fit into the memory of ${place(where)}`,
    got: "an episode in which MuJoCo left out some",
    expected: "room for all",
    fix: 'Give the model more: <size memory="1M"/>, or twice what it has.',
  });
}

/** MuJoCo stopped by itself. */
export function refuseEngine(where: Where, cause: unknown): never {
  const message = (cause instanceof Error ? cause.message : String(cause)).replace(/^MuJoCo Error: /, "");
  throw new AscentError(
    "environment",
    {
      what: `${where.id}: MuJoCo stopped in ${place(where)}`,
      got: message.replace(/\s+/g, " ").trim(),
      expected: "a step",
      fix: 'Where it speaks of memory, give the model more: <size memory="1M"/>. Then start anew: errors leave it in disorder.',
    },
    { cause },
  );
}

export function refuseReward(where: Where, reward: number): never {
  throw new AscentError("non-finite", {
    what: `${where.id}: judge gave a bad reward in ${place(where)}`,
    got: String(reward),
    expected: "a finite number",
    fix: "Look at what it divides by, and at what it reads of the physics.",
  });
}

export function refuseStart(where: Where, number: number): never {
  throw new AscentError("non-finite", {
    what: `${where.id}: the initial state is not one in ${place(where)}`,
    got: `${number} in qpos or qvel`,
    expected: "finite numbers",
    fix: "Look at what start writes.",
  });
}

export function refuseMemory(id: string, index: number, count: number, cause: unknown): never {
  throw new AscentError(
    "environment",
    {
      what: `${id}: there is no memory for environment ${index} of ${count}`,
      got: cause instanceof Error ? cause.message.trim() : String(cause),
      expected: "2 GiB to do for all",
      fix: 'Make each smaller with <size memory="256K"/> in its model (default: several MB), or make fewer.',
    },
    { cause },
  );
}
