/** The adaptive penalty, where nothing is random: the divergence of each update, and the β that follows it. */
import { useSignal } from "@preact/signals";
import { Slider } from "../../controls/Slider.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, fixed } from "../../figures/numberWords.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";
import { UPDATES } from "./shown.ts";
import type { AdaptiveTrack } from "./studies/adaptive.ts";

export function AdaptiveFigure() {
  const coefficient = useSignal(10);
  const target = useSignal(0.003);
  const { output, error } = useStudy<typeof import("./studies/adaptive.ts")>("08-ppo/adaptive", () => ({
    coefficient: coefficient.value,
    target: target.value,
  }));
  const series = (of: (track: AdaptiveTrack) => Float64Array) => () => {
    const found = output.value;
    if (!found) return [];
    return [
      { name: "β follows the divergence", colour: 0, x: found.updates, y: of(found.adaptive) },
      { name: "β stays", colour: 1, x: found.updates, y: of(found.fixed) },
    ];
  };
  return (
    <Figure
      id="ppo-adaptive"
      title="β that follows the divergence"
      source="theory 23, Schulman et al. 2017"
      file="src/algorithms/surrogate/multiplier.ts"
      bench={() =>
        besideEachOther(
          "ppo",
          { environment: "CartPole-v1", steps: 30_000 },
          { algorithm: "ppo", options: { objective: "penalty", klCoef: coefficient.value, klTarget: target.value } },
          { algorithm: "ppo", options: { objective: "penalty", klCoef: coefficient.value, klRule: "fixed" } },
        )
      }
      controls={
        <>
          <Slider label="β at the start" value={coefficient} stops={[0.1, 0.3, 1, 3, 10, 30, 100]} />
          <Slider label="target d, nats" value={target} stops={[0.001, 0.003, 0.01, 0.03]} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The updates are being computed.";
        const at = found.updates.length - 1;
        const inside = found.adaptive.kl.filter((kl) => kl >= target.value / 1.5 && kl <= 1.5 * target.value).length;
        const said = ({ kl, coefficient: beta, objective }: AdaptiveTrack) =>
          `KL ${digitsOf(kl[at])}, β ${digitsOf(beta[at])}, η ${fixed(objective[at], 3)}`;
        return `After ${at + 1} of ${UPDATES} updates: with the rule ${said(found.adaptive)}; with β as it was ${said(found.fixed)}. ${inside} of ${at + 1} updates were between d / 1.5 and 1.5 d. Where there is nothing left to gain the divergence falls, and β with it. Everything is exact.`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        const { updates, adaptive, fixed: still } = found;
        return {
          columns: ["update", "KL, rule", "β, rule", "η, rule", "KL, β stays", "β, stays", "η, β stays"],
          rows: Array.from(updates, (k, i) => [
            ...[k, adaptive.kl[i], adaptive.coefficient[i], adaptive.objective[i]],
            ...[still.kl[i], still.coefficient[i], still.objective[i]],
          ]),
        };
      }}
    >
      <div class="figure-pair" style={{ gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 17rem), 1fr))" }}>
        <Curves
          x="updates"
          y="KL of the update"
          logY
          series={series(({ kl }) => kl)}
          levels={() => [
            { at: 1.5 * target.value, text: "1.5 d: β doubles above" },
            { at: target.value / 1.5, text: "d / 1.5: β halves below" },
          ]}
        />
        <Curves x="updates" y="β" logY series={series(({ coefficient: beta }) => beta)} />
        <Curves x="updates" y="η" series={series(({ objective }) => objective)} />
      </div>
    </Figure>
  );
}
