/** A switch each: two estimators put together from switches, side by side against the number of trajectories. */
import { type Signal, useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Group } from "../../controls/Group.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Switch } from "../../controls/Switch.tsx";
import { Curves, type SeriesData } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, withInterval } from "../../figures/numberWords.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { reinforceOnCartPole } from "../benchSettings.ts";
import { baselinesOf, nameOf, reinforceOptionsOf, type Switches, WEIGHTS } from "./estimatorChoices.ts";
import { MEASURES, type MeasureName, WORLDS, type WorldChoice } from "./measures.ts";

const SEED = 0;
const BATCHES = 512;
const TRAJECTORIES = 64;
const LAMBDAS = [0, 0.5, 0.8, 0.9, 0.95, 0.99, 1] as const;

export function SwitchesFigure() {
  const a = useSignal<Switches>({ weight: "total", baseline: "none", lambda: 0.95 });
  const b = useSignal<Switches>({ weight: "toGo", baseline: "value", lambda: 0.95 });
  const world = useSignal<WorldChoice>("grid");
  const measure = useSignal<MeasureName>("variance");
  const inFront = useSignal(true);
  const sides = () => [nameOf(a.value), nameOf(b.value)];
  const { output, error } = useStudy<typeof import("./studies/estimators.ts")>("03-variance/estimators", () => ({
    ...{
      world: world.value,
      estimators: sides(),
      discounting: inFront.value ? ("exact" as const) : ("standard" as const),
    },
    ...{ trajectories: TRAJECTORIES, batches: BATCHES, seed: SEED },
  }));
  const series = (): SeriesData[] => {
    const now = output.value;
    if (!now) return [];
    const { of, exact } = MEASURES[measure.value];
    return now.findings.estimators.flatMap(({ estimator, byTrajectories }, side) => {
      const x = byTrajectories.map(({ trajectories }) => trajectories);
      const found = byTrajectories.map(of);
      const line = {
        ...{ name: `${"AB"[side]}: ${estimator}`, colour: side + 1, x, y: found.map(({ value }) => value) },
        ...{ low: found.map(({ low }) => low), high: found.map(({ high }) => high) },
      };
      const known = now.exact[side]?.map(exact);
      if (!known || known.some((value) => value === undefined)) return [line];
      const y = known.map((value) => value!);
      return [line, { name: `${"AB"[side]}, exact`, colour: side === 0 ? 0 : 3, x, y }];
    });
  };
  return (
    <Figure
      id="variance-switches"
      title="A | B: a switch each"
      source="theory 7 to 12, Schulman et al. 2016"
      file="src/estimators/reinforceWeights.ts"
      bench={() => {
        const discounting = inFront.value ? "exact" : "standard";
        return reinforceOnCartPole({ ...reinforceOptionsOf(a.value), discounting }, "variance", {
          ...{ ...reinforceOptionsOf(b.value), discounting },
        });
      }}
      controls={
        <>
          <Side name="A" switches={a} />
          <Side name="B" switches={b} />
          <Choice
            label="Measure"
            value={measure}
            options={Object.entries(MEASURES).map(([value, { text }]) => ({ value: value as MeasureName, text }))}
          />
          <Choice label="World" value={world} options={WORLDS} />
          <Switch label="γᵗ in front of each score" value={inFront} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The first batches are being drawn.";
        const text = (side: number) => {
          const { estimator, byTrajectories } = now.findings.estimators[side];
          const found = MEASURES[measure.value].of(byTrajectories.at(-1)!);
          const exact = MEASURES[measure.value].exact(now.exact[side]?.at(-1));
          return `${"AB"[side]} (${estimator}): ${withInterval(found, 2)}${exact === undefined ? "" : `, exactly ${digitsOf(exact, 2)}`}`;
        };
        const { trajectories } = now.findings;
        return `${MEASURES[measure.value].text} with ${trajectories} trajectories, from ${now.findings.batches} batches (seed ${SEED}; brackets and bands are 95 % intervals): ${text(0)}; ${text(1)}.`;
      }}
      table={() => {
        const now = output.value;
        const columns = ["side", "estimator", "N", "measured", "95 % low", "95 % high", "exact"];
        if (!now) return { columns, rows: [] };
        const { of, exact } = MEASURES[measure.value];
        return {
          columns,
          rows: now.findings.estimators.flatMap(({ estimator, byTrajectories }, side) =>
            byTrajectories.map((at, s) => {
              const { value, low, high } = of(at);
              const known = exact(now.exact[side]?.[s]);
              return ["AB"[side], estimator, at.trajectories, value, low, high, known ?? "–"];
            }),
          ),
        };
      }}
    >
      <Curves
        key={measure.value}
        x="trajectories, N"
        y={MEASURES[measure.value].text}
        logX
        logY={MEASURES[measure.value].isLogarithmic}
        height={280}
        series={series}
      />
    </Figure>
  );
}

function Side({ name, switches }: { name: string; switches: Signal<Switches> }) {
  const { weight, baseline, lambda } = switches.value;
  const options = baselinesOf(weight);
  const change = (next: Partial<Switches>) => {
    switches.value = { ...switches.value, ...next };
  };
  return (
    <Group name={name}>
      <Choice<Switches["weight"]>
        label="Weight"
        value={weight}
        options={WEIGHTS}
        onChange={(value) => change({ weight: value })}
      />
      <Choice<Switches["baseline"]>
        label="Baseline"
        value={options.some(({ value }) => value === baseline) ? baseline : "none"}
        options={options}
        disabled={weight === "gae"}
        onChange={(value) => change({ baseline: value })}
      />
      <Slider
        label="GAE’s λ"
        value={lambda}
        stops={LAMBDAS}
        disabled={weight !== "gae"}
        onChange={(value) => change({ lambda: value })}
      />
    </Group>
  );
}
