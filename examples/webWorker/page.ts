/** The page: starts the worker, hears its figures, and gets the policy. */
import { loadPolicyFromBytes, type Metrics, type Policy } from "ascent-rl";

/** What the worker is asked for, and what it ends with. */
export type Request = { environment: string; steps: number; seed: number };
export type Result = { policy: Uint8Array; stopped: boolean };
type Report = Result | { metrics: Metrics } | { error: string };

export async function trainInWorker(
  request: Request,
  onMetrics: (metrics: Metrics) => void,
  signal?: AbortSignal,
): Promise<{ policy: Policy; stopped: boolean }> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  signal?.addEventListener("abort", () => worker.postMessage("stop"));
  try {
    const { policy, stopped } = await new Promise<Result>((resolve, reject) => {
      worker.onmessage = ({ data }: MessageEvent<Report>) => {
        if ("metrics" in data) onMetrics(data.metrics);
        else if ("error" in data) reject(new Error(data.error));
        else resolve(data);
      };
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(request);
    });
    return { policy: await loadPolicyFromBytes(policy), stopped };
  } finally {
    worker.terminate();
  }
}
