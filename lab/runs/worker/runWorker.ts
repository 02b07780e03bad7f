/**
 * The worker of one run: a whole run in one thread, so that the page needs no shared memory and is never in its way. It is ended from
 * outside. An environment of one's own is handed in by the module that imports this one (ownWorker.ts).
 */
import type { EnvironmentSource } from "ascent-rl";
import type { RunRequest } from "../protocol.ts";
import type { Post } from "./outbox.ts";
import { type OwnHost, offered } from "./ownHost.ts";
import { Session } from "./session.ts";

const host = globalThis as unknown as OwnHost;
let own: EnvironmentSource | undefined;
let refusal: { error: unknown } | undefined;
host.ascentOffered = offered;
host.ascentOwn = (source) => {
  own = source;
};
host.ascentRefuse = (error) => {
  refusal = { error };
};

// Kept here: an environment of one's own, which is loaded behind this module, does not find it any more.
const send = postMessage.bind(globalThis);
const post: Post = (reply, transfer = []) => send(reply, { transfer });

const session = new Session(post, async (settings, start) => {
  if (refusal !== undefined) throw refusal.error;
  const { policyRun, trainsPolicies } = await import("./policyRun.ts");
  if (!trainsPolicies(settings.algorithm)) {
    const { languageRun, trainsLanguageModels } = await import("./languageRun.ts");
    if (trainsLanguageModels(settings.algorithm)) return languageRun(settings, start);
  }
  return policyRun(settings, { ...start, ...(own && { own }) });
});

addEventListener("message", ({ data }: MessageEvent<RunRequest>) => session.take(data));
