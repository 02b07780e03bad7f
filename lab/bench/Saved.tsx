/** Keeping the bench in this browser, on purpose and on the way, and going on with it after a reload. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { announce } from "../page/announce.tsx";
import type { BenchState } from "./benchState.ts";
import {
  forgetBench,
  goOnWithBench,
  keepBench,
  type SavedEntry,
  type SavedTimes,
  saveBench,
  savedTimes,
} from "./savedBench.ts";

export function Saved({ bench }: { bench: BenchState }) {
  const times = useSignal<SavedTimes>({});
  const problem = useSignal<string | undefined>(undefined);
  const keepingProblem = useKeeping(bench);
  useEffect(() => {
    savedTimes().then((found) => {
      times.value = found;
    });
  }, []);
  if (bench.isHidden("saved")) return null;
  const runs = bench.runs.value;
  const tried = async (act: () => Promise<unknown>, done: string) => {
    problem.value = undefined;
    try {
      await act();
      times.value = await savedTimes();
      announce(done);
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
      announce(problem.value);
    }
  };
  const goOn = (entry: SavedEntry) => tried(() => goOnWithBench(bench, entry), "The saved runs are here, paused.");
  const { saved, left } = times.value;
  const said = problem.value ?? keepingProblem.value;
  return (
    <section class="bench-saved" aria-labelledby="bench-saved-title">
      <h2 id="bench-saved-title">In this browser</h2>
      <p class="bench-note">
        Saves settings, curves and the exact state of every run, which goes on after a reload. What trains is kept on
        the way too.
      </p>
      <div class="bench-buttons">
        <Button
          disabled={runs === undefined}
          onClick={() => runs && tried(() => saveBench(runs, bench.catalogue), "Saved.")}
        >
          Save
        </Button>
        {saved && <Button onClick={() => goOn("saved")}>Go on with it</Button>}
        {left && <Button onClick={() => goOn("left")}>Go on where the page was left</Button>}
        {(saved || left) && (
          <Button quiet onClick={() => tried(forgetBench, "Forgotten.")}>
            Forget it
          </Button>
        )}
      </div>
      {saved && (
        <p class="bench-note" data-bench-saved>
          Saved {saved.toLocaleString("en-GB")}.
        </p>
      )}
      {left && (
        <p class="bench-note" data-bench-left>
          The page was left {left.toLocaleString("en-GB")}.
        </p>
      )}
      {said !== undefined && (
        <p class="message" data-bench="saved-problem">
          {said}
        </p>
      )}
    </section>
  );
}

/** While there are runs they are kept on the way. @returns why that fails, where it does. */
function useKeeping(bench: BenchState) {
  const problem = useSignal<string | undefined>(undefined);
  useSignalEffect(() => {
    const runs = bench.runs.value;
    if (runs === undefined) return undefined;
    const keeping = keepBench(runs, bench.catalogue);
    const stop = keeping.problem.subscribe((words) => {
      problem.value = words;
    });
    return () => {
      stop();
      keeping.stop();
    };
  });
  return problem;
}
