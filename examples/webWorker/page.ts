/** The page: starts the worker, hears its figures, and gets the policy. */
import { loadPolicyFromBytes, type Metrics, type Policy } from "ascent-rl";
import type { Report, Request } from "./worker.ts";

export async function trainInWorker(
  request: Exclude<Request, "stop">,
  onMetrics: (metrics: Metrics) => void,
  signal?: AbortSignal,
): Promise<{ policy: Policy; stopped: boolean }> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  signal?.addEventListener("abort", () => worker.postMessage("stop"));
  try {
    const { policy, stopped } = await new Promise<Exclude<Report, { metrics: Metrics } | { error: string }>>(
      (resolve, reject) => {
        worker.onmessage = ({ data }: MessageEvent<Report>) => {
          if ("metrics" in data) onMetrics(data.metrics);
          else if ("error" in data) reject(new Error(data.error));
          else resolve(data);
        };
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(request);
      },
    );
    return { policy: await loadPolicyFromBytes(policy), stopped };
  } finally {
    worker.terminate();
  }
}
