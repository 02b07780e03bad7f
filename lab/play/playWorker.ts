/** The worker of the page of `ascent play`: the policy and its environment, one episode at a time. */
import {
  createPlayer,
  decodePolicy,
  makeBatched,
  type Player,
  type PolicyDescription,
  prepareEnvironment,
} from "ascent-rl";
import type { PlayReply, PlayRequest } from "./protocol.ts";

let policy: PolicyDescription | undefined;
let environment = "";
let player: Player | undefined;
let seed = 0;

const say = (reply: PlayReply) => postMessage(reply);

/** One after the other: an episode that is being made is there before the next request is looked at. */
let queue: Promise<void> = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<PlayRequest>) => {
  queue = queue.then(() => take(data)).catch((error) => say({ kind: "failed", message: messageOf(error) }));
});

async function take(request: PlayRequest): Promise<void> {
  switch (request.kind) {
    case "load":
      policy = decodePolicy(request.bytes);
      environment = request.environment ?? policy.environment;
      await prepareEnvironment(environment);
      say({
        kind: "loaded",
        environment,
        algorithm: policy.algorithm,
        actionSpace: policy.actionSpace,
        draws: makeBatched(environment, 1).scene !== undefined,
      });
      return;
    case "begin": {
      if (policy === undefined) return;
      player?.close();
      seed = request.seed;
      player = await createPlayer(policy, environment, { seed, deterministic: !request.stochastic });
      say({ kind: "state", seed, state: player.state });
      return;
    }
    case "stochastic":
      if (player !== undefined) player.deterministic = !request.on;
      return;
    case "step":
      if (player === undefined || player.state.ended !== undefined) return;
      say({ kind: "state", seed, state: player.step(request.action) });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
