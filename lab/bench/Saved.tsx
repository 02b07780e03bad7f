/** Keeping the bench in this browser, and going on with it after a reload. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { announce } from "../page/announce.tsx";
import type { BenchState } from "./benchState.ts";
import { forgetSaved, goOnWithSaved, type SavedFacts, saveBench, savedFacts } from "./savedBench.ts";

export function Saved({ bench }: { bench: BenchState }) {
  const saved = useSignal<SavedFacts | undefined>(undefined);
  const problem = useSignal<string | undefined>(undefined);
  useEffect(() => {
    savedFacts().then((facts) => {
      saved.value = facts;
    });
  }, []);
  if (bench.isHidden("saved")) return null;
  const runs = bench.runs.value;
  const tried = async (act: () => Promise<SavedFacts | undefined>, done: string) => {
    problem.value = undefined;
    try {
      saved.value = await act();
      announce(done);
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
      announce(problem.value);
    }
  };
  return (
    <section class="bench-saved" aria-labelledby="bench-saved-title">
      <h2 id="bench-saved-title">In this browser</h2>
      <p class="bench-note">Saves settings, curves and the exact state of every run, which goes on after a reload.</p>
      <div class="bench-buttons">
        <Button
          disabled={runs === undefined}
          onClick={() => runs && tried(() => saveBench(runs, bench.catalogue), "Saved; the runs are paused.")}
        >
          Save
        </Button>
        {saved.value && (
          <>
            <Button
              onClick={() =>
                tried(async () => {
                  await goOnWithSaved(bench);
                  return saved.value;
                }, "The saved runs are here, paused.")
              }
            >
              Go on with it
            </Button>
            <Button
              quiet
              onClick={() =>
                tried(async () => {
                  await forgetSaved();
                  return undefined;
                }, "Forgotten.")
              }
            >
              Forget it
            </Button>
          </>
        )}
      </div>
      {saved.value && (
        <p class="bench-note" data-bench-saved>
          Saved {saved.value.savedAt.toLocaleString("en-GB")}.
        </p>
      )}
      {problem.value !== undefined && <p class="message">{problem.value}</p>}
    </section>
  );
}
