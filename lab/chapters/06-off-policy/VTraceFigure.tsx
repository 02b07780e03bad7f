/** V-trace: what ρ̄ and c̄ do to the value that is learnt, and to how fast. */
import { type Signal, useSignal } from "@preact/signals";
import { Slider } from "../../controls/Slider.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { fixed, intervalWords } from "../../figures/numberWords.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";
import { RATE, SEEDS, TRAJECTORIES } from "./shown.ts";

const SEED = 5;
/** The last stands for none. */
const BARS = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, Number.POSITIVE_INFINITY];
const barWords = (bar: number) => (bar === Number.POSITIVE_INFINITY ? "none" : String(bar));

export function VTraceFigure() {
  const rhoBar = useSignal(1);
  const cBar = useSignal(1);
  const distance = useSignal(1);
  const steps = useSignal(10);
  const { output, error } = useStudy<typeof import("./studies/vtrace.ts")>("06-off-policy/vtrace", () => ({
    distance: distance.value,
    rhoBar: rhoBar.value,
    cBar: cBar.value,
    steps: steps.value,
    seed: SEED,
  }));
  return (
    <Figure
      id="off-policy-vtrace"
      title="V-trace: ρ̄ decides what is learnt, c̄ how fast"
      source="theory 16, Espeholt et al. 2018"
      file="src/estimators/vtrace.ts"
      bench={() =>
        besideEachOther(
          "off-policy",
          { environment: "CartPole-v1", steps: 30_000 },
          {
            algorithm: "off-policy-pg",
            options: { estimator: "vtrace", ratioClip: Number.isFinite(rhoBar.value) ? rhoBar.value : "none" },
          },
          { algorithm: "off-policy-pg", options: { estimator: "vtrace", ratioClip: 1 } },
        )
      }
      controls={
        <>
          <BarSlider label="ρ̄" bar={rhoBar} />
          <BarSlider label="c̄" bar={cBar} />
          <Slider
            label="how far π is from μ"
            value={distance}
            stops={[0.3, 0.5, 0.7, 1, 1.5]}
            format={(x) => fixed(x, 1)}
          />
          <Slider label="steps of a trajectory" value={steps} stops={[1, 2, 5, 10, 20]} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The first trajectories are being drawn.";
        const { iterations, mean, low, high, exact, fixedPoint, behaviour, target } = found;
        const at = iterations.length - 1;
        const learnt = `${fixed(mean[at], 3)} ${intervalWords({ low: low[at], high: high[at] }, 3)}`;
        const beyond =
          cBar.value > rhoBar.value ? " Here c̄ is above ρ̄, where the proof that it converges does not hold." : "";
        return `V at the start is worth ${fixed(behaviour, 3)} under μ, which acts, and ${fixed(target, 3)} under π. With ρ̄ = ${barWords(rhoBar.value)}, V-trace ends at ${fixed(fixedPoint, 3)}. After ${at} iterations of ${TRAJECTORIES} trajectories it is at ${learnt}, mean of ${SEEDS} runs with its 95 % interval (world ${SEED}); on average it would be at ${fixed(exact[at], 3)}.${beyond}`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        const { iterations, exact, mean, low, high, values, behaviour, target, fixedPoint } = found;
        return {
          columns: [
            "iteration or state",
            "learnt, mean",
            "95 % low",
            "95 % high",
            "on average",
            "under π_ρ̄",
            "under μ",
            "under π",
          ],
          rows: [
            ...Array.from(iterations, (k, i) => [k, mean[i], low[i], high[i], exact[i], fixedPoint, behaviour, target]),
            ...Array.from(values.learnt, (v, s) => [
              ...[`V(state ${s})`, v, "", "", "", values.fixedPoint[s]],
              ...[values.behaviour[s], values.target[s]],
            ]),
          ],
        };
      }}
    >
      <Curves
        x={`iterations of ${TRAJECTORIES} trajectories, V moving ${RATE} of the way`}
        y="V at the start"
        height={280}
        series={() => {
          const found = output.value;
          if (!found) return [];
          const { iterations: x, mean, low, high, exact } = found;
          return [
            { name: `from trajectories, mean of ${SEEDS} runs`, colour: 0, x, y: mean, low, high },
            { name: "with targets on average", colour: 1, x, y: exact },
          ];
        }}
        levels={() => {
          const found = output.value;
          if (!found) return [];
          return [
            { at: found.behaviour, text: "under μ" },
            { at: found.target, text: "under π" },
            { at: found.fixedPoint, text: "under π_ρ̄: the end" },
          ];
        }}
      />
    </Figure>
  );
}

/** Over the places of the list: one of its numbers is infinite. */
function BarSlider({ label, bar }: { label: string; bar: Signal<number> }) {
  return (
    <Slider
      label={label}
      value={BARS.indexOf(bar.value)}
      min={0}
      max={BARS.length - 1}
      step={1}
      format={(place) => barWords(BARS[place])}
      onChange={(place) => {
        bar.value = BARS[place];
      }}
    />
  );
}
