/** What goes wrong with worker threads, in words that name the environments, the call, the step and the seed. */
import { AscentError } from "../../errors.ts";
import type { Call } from "./controlBlock.ts";
import type { Slice, WorkerEnd } from "./messages.ts";

export interface Place {
  id: string;
  worker: number;
  slice: Slice;
  call: Call;
  /** Such as "at step 3 since the reset with seed 0". */
  where: string;
}

function subject({ id, worker, slice: { first, count } }: Place): string {
  const environments = count === 1 ? `environment ${first}` : `environments ${first} to ${first + count - 1}`;
  return `${id}: worker thread ${worker}, with ${environments},`;
}

function during({ call, where }: Place): string {
  return call === "make" ? "while its environments were made" : `in ${call} ${where}`;
}

/** A fault that no batch put into words: its own text comes through. */
export function refuseFault(place: Place, fault: Error): AscentError {
  const [first] = fault.message.split("\n");
  return new AscentError(
    "environment",
    {
      what: `${subject(place)} met an error ${during(place)}`,
      got: first,
      fix: "Mend the environment; the error's cause says in which line.",
    },
    { cause: fault },
  );
}

export function refuseEnded(place: Place, end: WorkerEnd | undefined): AscentError {
  const [first] = (end?.error ?? "").split("\n");
  const code = end === undefined ? "no exit code" : `exit code ${end.code}`;
  return new AscentError(
    "environment",
    {
      what: `${subject(place)} ended ${during(place)}`,
      got: first === "" ? code : `${code}, with ${first}`,
      expected: "a thread that lives until close",
      fix: "Look for process.exit, for memory that grows, or for an error in a callback. A saved run can be resumed.",
    },
    end?.error === undefined ? {} : { cause: new Error(end.error) },
  );
}

export function refuseHanging(place: Place, seconds: number): AscentError {
  return new AscentError("environment", {
    what: `${subject(place)} does not answer ${during(place)}`,
    got: `no answer within ${seconds} s`,
    fix:
      `Look for a loop without end, or raise ${place.call === "make" ? "startSeconds" : "deadlineSeconds"} of inWorkers if it may ` +
      "take that long. A saved run can be resumed.",
  });
}

export function refuseUnwatched(place: Place): AscentError {
  return new AscentError("state", {
    what: `${subject(place)} cannot be waited for ${during(place)}: the thread that watches over the workers is gone`,
    fix: "Make the batch anew. A saved run can be resumed.",
  });
}

/** For calls after the end. */
export function refuseAfter(id: string): AscentError {
  return new AscentError("state", {
    what: `${id}: the batch is closed, and its worker threads are gone`,
    fix: "Make another one.",
  });
}
