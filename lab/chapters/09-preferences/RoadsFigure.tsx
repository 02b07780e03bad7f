/** Five methods from π_ref, each towards its own optimum, update by update. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Switch } from "../../controls/Switch.tsx";
import { drawDistributions } from "../../drawers/distributionBars.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Curves, type SeriesData } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { fixed, intervalWords } from "../../figures/numberWords.ts";
import { useAnimation } from "../../figures/useAnimation.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { BATCH, BETAS, GROUPS, type MethodName, methodNames, WORLDS } from "./choices.ts";
import { DistributionKeys } from "./DistributionKeys.tsx";
import type { ListedWorldName } from "./listedWorlds.ts";
import type { Band, Road, RoadsOutput } from "./studies/roads.ts";

const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];
const ITERATIONS = 240;
/** How long the roads take, in ms, and how long they stand before they begin again. */
const DURATION = 9000;
const STANDS = 3500;
/** β below which DPO's road is not ended within the updates shown. */
const SMALLEST_BETA = 0.3;

export function RoadsFigure() {
  const playing = usePlaying();
  const world = useSignal<ListedWorldName>("pairs");
  const beta = useSignal(0.5);
  const groupSize = useSignal(4);
  const certain = useSignal(false);
  const gradients = useSignal<"exact" | "sampled">("exact");
  const scaled = useSignal(false);
  /** The share of the roads that is shown. */
  const shown = useSignal(playing.value ? 0 : 1);
  const { output, error } = useStudy<typeof import("./studies/roads.ts")>("09-preferences/roads", () => ({
    ...{ world: world.value, beta: beta.value, groupSize: groupSize.value },
    ...{ labels: certain.value ? ("certain" as const) : ("noisy" as const), gradients: gradients.value },
    ...{ scaled: scaled.value && gradients.value === "sampled", seeds: SEEDS, iterations: ITERATIONS },
  }));
  const stood = useRef(0);
  useAnimation(playing, (elapsed) => {
    if (shown.value < 1) shown.value = Math.min(1, shown.value + elapsed / DURATION);
    else {
      stood.current += elapsed;
      if (stood.current > STANDS) {
        stood.current = 0;
        shown.value = 0;
      }
    }
  });
  const again = () => {
    stood.current = 0;
    shown.value = playing.value ? 0 : 1;
  };
  /** How many points are shown; those that are not computed yet cannot be. */
  const count = ({ iterations }: RoadsOutput) =>
    Math.min(iterations.length, 1 + Math.floor(shown.value * (ITERATIONS / 2)));
  const series =
    (of: (road: Road) => Band, which: (road: Road) => boolean = () => true) =>
    (): SeriesData[] => {
      const now = output.value;
      if (!now) return [];
      const n = count(now);
      return now.roads.flatMap((road, colour) => {
        if (!which(road)) return [];
        const { mean, low, high } = of(road);
        const part = (values: Float64Array) => values.subarray(0, n);
        const band = now.of.gradients === "sampled" ? { low: part(low), high: part(high) } : {};
        return [{ name: road.method, colour, x: part(now.iterations), y: part(mean), ...band }];
      });
    };
  return (
    <Figure
      id="preferences-roads"
      title="Five methods, each to its own end"
      playing={playing}
      source="theory 26 and 27, Rafailov et al. 2023, Azar et al. 2024, Ahmadian et al. 2024, Shao et al. 2024"
      file="src/mdp/sequences/expectedWeights.ts"
      controls={
        <>
          <Choice label="Texts" value={world} options={WORLDS} onChange={again} />
          <Slider label="β" value={beta} stops={BETAS.filter((one) => one >= SMALLEST_BETA)} onChange={again} />
          <Slider label="Groups G" value={groupSize} stops={GROUPS} onChange={again} />
          <Choice
            label="Gradients"
            value={gradients}
            onChange={again}
            options={[
              { value: "exact", text: "exact" },
              { value: "sampled", text: `batches of ${BATCH}` },
            ]}
          />
          <Switch label="Labels never err" value={certain} onChange={again} />
          <Switch
            label="GRPO divides by the group's deviation"
            value={scaled}
            disabled={gradients.value === "exact"}
            onChange={again}
          />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The first updates are being made.";
        const at = count(now) - 1;
        const said = now.roads.map(({ method, optimum, distance, worth, margin }) => {
          const interval = now.of.gradients === "sampled" ? ` ${intervalWords(bandAt(distance, at), 3)}` : "";
          const way =
            optimum === undefined
              ? method === "DPO"
                ? `has no end, its margin is ${fixed(margin.mean[at])}`
                : "has no end in closed form"
              : `${fixed(distance.mean[at], 3)}${interval} from its end`;
          return `${method} ${way}, worth ${fixed(worth.mean[at], 3)}`;
        });
        const how =
          now.of.gradients === "exact"
            ? "exact gradients"
            : `means and 95 % intervals over ${SEEDS.length} seeds, ${BATCH} texts or pairs an update`;
        return `After ${now.iterations[at]} updates (${how}): ${said.join("; ")}. Nothing is worth more than β log Z = ${fixed(now.value, 3)}.`;
      }}
      table={() => {
        const columns = ["update", ...methodNames.flatMap((name) => [`${name}: distance`, `${name}: worth`])];
        const now = output.value;
        if (!now) return { columns, rows: [] };
        const text = (value: number) => (Number.isNaN(value) ? "no end" : value);
        const ends = ["at the end", ...now.roads.flatMap(({ optimum }) => [optimum === undefined ? "no end" : 0, ""])];
        return {
          columns,
          rows: [
            ...Array.from(now.iterations, (iteration, i) => [
              iteration,
              ...now.roads.flatMap(({ distance, worth }) => [text(distance.mean[i]), worth.mean[i]]),
            ]),
            ends,
          ],
        };
      }}
    >
      <div class="figure-pair" style={{ gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 17rem), 1fr))" }}>
        {methodNames.map((method, m) => (
          <Canvas
            key={method}
            label={`${method}: the probability of each text now, π_ref beside it, and where the method ends`}
            height={160}
            draw={(context, size, theme) => {
              const now = output.value;
              if (!now) return;
              drawRoad(context, size, theme, now, method, m, count(now) - 1);
            }}
          />
        ))}
        <div>
          <DistributionKeys hollow="π_ref" goal="where the method ends" signs={[{ text: "π*", style: "ink" }]} />
        </div>
      </div>
      <div class="figure-pair" style={{ gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 17rem), 1fr))" }}>
        <Curves
          x="updates"
          y="distance to its own end"
          series={series(
            ({ distance }) => distance,
            ({ optimum }) => optimum !== undefined,
          )}
        />
        <Curves
          x="updates"
          y="E[r] − β KL"
          series={series(({ worth }) => worth)}
          levels={() => (output.value ? [{ at: output.value.value, text: "β log Z" }] : [])}
        />
        <Curves x="updates" y="log-ratio, best − worst text" series={series(({ margin }) => margin)} />
      </div>
    </Figure>
  );
}

const bandAt = ({ low, high }: Band, i: number) => ({ low: low[i], high: high[i] });

function drawRoad(
  context: CanvasRenderingContext2D,
  size: Parameters<typeof drawDistributions>[1],
  theme: Parameters<typeof drawDistributions>[2],
  { texts, reference, best, roads }: RoadsOutput,
  method: MethodName,
  m: number,
  at: number,
): void {
  const { optimum, policies, distance } = roads[m];
  const count = texts.length;
  drawDistributions(
    context,
    size,
    theme,
    {
      ...{ texts, hollow: reference, filled: policies.subarray(at * count, (at + 1) * count), colour: m },
      goals: optimum,
      signs: [{ values: best, style: "ink" }],
    },
    Number.isNaN(distance.mean[at]) ? `${method}: no end` : `${method}: ${fixed(distance.mean[at], 3)} away`,
  );
}
