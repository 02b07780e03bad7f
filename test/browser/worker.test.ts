/** The recipe of docs/guide.md in a browser: a worker trains, the page stays free, and both get the same bits. */
import { expect, test } from "vitest";
import { trainInWorker } from "../../examples/webWorker/page.ts";
import { type Metrics, train } from "../../src/index.ts";

const request = { environment: "CartPole-v1", steps: 4096, seed: 3 };

test("the worker's figures and policy are those of a training in the page", async () => {
  const [here, there]: [Metrics[], Metrics[]] = [[], []];
  const { policy } = await train("ppo", { ...request, onIteration: (metrics) => void here.push(metrics) });
  const found = await trainInWorker(request, (metrics) => there.push(metrics));
  expect(found.stopped).toBe(false);
  expect(there).toEqual(here);
  expect(found.policy.description).toEqual(policy.description);
});

test("the worker can be stopped, and says what is wrong", async () => {
  const stop = new AbortController();
  const steps: number[] = [];
  const found = await trainInWorker(
    { ...request, steps: 1e9 },
    (metrics) => {
      steps.push(metrics["steps"]);
      if (steps.length === 2) stop.abort();
    },
    stop.signal,
  );
  expect(found.stopped).toBe(true);
  await expect(trainInWorker({ ...request, environment: "CartPole" }, () => {})).rejects.toThrow(/CartPole-v1/);
});
