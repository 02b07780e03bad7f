/** σ and J while a policy learns, on the exact world: along the exact gradient, and from trajectories over seeds. */
import { useSignal } from "@preact/signals";
import { Slider } from "../../controls/Slider.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, fixed, intervalWords } from "../../figures/numberWords.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";

const TRAJECTORIES = 20;
const SEEDS = 8;
const ITERATIONS = 200;

export function SigmaFigure() {
  const std = useSignal(1);
  const entropyCoefficient = useSignal(0);
  const rate = useSignal(0.01);
  const { output, error } = useStudy<typeof import("./studies/sigma.ts")>("05-gaussian/sigma", () => ({
    std: std.value,
    entropyCoefficient: entropyCoefficient.value,
    rate: rate.value,
    iterations: ITERATIONS,
    trajectories: TRAJECTORIES,
    seeds: SEEDS,
  }));
  const series = (figure: "std" | "objective") => () => {
    const found = output.value;
    if (!found) return [];
    const { mean, low, high } = found.sampled[figure];
    return [
      {
        name: `from ${TRAJECTORIES} trajectories, mean of ${SEEDS} seeds`,
        colour: 0,
        x: found.iterations,
        y: mean,
        low,
        high,
      },
      { name: "along the exact gradient", colour: 1, x: found.iterations, y: found.exact[figure] },
    ];
  };
  return (
    <Figure
      id="gaussian-sigma"
      title="σ falls because noise costs, unless it is paid for"
      source="theory 13; Fazel et al. 2018 for ∇J"
      file="src/mdp/linearQuadratic.ts"
      bench={() =>
        besideEachOther(
          "gaussian",
          { environment: "Pendulum-v1", steps: 60_000 },
          { algorithm: "ppo", options: { logStdInit: Number(Math.log(std.value).toFixed(2)) } },
          {
            algorithm: "ppo",
            options: { logStdInit: Number(Math.log(std.value).toFixed(2)), entCoef: entropyCoefficient.value || 0.05 },
          },
        )
      }
      controls={
        <>
          <Slider label="σ at the start" value={std} stops={[0.05, 0.1, 0.2, 0.3, 0.5, 1, 1.5]} />
          <Slider label="entropy bonus α" value={entropyCoefficient} stops={[0, 0.01, 0.02, 0.05, 0.1, 0.2]} />
          <Slider label="step size" value={rate} stops={[0.002, 0.005, 0.01, 0.02]} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The first iterations are being computed.";
        const at = found.iterations.length - 1;
        const { std: sigma, objective } = found.sampled;
        const seen = (band: typeof sigma, digits: number) =>
          `${fixed(band.mean[at], digits)} ${intervalWords({ low: band.low[at], high: band.high[at] }, digits)}`;
        const end =
          found.balance === undefined
            ? "Without a bonus nothing stops σ on its way to 0."
            : `The bonus balances J at σ = ${fixed(found.balance, 3)}.`;
        return `After ${at} of ${ITERATIONS} iterations: σ = ${seen(sigma, 3)}, exactly ${fixed(found.exact.std[at], 3)}; J = ${seen(objective, 2)}, exactly ${fixed(found.exact.objective[at])} (mean over seeds 0 to ${SEEDS - 1}, ${TRAJECTORIES} trajectories an estimate, 95 % intervals). ${end}`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        const { iterations, exact, sampled } = found;
        return {
          columns: ["iteration", "σ exact", "σ mean", "σ low", "σ high", "J exact", "J mean", "J low", "J high"],
          rows: Array.from(iterations, (k, i) => [
            ...[k, exact.std[i], sampled.std.mean[i], sampled.std.low[i], sampled.std.high[i]],
            ...[exact.objective[i], sampled.objective.mean[i], sampled.objective.low[i], sampled.objective.high[i]],
          ]),
        };
      }}
    >
      <div class="figure-pair">
        <Curves
          x="iterations"
          y="σ"
          series={series("std")}
          levels={() => {
            const balance = output.value?.balance;
            return balance === undefined ? [] : [{ at: balance, text: `balance ${digitsOf(balance)}` }];
          }}
        />
        <Curves x="iterations" y="J" series={series("objective")} />
      </div>
    </Figure>
  );
}
