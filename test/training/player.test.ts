/** A policy watched step by step: the same episodes as evaluation's, somebody else's actions, what it chooses from. */

import { describe, expect, test } from "vitest";
import { box, environmentSpec, makeBatched } from "../../src/envs/index.ts";
import { evaluatePolicy } from "../../src/training/evaluate.ts";
import { createPlayer, type Player } from "../../src/training/player.ts";
import { randomPolicy } from "../policies/support.ts";

async function policyOf(id: string) {
  const { observationSpace, actionSpace } = makeBatched(id, 1);
  return randomPolicy(observationSpace, actionSpace);
}

function toEnd(player: Player): Player["state"] {
  while (player.state.ended === undefined) player.step();
  return player.state;
}

describe("createPlayer", () => {
  test.each(["CartPole-v1", "Pendulum-v1", "MaskedCorridor-v1"])(
    "%s: with a seed it is evaluation's episode with that seed, deterministic and sampled",
    async (id) => {
      const policy = await policyOf(id);
      for (const deterministic of [true, false]) {
        for (const seed of [0, 7]) {
          const { returns, lengths } = await evaluatePolicy(policy, id, { episodes: 1, seed, deterministic });
          const end = toEnd(await createPlayer(policy, id, { seed, deterministic }));
          expect([end.episodeReturn, end.step]).toEqual([returns[0], lengths[0]]);
        }
      }
    },
  );

  test("shows the state each step leads to, and at the end the one the episode ended in", async () => {
    const player = await createPlayer(await policyOf("CartPole-v1"), "CartPole-v1");
    expect(player.state).toMatchObject({ step: 0, episodeReturn: 0, action: undefined, ended: undefined });
    const words = [player.state.scene!.words, player.step().scene!.words];
    expect(words[0]).not.toContain("pushed");
    expect(words[1]).toContain(player.state.action![0] === 1 ? "pushed right" : "pushed left");
    const end = toEnd(player);
    expect(end.scene!.words).toContain("The pole has fallen.");
    expect(end).toMatchObject({ ended: "terminated", decision: undefined, chosen: undefined });
    expect(() => player.step()).toThrow(/the episode has ended/);
  });

  test("of a user's class too, whose next episode has begun by then", async () => {
    const player = await createPlayer(await policyOf("MaskedCorridor-v1"), "MaskedCorridor-v1", {
      deterministic: false,
    });
    const end = toEnd(player);
    expect(end.scene!.words).toContain(end.ended === "terminated" ? "reached the goal" : "The walker is at place");
    expect(end.scene!.words).not.toBe(player.environment.scene!(0).words);
  });

  test("somebody else may act, and bad actions change nothing", async () => {
    const player = await createPlayer(await policyOf("CartPole-v1"), "CartPole-v1", { seed: 4 });
    expect(player.step([0]).scene!.words).toContain("pushed left");
    expect(player.step([1]).scene!.words).toContain("pushed right");
    expect(() => player.step([2])).toThrow(/cannot take the action/);
    expect(() => player.step([0, 1])).toThrow(/wrong number of columns/);
    expect(player.state.step).toBe(2);
  });

  test("says what it chooses from: the most probable choice is what it has chosen", async () => {
    const player = await createPlayer(await policyOf("MountainCar-v0"), "MountainCar-v0");
    for (let t = 0; t < 5; t++) {
      const [part] = player.state.decision!;
      if (part.kind !== "choice") throw new Error(part.kind);
      expect(part.probabilities.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
      const most = part.probabilities.indexOf(Math.max(...part.probabilities));
      expect(player.state.chosen).toEqual([most]);
      expect(player.step().action).toEqual([most]);
    }
  });

  test("masked choices have no probability", async () => {
    const player = await createPlayer(await policyOf("MaskedCorridor-v1"), "MaskedCorridor-v1");
    const [part] = player.state.decision!;
    const mask = player.environment.actionMasks!;
    if (part.kind !== "choice") throw new Error(part.kind);
    expect(part.probabilities.map((p) => p > 0)).toEqual(Array.from(mask, (allowed) => allowed === 1));
  });

  test("a policy of other spaces is refused", async () => {
    const policy = await policyOf("CartPole-v1");
    await expect(createPlayer(policy, "Pendulum-v1")).rejects.toThrow(/The policy/);
    const none = await randomPolicy(
      box({ low: 0, high: 1, shape: [1] }),
      environmentSpec("CartPole-v1").makeSingle().actionSpace,
    );
    await expect(createPlayer(none, "CartPole-v1")).rejects.toThrow();
  });
});
