/**
 * The program of the thread that watches over a batch's workers. The thread that trains sleeps while they step, and is then told
 * nothing of those that end; this one is told, and says so in the shared words. It does nothing else, and sleeps itself.
 */
import { parentPort, Worker, workerData } from "node:worker_threads";
import { controlWords, lifeSign, outcomes } from "./controlBlock.ts";
import type { WatcherData, WorkerEnd } from "./messages.ts";

const { file, workers, control, port } = workerData as WatcherData;

for (const data of workers) {
  const { worker } = data;
  const { called, answered, outcome } = controlWords(worker);
  const thread = new Worker(file, { workerData: data, transferList: [data.port] });
  let error: string | undefined;
  thread.on("error", (fault: unknown) => {
    error = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
  });
  thread.on("exit", (code) => {
    const end: WorkerEnd = { worker, code, ...(error !== undefined && { error }) };
    port.postMessage(end);
    Atomics.store(control, outcome, outcomes.ended);
    Atomics.store(control, answered, Atomics.load(control, called));
    Atomics.notify(control, answered);
  });
}

parentPort?.on("message", (sign: number) => Atomics.store(control, lifeSign(workers.length), sign));
