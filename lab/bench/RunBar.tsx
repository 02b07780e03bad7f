/** Train, pause, one iteration, again from the start, how fast, with which seeds; and how far the runs are. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { MOST_SEEDS } from "../link/benchSettings.ts";
import { seedsOfText, textOfSeeds } from "../link/seedText.ts";
import type { Speed } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";
import { progressText } from "./runWords.ts";

const SPEEDS: readonly { value: Speed; text: string }[] = [
  { value: "full", text: "as fast as it can" },
  { value: "20", text: "20 iterations a second" },
  { value: "5", text: "5 iterations a second" },
  { value: "1", text: "1 iteration a second" },
];

export function RunBar({ bench }: { bench: BenchState }) {
  const runs = bench.runs.value;
  const goes = runs !== undefined && !runs.isOver.value;
  const isRunning = goes && !runs.isPaused.value;
  const start = () => {
    if (!goes) bench.train();
    else if (runs.isPaused.value) runs.resume();
    else runs.pause();
  };
  return (
    <section class="bench-bar" aria-label="Training">
      <div class="bench-bar-line">
        <button type="button" class="button primary" data-bench="train" onClick={start}>
          {isRunning ? "Pause" : goes ? "Go on" : "Train"}
        </button>
        <Button onClick={() => bench.step()} label="Step: one iteration of every run" disabled={isRunning}>
          Step
        </Button>
        <Button onClick={() => bench.train({ paused: false })} disabled={runs === undefined} label="Restart every run">
          Restart
        </Button>
        {!bench.isHidden("speed") && (
          <Choice<Speed>
            label="Speed"
            value={bench.speed.value}
            options={SPEEDS}
            onChange={(speed) => bench.setSpeed(speed)}
          />
        )}
        {!bench.isHidden("seeds") && <Seeds bench={bench} />}
      </div>
      <p class="bench-progress" data-bench="progress">
        {runs === undefined ? "Nothing has run yet." : progressText(runs)}
      </p>
      {bench.isStale.value && (
        <p class="bench-stale">
          The runs began with other settings than those shown.{" "}
          <Button quiet onClick={() => bench.train()}>
            Train with these
          </Button>
        </p>
      )}
    </section>
  );
}

function Seeds({ bench }: { bench: BenchState }) {
  const id = useId();
  const problem = useSignal<string | undefined>(undefined);
  const { seeds } = bench.settings.value;
  const take = (text: string) => {
    const found = seedsOfText(text, MOST_SEEDS);
    problem.value =
      found === undefined ? `Expected 1 to ${MOST_SEEDS} different seeds, such as 0-7 or 3,7,11.` : undefined;
    if (found !== undefined) bench.edit({ seeds: found });
  };
  return (
    <div class="control">
      <label class="control-label" for={id}>
        Seeds ({seeds.length} of at most {MOST_SEEDS})
      </label>
      <input
        id={id}
        type="text"
        class="bench-seeds"
        value={textOfSeeds(seeds)}
        autocomplete="off"
        aria-invalid={problem.value !== undefined}
        aria-describedby={problem.value === undefined ? undefined : `${id}-problem`}
        onChange={(event) => take(event.currentTarget.value)}
      />
      {problem.value !== undefined && (
        <span id={`${id}-problem`} class="control-problem">
          {problem.value}
        </span>
      )}
    </div>
  );
}
