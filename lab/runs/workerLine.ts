/**
 * The line to one worker: messages both ways, and a message in words when it throws, dies, sends what cannot be read or says nothing
 * any more. There is no promise that a dead worker leaves open.
 */
/// <reference path="./workerAddress.d.ts" />
import { AscentError } from "ascent-rl";
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
  const { worker, firstLine, release } = newWorker(settings);
  let silent = 0;
  let over = false;

  // Looks are counted, not the clock: a page that was put to sleep finds its messages waiting.
  const timer = setInterval(() => {
    silent++;
    if (silent > SILENT_LOOKS) fail(silence());
    else worker.postMessage({ kind: "ping" } satisfies RunRequest);
  }, LOOK);

  /** In the environment's text. */
  function lineOf(line: number | undefined): number | undefined {
    return settings.source !== undefined && line !== undefined && line > firstLine ? line - firstLine : undefined;
  }

  function end(): void {
    over = true;
    clearInterval(timer);
    worker.terminate();
    release();
  }

  function fail(message: string): void {
    if (over) return;
    end();
    events.failed(message);
  }

  worker.addEventListener("message", ({ data }: MessageEvent<RunReply>) => {
    silent = 0;
    if (over) return;
    events.reply(data.kind === "failed" ? { ...data, message: withLine(data.message, lineOf(data.line)) } : data);
  });
  worker.addEventListener("messageerror", () => fail(unreadable()));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    fail(died(event.message, lineOf(event.lineno)));
  });
  return { send: (request) => worker.postMessage(request), end };
}

function newWorker({ source }: RunSettings): { worker: Worker; firstLine: number; release: () => void } {
  const address = new URL(workerAddress, import.meta.url).href;
  if (source === undefined) {
    return { worker: new Worker(address, { type: "module" }), firstLine: 0, release: () => {} };
  }
  const { text, firstLine } = ownWorkerText(source, address);
  const blob = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return { worker: new Worker(blob), firstLine, release: () => URL.revokeObjectURL(blob) };
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
