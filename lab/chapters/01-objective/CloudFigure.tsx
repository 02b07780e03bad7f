/** A thousand batches: the cloud of their estimates around ∇J, its bias and its variance with intervals. */
import { useSignal } from "@preact/signals";
import type { Estimate } from "ascent-rl/estimators";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { drawLadder, ladderHeight } from "../../drawers/ladder.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, withInterval } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { reinforceOnCartPole } from "../benchSettings.ts";
import { drawCloud } from "./drawCloud.ts";
import type { CloudOutput } from "./studies/cloud.ts";
import type { WorldName } from "./worlds.ts";

const SEED = 0;
const BATCHES = 1000;
const COUNTS = [1, 2, 4, 8, 16, 32, 64] as const;
const WORLDS: readonly { value: WorldName; text: string }[] = [
  { value: "bandit", text: "three arms" },
  { value: "maze", text: "the maze" },
];
const AXES: Readonly<Record<WorldName, { x: string; y: string; reach: number }>> = {
  bandit: { x: "first arm rather than the last", y: "second arm rather than the others", reach: 0.9 },
  maze: { x: "along ∇J", y: "across it, where most of the variance is", reach: 0.8 },
};

interface Measure {
  name: string;
  axis: string;
  of: (found: CloudOutput) => Estimate;
  exact?: (found: CloudOutput) => number;
  /** Where the axis ends. */
  most: (found: CloudOutput) => number;
}

const MEASURES: readonly Measure[] = [
  {
    ...{ name: "tr Cov", axis: "the bar is the exact value" },
    of: ({ traceOfCovariance }) => traceOfCovariance,
    exact: ({ exactTraceOfCovariance }) => exactTraceOfCovariance,
    most: ({ exactTraceOfCovariance }) => niceAbove(1.5 * exactTraceOfCovariance),
  },
  {
    ...{ name: "bias", axis: "in shares of ‖∇J‖; exactly 0" },
    of: ({ bias }) => bias,
    exact: () => 0,
    most: ({ bias }) => niceAbove(Math.max(0.1, 1.2 * bias.high)),
  },
  { name: "cosine to ∇J", axis: "1 is the exact direction", of: ({ cosine }) => cosine, most: () => 1 },
];

export function CloudFigure() {
  const world = useSignal<WorldName>("bandit");
  const trajectories = useSignal(8);
  const { output, error } = useStudy<typeof import("./studies/cloud.ts")>("01-objective/cloud", () => ({
    ...{ world: world.value, trajectories: trajectories.value, batches: BATCHES, seed: SEED },
  }));
  return (
    <Figure
      id="objective-cloud"
      title="A thousand batches: unbiased, and noisy"
      source="theory 3 and 12, Williams 1992"
      file="src/mdp/estimatorMoments.ts"
      bench={() => reinforceOnCartPole({ weighting: "total", baseline: "none" }, "objective")}
      controls={
        <>
          <Choice label="World" value={world} options={WORLDS} />
          <Slider label="Episodes of a batch, N" value={trajectories} stops={COUNTS} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The first batches are being drawn.";
        const isAll = now.shownShare > 0.999;
        const share = isAll
          ? "all of the variance"
          : `${digitsOf(100 * now.shownShare, 2)} % of the variance of ${now.parameters} parameters`;
        return `${now.batches} batches of ${now.trajectories} episodes (seed ${SEED}; brackets are 95 % intervals). tr Cov = ${withInterval(now.traceOfCovariance)}, exactly ${digitsOf(now.exactTraceOfCovariance)}. Bias ${withInterval(now.bias, 2)} of ‖∇J‖, exactly 0. One estimate has a mean cosine of ${withInterval(now.cosine, 2)} to ∇J. The picture shows ${share}.`;
      }}
      table={() => {
        const now = output.value;
        const columns = ["of N episodes", "value", "95 % low", "95 % high", "exact"];
        if (!now) return { columns, rows: [] };
        const row = (name: string, { value, low, high }: { value: number; low: number; high: number }) => [
          ...[name, value, low, high],
        ];
        return {
          columns,
          rows: [
            [...row("tr Cov", now.traceOfCovariance), now.exactTraceOfCovariance],
            [...row("bias / ‖∇J‖", now.bias), 0],
            [...row("cosine to ∇J", now.cosine), "–"],
          ],
        };
      }}
    >
      <div class="figure-pair">
        <Canvas
          label="Every batch's estimate as a dot in two directions of the parameters; the cross is ∇J"
          height={340}
          draw={(context, size, theme) => drawCloud(context, size, theme, AXES[world.value], output.value, reachOf())}
        />
        <div class="figure-stack">
          {MEASURES.map(({ name, axis, of, exact, most }) => (
            <Canvas
              key={name}
              label={`${name} with its interval${exact ? ", and exactly" : ""}`}
              height={ladderHeight(1)}
              draw={(context, size, theme) => {
                const now = output.value;
                if (!now) return;
                const { colour } = seriesStyle(1, theme);
                const row = { name, ...of(now), exact: exact?.(now), colour };
                const end = { name: axis, least: 0, most: most(now), isLogarithmic: false };
                drawLadder(context, size, theme, [row], end);
              }}
            />
          ))}
        </div>
      </div>
    </Figure>
  );

  /** So far the cloud of the least N shown goes; a larger N is a smaller cloud in the same picture. */
  function reachOf(): number {
    return AXES[world.value].reach * (trajectories.value < 4 ? 2 : 1);
  }
}

/** The next of 1, 2 and 5 times a power of ten. */
function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-6)));
  return (([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) as number) * power;
}
