/** Lemma, surrogate and lower bound along the natural gradient, and the steps that penalty and trust region allow. */
import { useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, fixed } from "../../figures/numberWords.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";

export function BoundFigure() {
  const gamma = useSignal(0.9);
  const delta = useSignal(0.01);
  const share = useSignal(0.5);
  const reach = useSignal<"near" | "far">("near");
  const { output, error } = useStudy<typeof import("./studies/bound.ts")>("07-natural-gradient/bound", () => ({
    gamma: gamma.value,
    delta: delta.value,
    share: share.value,
    near: reach.value === "near",
  }));
  return (
    <Figure
      id="natural-gradient-bound"
      title="What is guaranteed, and what really happens"
      source="theory 20, Kakade and Langford 2002, Schulman et al. 2015"
      file="src/mdp/penaltyStep.ts, src/mdp/performanceDifference.ts"
      bench={() =>
        besideEachOther(
          "natural-gradient",
          { environment: "CartPole-v1", steps: 50_000 },
          { algorithm: "trpo", options: { targetKl: delta.value } },
          { algorithm: "trpo", options: { targetKl: 0.00001 } },
        )
      }
      controls={
        <>
          <Choice
            label="curves"
            value={reach}
            options={[
              { value: "near", text: "near: around the penalty's step" },
              { value: "far", text: "far: up to the trust region's" },
            ]}
          />
          <Slider label="discount γ" value={gamma} stops={[0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99]} />
          <Slider label="trust region δ" value={delta} stops={[0.001, 0.003, 0.01, 0.03, 0.1]} />
          <Slider
            label="π̃: share of the trust region's step"
            value={share}
            stops={[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.75, 1]}
          />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The curves are being computed.";
        const { penalty, penaltyStep, trustRegionStep, at } = found;
        const times = trustRegionStep.length / penaltyStep.length;
        return `C = ${digitsOf(penalty)}. The penalty allows β = ${digitsOf(penaltyStep.length)}: a gain of ${digitsOf(penaltyStep.improvement)}, of which ${digitsOf(penaltyStep.guaranteed)} is guaranteed. The trust region's step is ${digitsOf(times)} times as long and gains ${digitsOf(trustRegionStep.improvement)}, where the bound says ${digitsOf(trustRegionStep.guaranteed)}. At π̃, β = ${digitsOf(at.length)}: η(π̃) − η(π) = ${fixed(at.improvement, 6)}; the lemma gives ${fixed(at.byTrajectories, 6)} over trajectories and ${fixed(at.byStates, 6)} over states of π̃, the surrogate ${fixed(at.surrogate, 6)} over those of π, the bound ${fixed(at.bound, 6)}.`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        const { lengths, improvement, surrogate, bound, at, penaltyStep, trustRegionStep } = found;
        return {
          columns: ["step", "β", "η(π̃) − η(π)", "lemma, trajectories", "lemma, states", "surrogate", "bound", "max KL"],
          rows: [
            ["π̃", at.length, at.improvement, at.byTrajectories, at.byStates, at.surrogate, at.bound, at.maxKl],
            [
              "penalty",
              penaltyStep.length,
              penaltyStep.improvement,
              "",
              "",
              "",
              penaltyStep.guaranteed,
              penaltyStep.maxKl,
            ],
            [
              ...["trust region", trustRegionStep.length, trustRegionStep.improvement, "", "", ""],
              ...[trustRegionStep.guaranteed, trustRegionStep.maxKl],
            ],
            ...Array.from(lengths, (beta, i) => ["along", beta, improvement[i], "", "", surrogate[i], bound[i], ""]),
          ],
        };
      }}
    >
      <Curves
        x="length β of the step β F⁻¹g"
        y="gain over η(π)"
        height={280}
        series={() => {
          const found = output.value;
          if (!found) return [];
          const { lengths: x, improvement, surrogate, bound } = found;
          const most = Math.max(...surrogate, ...improvement);
          // Far away the bound is a hundred times as deep as the gain is high: it leaves the picture.
          const kept = bound.map((value) => (value < -1.2 * most ? Number.NaN : value));
          return [
            { name: "η(π̃) − η(π)", colour: 0, x, y: improvement },
            { name: "surrogate L − η(π)", colour: 1, x, y: surrogate },
            { name: "lower bound L − C max KL − η(π)", colour: 2, x, y: kept },
          ];
        }}
        marks={() => {
          const found = output.value;
          if (!found) return [];
          const most = found.lengths[found.lengths.length - 1];
          return [
            { at: found.penaltyStep.length, text: "penalty" },
            { at: found.trustRegionStep.length, text: "trust region" },
            { at: found.at.length, text: "π̃" },
          ].filter(({ at }) => at <= most);
        }}
      />
    </Figure>
  );
}
