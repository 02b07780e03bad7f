/**
 * The line to one worker: messages both ways, and a message in words when it throws, dies, sends what cannot be read or says nothing
 * any more. There is no promise that a dead worker leaves open.
 */
/// <reference path="./workerAddress.d.ts" />
import { AscentError } from "ascent-rl";
import { replyGuard } from "../ownEnvironment/guardReplies.ts";
import { lockdownModule } from "../ownEnvironment/lockdownModule.ts";
import { syntaxOf, workerOf } from "../ownEnvironment/syntaxProbe.ts";
import { ownWorkerText } from "./ownWorkerText.ts";
import type { RunReply, RunRequest } from "./protocol.ts";
import type { RunSettings } from "./runSettings.ts";
import workerAddress from "./worker/runWorker.ts?worker&url";

export interface WorkerLine {
  send(request: RunRequest): void;
  end(): void;
}

export interface LineEvents {
  reply(reply: RunReply): void;
  /** Once; the worker is ended then. */
  failed(message: string): void;
}

/** Milliseconds between two looks, and the looks without any word after which a worker counts as dead. */
const LOOK = 3000;
const SILENT_LOOKS = 5;

export function openWorker(settings: RunSettings, events: LineEvents): WorkerLine {
  let worker: Worker | undefined;
  let firstLine = 0;
  let silent = 0;
  let over = false;
  let release = () => {};
  /** Said before the worker is there. */
  const early: RunRequest[] = [];
  const guard = settings.source === undefined ? undefined : replyGuard();

  // Looks are counted, not the clock: a page that was put to sleep finds its messages waiting.
  const timer = setInterval(() => {
    silent++;
    if (silent > SILENT_LOOKS) fail(silence());
    else worker?.postMessage({ kind: "ping" } satisfies RunRequest);
  }, LOOK);

  /** In the environment's text. */
  function lineOf(line: number | undefined): number | undefined {
    return settings.source !== undefined && line !== undefined && line > firstLine ? line - firstLine : undefined;
  }

  function end(): void {
    over = true;
    clearInterval(timer);
    release();
  }

  function fail(message: string): void {
    if (over) return;
    end();
    events.failed(message);
  }

  function take(made: Worker): void {
    worker = made;
    made.addEventListener("message", ({ data }: MessageEvent<RunReply>) => {
      silent = 0;
      if (over) return;
      const why = guard?.(data);
      if (why !== undefined) fail(unasked(why));
      else
        events.reply(data.kind === "failed" ? { ...data, message: withLine(data.message, lineOf(data.line)) } : data);
    });
    made.addEventListener("messageerror", () => fail(unreadable()));
    made.addEventListener("error", (event) => {
      event.preventDefault();
      fail(died(event.message, lineOf(event.lineno)));
    });
    for (const request of early.splice(0)) made.postMessage(request);
  }

  async function takeOwn(source: string, address: string): Promise<void> {
    const own = ownWorkerText(source, address, lockdownModule);
    firstLine = own.firstLine;
    const problem = await syntaxOf(own.code);
    if (over) return;
    if (problem !== undefined) return fail(died(problem.message, problem.line));
    const made = workerOf(own.text, "module");
    release = made.end;
    take(made.worker);
  }

  const address = new URL(workerAddress, import.meta.url).href;
  if (settings.source === undefined) {
    const made = new Worker(address, { type: "module" });
    release = () => made.terminate();
    take(made);
  } else {
    takeOwn(settings.source, address).catch((error: Error) => fail(error.message));
  }
  return { send: (request) => (worker ? worker.postMessage(request) : void early.push(request)), end };
}

function withLine(message: string, line: number | undefined): string {
  return line === undefined ? message : `${message} It comes from line ${line} of the environment's text.`;
}

function silence(): string {
  return new AscentError("state", {
    what: "The run says nothing any more",
    got: `no word of its worker for ${(LOOK * SILENT_LOOKS) / 1000} s`,
    expected: "one at least every few seconds",
    fix: "It was ended. Go on from the last state that it sent, or start it again; an environment of your own may have a loop without an end.",
  }).message;
}

function unasked(why: string): string {
  return new AscentError("state", {
    what: "The environment's text sent the page something",
    got: why,
    fix: "It was ended. An environment answers reset, step and scene, and sends nothing itself.",
  }).message;
}

function unreadable(): string {
  return new AscentError("state", {
    what: "A message of the run could not be read",
    fix: "It was ended. Go on from the last state that it sent, or load the page anew.",
  }).message;
}

function died(message: string | undefined, line: number | undefined): string {
  return new AscentError("state", {
    what: line === undefined ? "The run's worker ended" : `The environment's text fails in line ${line}`,
    got: message || "no reason: it may not have been loaded, or the browser took its memory",
    fix:
      line === undefined
        ? "Go on from the last state that it sent, or load the page anew."
        : "Mend the line and start the run again.",
  }).message;
}
