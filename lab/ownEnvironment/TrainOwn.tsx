/** Training in an environment of one's own: one run, its learning curve and its policy acting. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { drawScene, sceneHeight } from "../drawers/scene.ts";
import { Canvas } from "../figures/Canvas.tsx";
import { Curves } from "../figures/Curves.tsx";
import type { BenchSettings, Variant } from "../link/benchSettings.ts";
import { openBench } from "../link/openBench.ts";
import { announce } from "../page/announce.tsx";
import { type Run, startRun } from "../runs/run.ts";

export interface TrainOwnProps {
  /** The text; a new one ends the run of the old one. */
  source: string;
  /** Whether there is anything to be trained. */
  ready: boolean;
  draws: boolean;
}

const EPISODE = 200;

/** PPO with its defaults: what does for small tasks with discrete and continuous actions alike. */
function settingsOf(source: string): Variant {
  return {
    algorithm: "ppo",
    environment: "own",
    environmentOptions: { maxEpisodeSteps: EPISODE },
    steps: 40_000,
    options: {},
    source,
  };
}

const RETURN = "episodeReturn";

export function TrainOwn({ source, ready, draws }: TrainOwnProps) {
  const run = useSignal<Run | undefined>(undefined);
  const trained = useRef("");
  const end = () => {
    run.value?.end();
    run.value = undefined;
  };
  useEffect(() => end, []);
  useEffect(() => {
    if (run.peek() && trained.current !== source) end();
  }, [source]);
  const train = () => {
    end();
    trained.current = source;
    const { ...variant } = settingsOf(source);
    const next = startRun({ ...variant, seed: 0 });
    if (draws) next.watch(true);
    run.value = next;
    const stop = next.state.subscribe((state) => {
      if (state !== "finished" && state !== "failed") return;
      announce(state === "finished" ? `Trained: ${returnOf(next)}.` : (next.error.peek() ?? "The run failed."));
      queueMicrotask(() => stop());
    });
  };
  const bench: BenchSettings = { a: settingsOf(source), seeds: [0, 1, 2, 3], hide: [] };
  return (
    <section class="own-training" aria-labelledby="own-training-heading">
      <h3 id="own-training-heading">Train</h3>
      <div class="own-line">
        <Button onClick={train} disabled={!ready}>
          {run.value ? "Train again" : "Train with PPO"}
        </Button>
        {run.value && <Button onClick={end}>End the run</Button>}
        <Button onClick={() => openBench(bench)} disabled={!ready} quiet>
          Open in the bench
        </Button>
      </div>
      {!ready && <p class="small">It can be trained once the checker finds no errors.</p>}
      {run.value && <Training run={run.value} draws={draws} />}
    </section>
  );
}

function Training({ run, draws }: { run: Run; draws: boolean }) {
  const frame = useRef<HTMLDivElement>(null);
  const state = run.state.value;
  void run.version.value;
  const steps = run.history.last("steps") ?? 0;
  const scene = run.scene.value;
  return (
    <div ref={frame} class="own-run" data-state={state}>
      <p class="small" id="own-run-words">
        Seed 0, {steps} steps, {state}. {steps > 0 && `${returnOf(run)}.`}
      </p>
      {run.error.value !== undefined && (
        <p class="message" role="alert">
          {run.error.value}
        </p>
      )}
      <Curves
        x="steps"
        y="mean return"
        series={() => {
          void run.version.value;
          return [
            {
              name: "mean return of the last episodes",
              colour: 0,
              x: run.history.column("steps") ?? [],
              y: run.history.column(RETURN) ?? [],
            },
          ];
        }}
      />
      {draws && scene && (
        <>
          <Canvas
            label="The policy acting in the environment"
            height={sceneHeight(scene, frame.current?.clientWidth ?? 400, 90, 320)}
            draw={(context, size, theme) => {
              const now = run.scene.value;
              if (now) drawScene(context, size, theme, now);
            }}
          />
          <p class="small own-words">{scene.words}</p>
        </>
      )}
    </div>
  );
}

function returnOf(run: Run): string {
  const last = run.history.last(RETURN);
  return last === undefined || Number.isNaN(last)
    ? "No episode has ended yet"
    : `The mean return is ${Number(last.toFixed(3)).toString().replace("-", "−")}`;
}
