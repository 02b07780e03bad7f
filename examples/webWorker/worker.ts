/** The worker: trains what it is asked to, reports every iteration, and stops in the midst of one when it is told to. */
import { encodePolicy, train } from "ascent-rl";

const stop = new AbortController();

addEventListener(
  "message",
  async ({ data }: MessageEvent<{ environment: string; steps: number; seed: number } | "stop">) => {
    if (data === "stop") return stop.abort();
    try {
      const { policy, stopped } = await train("ppo", {
        ...data,
        signal: stop.signal,
        onIteration: (metrics) => postMessage({ metrics }),
      });
      postMessage({ policy: encodePolicy(policy.description), stopped });
    } catch (error) {
      postMessage({ error: String(error) });
    }
  },
);
