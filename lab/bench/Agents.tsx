/** The policies of both sides acting, as they are by now: a copy acts in an environment of its own, training does not wait for it. */
import { useSignal, useSignalEffect } from "@preact/signals";
import { Choice } from "../controls/Choice.tsx";
import { Switch } from "../controls/Switch.tsx";
import { drawScene } from "../drawers/scene.ts";
import { Canvas } from "../figures/Canvas.tsx";
import { prefersReducedMotion } from "../page/motion.ts";
import type { Run } from "../runs/run.ts";
import type { SideName } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";

export function Agents({ bench }: { bench: BenchState }) {
  const watching = useSignal(!prefersReducedMotion());
  const seed = useSignal(0);
  const hidden = bench.isHidden("agent");
  const runs = bench.runs.value;
  const seeds = runs?.settings.value.seeds ?? bench.settings.value.seeds;
  const place = Math.min(seed.value, seeds.length - 1);
  useSignalEffect(() => {
    const all = bench.runs.value;
    const on = watching.value && !hidden;
    const at = Math.min(seed.value, (all?.settings.value.seeds.length ?? 1) - 1);
    for (const name of ["a", "b"] as const) {
      (all?.of(name) ?? []).forEach((run, i) => {
        run.watch(on && i === at);
      });
    }
  });
  if (hidden) return null;
  return (
    <section class="bench-agents" aria-labelledby="bench-agents-title">
      <div class="bench-agents-head">
        <h2 id="bench-agents-title">The policies, acting</h2>
        <Switch label="Watch" value={watching} />
        {seeds.length > 1 && (
          <Choice
            label="Seed"
            value={`${place}`}
            options={seeds.map((one, i) => ({ value: `${i}`, text: `${one}` }))}
            onChange={(chosen) => {
              seed.value = Number(chosen);
            }}
          />
        )}
      </div>
      <Agent bench={bench} name="a" run={runs?.of("a")[place]} />
      {bench.settings.value.b !== undefined && <Agent bench={bench} name="b" run={runs?.of("b")[place]} />}
    </section>
  );
}

function Agent({ bench, name, run }: { bench: BenchState; name: SideName; run: Run | undefined }) {
  const letter = name.toUpperCase();
  const environment = bench.settings.value[name]?.environment ?? "";
  return (
    <figure class="bench-agent" data-bench-agent={name}>
      <figcaption>
        {letter}: {environment}
      </figcaption>
      <Canvas
        label={`The policy of ${letter} in ${environment}`}
        height={150}
        draw={(context, size, theme) => {
          const scene = run?.scene.value;
          if (scene !== undefined) drawScene(context, size, theme, scene);
        }}
      />
    </figure>
  );
}
