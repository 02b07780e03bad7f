/** Every estimator of the road on one policy and the same episodes: total variance, bias or cosine, beside what is exact. */
import { useSignal } from "@preact/signals";
import type { Estimate } from "ascent-rl/estimators";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Switch } from "../../controls/Switch.tsx";
import { drawLadder, type LadderRow, ladderAxis, ladderHeight } from "../../drawers/ladder.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, withInterval } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { reinforceOnCartPole } from "../benchSettings.ts";
import { LADDER } from "./estimatorChoices.ts";
import { MEASURES, type MeasureName, WORLDS, type WorldChoice } from "./measures.ts";
import type { EstimatorsOutput } from "./studies/estimators.ts";

const SEED = 0;
const BATCHES = 512;
const COUNTS = [8, 16, 32, 64] as const;

export function LadderFigure() {
  const world = useSignal<WorldChoice>("grid");
  const trajectories = useSignal(16);
  const measure = useSignal<MeasureName>("variance");
  const inFront = useSignal(true);
  const { output, error } = useStudy<typeof import("./studies/estimators.ts")>("03-variance/estimators", () => ({
    ...{
      world: world.value,
      estimators: LADDER,
      discounting: inFront.value ? ("exact" as const) : ("standard" as const),
    },
    ...{ trajectories: trajectories.value, batches: BATCHES, seed: SEED },
  }));
  const rowOf = (now: EstimatorsOutput, e: number): Estimate & { exact?: number } => {
    const at = now.findings.estimators[e].byTrajectories.at(-1)!;
    return { ...MEASURES[measure.value].of(at), exact: MEASURES[measure.value].exact(now.exact[e]?.at(-1)) };
  };
  const rows = (now: EstimatorsOutput, colour: string): LadderRow[] =>
    LADDER.map((name, e) => ({ name, ...rowOf(now, e), colour }));
  return (
    <Figure
      id="variance-ladder"
      title="One policy, the same episodes, ten estimators"
      source="theory 7 to 12, Greensmith et al. 2004"
      file="src/variance/study.ts"
      bench={() =>
        reinforceOnCartPole({ weighting: "total", baseline: "none" }, "variance", {
          ...{ weighting: "toGo", baseline: "value" },
        })
      }
      controls={
        <>
          <Choice label="Measure" value={measure} options={Object.entries(MEASURES).map(toOption)} />
          <Choice label="World" value={world} options={WORLDS} />
          <Slider label="Trajectories, N" value={trajectories} stops={COUNTS} />
          <Switch label="γᵗ in front of each score" value={inFront} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The first batches are being drawn.";
        const { findings } = now;
        const text = (name: string) => {
          const { exact, ...estimate } = rowOf(now, LADDER.indexOf(name));
          return `${withInterval(estimate, 2)}${exact === undefined ? "" : `, exactly ${digitsOf(exact, 2)}`}`;
        };
        return `${MEASURES[measure.value].text}, ${findings.batches} batches of ${findings.trajectories} trajectories (seed ${SEED}; brackets are 95 % intervals). The whole return: ${text("total")}. Reward to go less V(s): ${text("toGo+value")}. GAE with λ = 0.95: ${text("gae:0.95")}. ${findings.policy[0].toUpperCase()}${findings.policy.slice(1)}.`;
      }}
      table={() => {
        const now = output.value;
        const columns = ["estimator", ...["tr Cov", "bias"].flatMap((of) => [...withBounds(of), `${of}, exact`])];
        columns.push(...withBounds("cosine"));
        if (!now) return { columns, rows: [] };
        const numbers = ({ value, low, high }: Estimate) => [value, low, high];
        return {
          columns,
          rows: LADDER.map((name, e) => {
            const { traceOfCovariance, bias, cosine } = now.findings.estimators[e].byTrajectories.at(-1)!;
            const exact = now.exact[e]?.at(-1);
            const trace = [...numbers(traceOfCovariance), exact?.traceOfCovariance ?? "–"];
            return [
              name,
              ...trace,
              ...numbers(bias!),
              exact ? Number(exact.bias.toFixed(12)) : "–",
              ...numbers(cosine),
            ];
          }),
        };
      }}
    >
      <Canvas
        label={`${MEASURES[measure.value].text} of every estimator with its interval; bars mark exact values`}
        height={ladderHeight(LADDER.length)}
        draw={(context, size, theme) => {
          const now = output.value;
          if (!now) return;
          const all = rows(now, seriesStyle(1, theme).colour);
          const { axis, isLogarithmic } = MEASURES[measure.value];
          drawLadder(context, size, theme, all, ladderAxis(axis, all, isLogarithmic));
        }}
      />
    </Figure>
  );
}

/** Names of a value's columns with those of its 95 % interval. */
function withBounds(name: string): string[] {
  return [name, `${name}, low`, `${name}, high`];
}

function toOption([value, { text }]: [string, { text: string }]) {
  return { value: value as MeasureName, text };
}
