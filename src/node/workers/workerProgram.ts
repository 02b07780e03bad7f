/**
 * The program of a worker: makes its slice of the batch, and answers calls. Everything of a step goes through
 * shared memory; what is asked rarely is a message.
 */
import { receiveMessageOnPort, workerData } from "node:worker_threads";
import type { BatchedEnvironment } from "../../envs/batched.ts";
import { makeFromSpec } from "../../envs/contract.ts";
import { environmentSpec } from "../../envs/environmentRegistry.ts";
import { spaceToJson } from "../../envs/spaces.ts";
import { failureOf } from "../children/serve.ts";
import { type Call, calls, controlWords, outcomes, type StepNumbers, stepNumbers } from "./controlBlock.ts";
import type { Answer, Argument, SliceFacts, SliceInfos, WorkerData } from "./messages.ts";
import { Waiter } from "./waiter.ts";

/** Between two turns of the event loop of a worker that nobody calls: what it prints then comes out. */
const IDLE_MS = 1000;

const { id, imports, slice, worker, threads, control, port } = workerData as WorkerData;
const words = controlWords(worker);

class Server {
  #batch: BatchedEnvironment | undefined;
  #shared: StepNumbers | undefined;

  async make(): Promise<SliceFacts> {
    for (const url of imports) await import(url);
    const spec = environmentSpec(id);
    await spec.prepare?.();
    const batch = makeFromSpec(spec, slice.count, slice.first);
    this.#batch = batch;
    const { observationSpace, actionSpace, observationSize, actionSize, actionMasks, exactState, firstIndex } = batch;
    return {
      id: batch.id,
      observationSpace: spaceToJson(observationSpace),
      actionSpace: spaceToJson(actionSpace),
      observationSize,
      actionSize,
      maskSize: actionMasks === undefined ? 0 : actionMasks.length / slice.count,
      exact: batch.exactObservations !== undefined,
      exactState,
      firstIndex,
      infos: batch.infos !== undefined,
      scenes: batch.scene !== undefined,
      finalScenes: batch.finalScene !== undefined,
    };
  }

  answer(call: Exclude<Call, "make">, { seed = 0, state, index = 0, block }: Argument): unknown {
    const batch = this.#batch as BatchedEnvironment;
    switch (call) {
      case "attach":
        if (block !== undefined) {
          const { buffer, sizes, firstIndex } = block;
          this.#shared = stepNumbers(buffer, sizes, slice.first - firstIndex, slice.count);
        }
        return undefined;
      case "reset":
        batch.reset(seed);
        this.#showStart();
        return undefined;
      case "step":
        this.#step();
        return undefined;
      case "saveState":
        return batch.saveState();
      case "loadState":
        batch.loadState(state);
        this.#showStart();
        return undefined;
      case "infos":
        return { infos: batch.infos, finalInfos: batch.finalInfos } satisfies SliceInfos;
      case "scene":
        return batch.scene?.(index);
      case "finalScene":
        return batch.finalScene?.(index);
      case "close":
        batch.close?.();
        return undefined;
    }
  }

  #step(): void {
    const batch = this.#batch as BatchedEnvironment;
    const shared = this.#shared as StepNumbers;
    batch.step(shared.actions);
    this.#show(batch, shared);
    let ended = false;
    for (let i = 0; i < slice.count; i++) {
      ended ||= shared.terminated[i] === 1 || shared.truncated[i] === 1;
    }
    if (!ended) return;
    shared.finalObservations.set(batch.finalObservations);
    if (batch.exactFinalObservations !== undefined) shared.exactFinalObservations?.set(batch.exactFinalObservations);
  }

  #showStart(): void {
    this.#show(this.#batch as BatchedEnvironment, this.#shared as StepNumbers);
  }

  #show(batch: BatchedEnvironment, shared: StepNumbers): void {
    shared.observations.set(batch.observations);
    if (batch.exactObservations !== undefined) shared.exactObservations?.set(batch.exactObservations);
    shared.rewards.set(batch.rewards);
    shared.terminated.set(batch.terminated);
    shared.truncated.set(batch.truncated);
    if (batch.actionMasks !== undefined) shared.actionMasks?.set(batch.actionMasks);
  }
}

function say(answer: Answer): void {
  port.postMessage(answer);
}

function argument(): Argument {
  return (receiveMessageOnPort(port)?.message as Argument | undefined) ?? {};
}

async function serve(): Promise<void> {
  const server = new Server();
  const waiter = new Waiter(control, threads);
  let answered = 0;
  // Until it is ended from outside: one that went by itself would be taken for one that died.
  for (;;) {
    waiter.begin();
    while (!waiter.changed(words.called, answered, IDLE_MS)) await new Promise(setImmediate);
    answered = Atomics.load(control, words.called);
    const call = calls[Atomics.load(control, words.call)];
    let outcome: number = outcomes.done;
    try {
      if (call === "step") server.answer(call, {});
      else say({ result: call === "make" ? await server.make() : server.answer(call, argument()) });
    } catch (error) {
      outcome = outcomes.failed;
      say({ failure: failureOf(error) });
    }
    Atomics.store(control, words.outcome, outcome);
    Atomics.store(control, words.answered, answered);
    Atomics.notify(control, words.answered);
  }
}

await serve();
