/**
 * A copy of the policy that acts in an environment of its own, to be looked at: with an engine, random numbers and an environment that
 * training does not share, so that no bit of it depends on who looks. It takes over what has been learnt where an episode begins.
 */
import {
  type BatchedEnvironment,
  type BatchOptions,
  createEngine,
  type EnvironmentSource,
  makeBatched,
  Policy,
  type PolicyDescription,
} from "ascent-rl";
import type { Post } from "./outbox.ts";
import type { Acting } from "./trained.ts";

/** Milliseconds: 60 frames a second at the most. */
const FRAME = 1000 / 60;
/** Milliseconds that a policy acts at least before a newer one takes over. */
const LEAST = 1000;
/** Frames that the last state of an episode stays. */
const PAUSE = 12;
/** Of its environment; episodes follow one another as they do in training. */
const SEED = 1_000_003;

export function actingPolicy(
  policyOf: () => PolicyDescription,
  source: EnvironmentSource,
  environmentOptions: BatchOptions | undefined,
  build: "simd" | "fma",
  post: Post,
): Acting {
  let timer: ReturnType<typeof setInterval> | undefined;
  let environment: BatchedEnvironment | undefined;
  let policy: Policy | undefined;
  let making = false;
  let made = 0;
  let waits = 0;
  let starts = new Uint8Array(1);
  let actions = new Float32Array(1);

  async function take(): Promise<void> {
    making = true;
    try {
      // The engine before it is garbage: memory is never given back piece by piece.
      policy = new Policy(await createEngine({ build }), policyOf(), { seed: SEED });
      made = performance.now();
    } finally {
      making = false;
    }
  }

  function begin(): BatchedEnvironment {
    const one = makeBatched(source, 1, environmentOptions);
    one.reset(SEED);
    starts = Uint8Array.of(1);
    actions = new Float32Array(one.actionSize);
    return one;
  }

  function frame(): void {
    environment ??= begin();
    const now = environment;
    if (now.scene === undefined) {
      off();
      return;
    }
    if (waits > 0) {
      waits--;
      return;
    }
    if (policy === undefined || (starts[0] === 1 && performance.now() - made > LEAST)) {
      if (!making) take().catch(off);
      if (policy === undefined) return;
    }
    const { actionMasks: mask } = now;
    const observations = now.exactObservations ?? now.observations;
    policy.actBatch(observations, actions, { deterministic: false, starts, ...(mask && { mask }) });
    now.step(actions);
    const ended = now.terminated[0] === 1 || now.truncated[0] === 1;
    starts[0] = ended ? 1 : 0;
    const scene = ended ? (now.finalScene ?? now.scene).call(now, 0) : now.scene(0);
    if (ended) waits = PAUSE;
    post({ kind: "scene", scene });
  }

  function off(): void {
    clearInterval(timer);
    timer = undefined;
    environment?.close?.();
    environment = undefined;
    policy = undefined;
  }

  return {
    on() {
      timer ??= setInterval(() => {
        try {
          frame();
        } catch {
          // What acts must not end what trains: an environment of one's own may refuse to be drawn.
          off();
        }
      }, FRAME);
    },
    off,
  };
}
