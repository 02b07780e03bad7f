/** The rungs of the off-policy gradient: bias and noise of each, with intervals, and which is best with how many trajectories. */
import { useSignal } from "@preact/signals";
import { Slider } from "../../controls/Slider.tsx";
import { drawIntervalRows, type IntervalRow, intervalRowsHeight } from "../../drawers/intervalRows.ts";
import { Canvas, type Drawing } from "../../figures/Canvas.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { fixed, intervalWords } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import type { Theme } from "../../page/theme.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";
import type { Rung, RungName } from "./studies/rungs.ts";

const SEED = 0;
const names: Record<RungName, string> = {
  trajectory: "1 full trajectory",
  causal: "2 causal",
  policyIteration: "3 policy iteration",
  firstOrder: "4 first order",
  selfNormalised: "1 self-normalised",
  clipped: "2 with cut ratios",
};
/** Numbers of trajectories that the error is drawn for. */
const COUNTS = Array.from({ length: 33 }, (_, i) => 10 ** (i / 8));

export function RungsFigure() {
  const distance = useSignal(0.5);
  const steps = useSignal(8);
  const trajectories = useSignal(20);
  const clip = useSignal(1);
  const { output, error } = useStudy<typeof import("./studies/rungs.ts")>("06-off-policy/rungs", () => ({
    distance: distance.value,
    steps: steps.value,
    trajectories: trajectories.value,
    clip: clip.value,
    seed: SEED,
  }));
  const rows = (
    of: (rung: Rung) => { value: number; low: number; high: number },
    theme: Theme,
    isBias: boolean,
  ): IntervalRow[] =>
    (output.value?.rungs ?? []).map((rung, i) => {
      const { value, low, high } = of(rung);
      const exact = isBias ? rung.exactBias : undefined;
      return { name: names[rung.name], value, low, high, exact, colour: seriesStyle(i, theme).colour };
    });
  const draw =
    (what: string, of: (rung: Rung) => { value: number; low: number; high: number }, isBias: boolean): Drawing =>
    (context, size, theme) => {
      const all = rows(of, theme, isBias);
      const most = 1.08 * Math.max(0.1, ...all.map(({ high, exact = 0 }) => Math.max(high, exact)));
      drawIntervalRows(context, size, theme, all, { name: what, most });
    };
  return (
    <Figure
      id="off-policy-rungs"
      title="Four rungs, from exact to usable"
      source="theory 15 and 16, Precup et al. 2000, Degris et al. 2012"
      file="src/estimators/offPolicy.ts"
      bench={() =>
        besideEachOther(
          "off-policy",
          { environment: "CartPole-v1", steps: 30_000 },
          { algorithm: "off-policy-pg", options: { estimator: "causal", ratioClip: clip.value } },
          { algorithm: "off-policy-pg", options: { estimator: "firstOrder", ratioClip: clip.value } },
        )
      }
      controls={
        <>
          <Slider
            label="how far π is from μ"
            value={distance}
            stops={[0, 0.2, 0.3, 0.5, 0.7, 1]}
            format={(x) => fixed(x, 1)}
          />
          <Slider label="steps T" value={steps} stops={[2, 4, 8, 12, 16]} />
          <Slider label="trajectories N" value={trajectories} stops={[5, 10, 20, 40]} />
          <Slider label="ratios cut at" value={clip} stops={[0.5, 0.8, 1, 1.5, 2, 4]} format={(x) => fixed(x, 1)} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The first batches are being drawn.";
        const said = ({ name, bias, exactBias, noise }: Rung) => {
          const exact = exactBias === undefined ? "" : `, exactly ${fixed(exactBias)}`;
          return `${names[name]} ${fixed(bias.value)} ${intervalWords(bias)}${exact}, noise ${fixed(noise.value)}`;
        };
        return `Bias and noise in units of ‖∇J‖, from ${found.batches} batches of ${trajectories.value} trajectories (seed ${SEED}, 95 % intervals). ${found.rungs.map(said).join("; ")}.`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        const components = Array.from(found.exact, (_, j) => `∂θ${j + 1}`);
        const known = (value: number | undefined) => value ?? "not known";
        return {
          columns: [
            "rung",
            "bias",
            "95 % low",
            "95 % high",
            "bias exact",
            "noise",
            "noise low",
            "noise high",
            ...components,
          ],
          rows: [
            ["∇J, exactly", 0, 0, 0, 0, 0, 0, 0, ...found.exact],
            ...found.rungs.map(({ name, bias, exactBias, noise, mean }) => [
              ...[names[name], bias.value, bias.low, bias.high, known(exactBias)],
              ...[noise.value, noise.low, noise.high, ...mean],
            ]),
          ],
        };
      }}
    >
      <div class="figure-pair">
        <Canvas
          label="Bias of each estimator with its interval; an upright bar marks the exact bias."
          height={intervalRowsHeight(6)}
          draw={draw("bias ‖E ĝ − ∇J‖ / ‖∇J‖", ({ bias }) => bias, true)}
        />
        <Canvas
          label="Noise of one estimate of each, with its interval."
          height={intervalRowsHeight(6)}
          draw={draw("noise √tr Cov ĝ / ‖∇J‖", ({ noise }) => noise, false)}
        />
      </div>
      <Curves
        x="trajectories N"
        y="error / ‖∇J‖"
        logX
        logY
        series={() =>
          (output.value?.rungs ?? [])
            .filter(({ exactBias }) => exactBias !== undefined)
            .map(({ name, exactBias = 0, noise }, i) => ({
              name: names[name],
              colour: i,
              x: COUNTS,
              // Of the mean of N trajectories: the bias stays, the noise falls as 1/√N.
              y: COUNTS.map((n) => Math.sqrt(exactBias ** 2 + (noise.value ** 2 * trajectories.value) / n)),
            }))
        }
      />
    </Figure>
  );
}
