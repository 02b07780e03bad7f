/** The runs of the lab in a page without anything else, for tests to drive from outside. */

import { type Run, type RunState, startRun } from "../../../../lab/runs/run.ts";
import * as group from "../../../../lab/runs/runGroup.ts";
import * as store from "../../../../lab/runs/store.ts";

/** Resolves when the run is in one of these states. */
function reaches(run: Run, ...states: readonly RunState[]): Promise<RunState> {
  return new Promise((resolve) => {
    const stop = run.state.subscribe((state) => {
      if (!states.includes(state)) return;
      resolve(state);
      queueMicrotask(() => stop());
    });
  });
}

/** The run's end, as plain data. */
async function ending(run: Run) {
  const state = await reaches(run, "finished", "failed", "ended");
  const { history, settings } = run;
  return {
    state,
    hash: run.hash.value,
    error: run.error.value,
    rows: history.length,
    steps: history.last("steps"),
    names: history.names,
    changes: settings.changes,
  };
}

export const runs = { startRun, reaches, ending, ...group, ...store };
export type RunsOfPage = typeof runs;

Object.assign(globalThis, { runs });
