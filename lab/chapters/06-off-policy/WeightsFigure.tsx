/** Weights of whole trajectories as they grow longer: some of them, their variance, and what is left of the batch. */
import { useSignal } from "@preact/signals";
import { Button } from "../../controls/Button.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { drawAxes, drawLine, planeOf } from "../../drawers/plane.ts";
import { Canvas, type Drawing } from "../../figures/Canvas.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, fixed } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import { useAnimation } from "../../figures/useAnimation.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";
import { SHOWN } from "./shown.ts";

const FIRST_SEED = 3;
/** The trajectories grow to their whole length in this time, in ms, and stand for half of it. */
const DURATION = 5000;

export function WeightsFigure() {
  const playing = usePlaying();
  const distance = useSignal(0.5);
  const steps = useSignal(64);
  const seed = useSignal(FIRST_SEED);
  /** Share of the length that is drawn; above 1 it stands. */
  const grown = useSignal(playing.value ? 0 : 1);
  const { output, error } = useStudy<typeof import("./studies/weights.ts")>("06-off-policy/weights", () => ({
    distance: distance.value,
    steps: steps.value,
    seed: seed.value,
  }));
  useAnimation(playing, (elapsed) => {
    grown.value = grown.value > 1.5 ? 0 : grown.value + elapsed / DURATION;
  });
  const draw: Drawing = (context, size, theme) => {
    const found = output.value;
    const length = found?.steps.length ?? steps.value;
    // The whole of the lines, whatever part of them is drawn.
    const [bottom, top] = found ? rangeOf(found.paths) : [-1, 1];
    const plane = planeOf(size, { left: 0, right: length, bottom, top });
    drawAxes(context, plane, theme, { x: "steps t", y: "log₁₀ of the weight" });
    drawLine(context, plane, [0, length], [0, 0], { colour: theme.axis, width: 1, dash: [5, 4] });
    if (!found) return;
    const count = Math.max(1, Math.round(Math.min(grown.value, 1) * length));
    const x = Float64Array.from({ length: length + 1 }, (_, t) => t);
    const rows = Array.from({ length: SHOWN }, (_, i) => found.paths.subarray(i * length, (i + 1) * length));
    // The heaviest few at the step reached stand out: they are what the estimate is made of.
    const order = rows.map((_, i) => i).sort((a, b) => rows[a][count - 1] - rows[b][count - 1]);
    for (const [rank, i] of order.entries()) {
      const isHeavy = rank >= SHOWN - 3;
      const style = isHeavy ? { colour: seriesStyle(0, theme).colour, width: 2.5 } : { colour: theme.faint, width: 1 };
      drawLine(context, plane, x, Float64Array.of(0, ...rows[i]), style, count + 1);
    }
  };
  return (
    <Figure
      id="off-policy-weights"
      title="The longer the trajectory, the fewer of them count"
      playing={playing}
      source="theory 14, Kong 1992"
      file="src/mdp/finiteHorizon.ts"
      bench={() =>
        besideEachOther(
          "off-policy",
          { environment: "CartPole-v1", steps: 30_000 },
          { algorithm: "off-policy-pg", options: { estimator: "trajectory", ratioClip: "none" } },
          { algorithm: "off-policy-pg", options: { estimator: "firstOrder" } },
        )
      }
      controls={
        <>
          <Slider
            label="how far π is from μ"
            value={distance}
            stops={[0, 0.1, 0.2, 0.3, 0.5, 0.7, 1]}
            format={(value) => fixed(value, 1)}
          />
          <Slider label="steps T" value={steps} stops={[8, 16, 32, 64, 96]} />
          <Button
            onClick={() => {
              seed.value++;
            }}
          >
            Another world
          </Button>
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The first trajectories are being drawn.";
        const { exact, measured, effectiveShare, exactShare, trajectories, heaviest } = found;
        const at = exact.length - 1;
        const interval = `[${digitsOf(measured.low[at])}, ${digitsOf(measured.high[at])}]`;
        return `After T = ${exact.length} steps the weights have the variance ${digitsOf(exact[at])}; ${trajectories.toLocaleString("en-GB")} trajectories (seed ${seed.value}) say ${digitsOf(measured.value[at])}, 95 % interval ${interval}. They are worth ${digitsOf(effectiveShare[at] * trajectories)} of them, ${digitsOf(100 * effectiveShare[at])} %; in the long run ${digitsOf(100 * exactShare[at])} %. The heaviest hundredth carries ${digitsOf(100 * heaviest)} % of all weight.`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        const { steps: lengths, exact, measured, effectiveShare, exactShare } = found;
        return {
          columns: [
            "steps",
            "variance exact",
            "measured",
            "95 % low",
            "95 % high",
            "effective share",
            "in the long run",
          ],
          rows: Array.from(lengths, (t, i) => [
            ...[t, exact[i], measured.value[i], measured.low[i], measured.high[i]],
            ...[effectiveShare[i], exactShare[i]],
          ]),
        };
      }}
    >
      <Canvas
        label={`The weights of ${SHOWN} trajectories on a logarithmic axis, each a line that wanders with the steps; most fall, and the three heaviest stand out.`}
        height={260}
        draw={draw}
      />
      <div class="figure-pair">
        <Curves
          x="steps T"
          y="Var[Π ρ]"
          logY
          series={() => {
            const found = output.value;
            if (!found || found.exact[0] <= 0) return [];
            const { steps: x, exact, measured } = found;
            return [
              {
                name: "measured, with its 95 % interval",
                colour: 0,
                x,
                y: measured.value,
                low: measured.low,
                high: measured.high,
              },
              { name: "exact", colour: 1, x, y: exact },
            ];
          }}
        />
        <Curves
          x="steps T"
          y="effective share"
          yRange={[0, 1]}
          series={() => {
            const found = output.value;
            if (!found) return [];
            return [
              { name: "of these trajectories", colour: 0, x: found.steps, y: found.effectiveShare },
              { name: "in the long run, 1 / (1 + Var)", colour: 1, x: found.steps, y: found.exactShare },
            ];
          }}
        />
      </div>
    </Figure>
  );
}

/** From the least to the largest, with a little room. */
function rangeOf(values: Float64Array): [number, number] {
  let [low, high] = [0, 0];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = 0.06 * (high - low) + 0.05;
  return [low - room, high + room];
}
