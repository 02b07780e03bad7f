/** The worker: trains what it is asked to, reports every iteration, and stops in the midst of one when it is told to. */
import { encodePolicy, type Metrics, train } from "ascent-rl";

/** What the page says, and what it hears. */
export type Request = { environment: string; steps: number; seed: number } | "stop";
export type Report = { metrics: Metrics } | { policy: Uint8Array; stopped: boolean } | { error: string };

const report = (message: Report) => postMessage(message);
const stop = new AbortController();

addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  if (data === "stop") return stop.abort();
  try {
    const { policy, stopped } = await train("ppo", {
      ...data,
      signal: stop.signal,
      onIteration: (metrics) => report({ metrics }),
    });
    report({ policy: encodePolicy(policy.description), stopped });
  } catch (error) {
    report({ error: String(error) });
  }
});
