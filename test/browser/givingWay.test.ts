/** A page has its turns while it trains: timers, frames and messages, many within one iteration. */
import { expect, test, vi } from "vitest";
import { train } from "../../src/index.ts";

/** The longest time without a turn, and how many there were. */
function watch(again: (turn: () => void) => void) {
  const seen = { longest: 0, turns: 0 };
  let last = performance.now();
  let going = true;
  const turn = () => {
    const now = performance.now();
    seen.longest = Math.max(seen.longest, now - last);
    last = now;
    seen.turns++;
    if (going) again(turn);
  };
  again(turn);
  return () => {
    going = false;
    return seen;
  };
}

test("timers, frames and messages within an iteration of seconds", async () => {
  const { port1, port2 } = new MessageChannel();
  const timers = watch((turn) => setTimeout(turn, 5));
  const frames = watch(requestAnimationFrame);
  const messages = watch((turn) => {
    port1.onmessage = turn;
    port2.postMessage(0);
  });
  const stop = new AbortController();
  const begin = performance.now();
  const options = { nSteps: 512, nEnvs: 4, hidden: [256, 256], nEpochs: 12 };
  const { metrics } = await train("ppo", { environment: "Pendulum-v1", steps: 2048, options, signal: stop.signal });
  const took = performance.now() - begin;
  expect(metrics["steps"]).toBe(2048);
  expect(took).toBeGreaterThan(400);
  for (const seen of [timers(), frames(), messages()]) {
    expect(seen.turns).toBeGreaterThan(8);
    expect(seen.longest).toBeLessThan(took / 4);
  }
  port1.close();
});

test("a signal from a timer ends a run in the midst of its first iteration, which is undone", async () => {
  const stop = new AbortController();
  const options = { nSteps: 2048, nEnvs: 8, hidden: [256, 256] };
  const timer = setTimeout(() => stop.abort(), 300);
  const begin = performance.now();
  const onIteration = vi.fn();
  const given = { environment: "Pendulum-v1", steps: 1e6, options, signal: stop.signal, onIteration };
  const { stopped, learner } = await train("ppo", given);
  clearTimeout(timer);
  expect([stopped, learner.steps]).toEqual([true, 0]);
  expect(onIteration).not.toHaveBeenCalled();
  expect(performance.now() - begin).toBeLessThan(5000);
});
