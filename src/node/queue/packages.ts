/** BullMQ and ioredis, which only those need who use many machines: loaded when a queue is named. */
import { AscentError } from "../../errors.ts";

/** What is used of them. */
export interface QueuePackages {
  Queue: typeof import("bullmq").Queue;
  QueueEvents: typeof import("bullmq").QueueEvents;
  Worker: typeof import("bullmq").Worker;
  WaitingError: typeof import("bullmq").WaitingError;
  Redis: typeof import("ioredis").Redis;
}

/** @throws AscentError "state" with the line that installs them. */
export async function loadQueuePackages(): Promise<QueuePackages> {
  try {
    const [{ Queue, QueueEvents, Worker, WaitingError }, { Redis }] = await Promise.all([
      import("bullmq"),
      import("ioredis"),
    ]);
    return { Queue, QueueEvents, Worker, WaitingError, Redis };
  } catch (error) {
    throw new AscentError(
      "state",
      {
        what: "The packages for queues are not installed",
        got: error instanceof Error ? error.message.split("\n")[0] : String(error),
        fix: "Install them beside this one: npm install bullmq ioredis",
      },
      { cause: error },
    );
  }
}
