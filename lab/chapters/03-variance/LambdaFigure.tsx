/** What λ buys: squared bias, variance and the error of both, exactly, for every λ; measured at some of them. */
import { useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, withInterval } from "../../figures/numberWords.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { reinforceOnCartPole } from "../benchSettings.ts";
import { WORLDS, type WorldChoice } from "./measures.ts";

const SEED = 0;
const BATCHES = 1024;
const COUNTS = [4, 8, 16, 32, 64, 128] as const;
const FITS = [5, 20, 100, 500, 2000] as const;

export function LambdaFigure() {
  const world = useSignal<WorldChoice>("grid");
  const trajectories = useSignal(16);
  const fitEpisodes = useSignal(2000);
  const { output, error } = useStudy<typeof import("./studies/lambda.ts")>("03-variance/lambda", () => ({
    ...{ world: world.value, trajectories: trajectories.value, fitEpisodes: fitEpisodes.value },
    ...{ batches: Math.min(BATCHES, 16_384 / trajectories.value), seed: SEED },
  }));
  return (
    <Figure
      id="variance-lambda"
      title="What λ buys"
      source="theory 11, Schulman et al. 2016"
      file="src/estimators/bootstrapped.ts"
      bench={() => {
        const of = (gaeLambda: number) => ({ weighting: "gae", gaeLambda });
        const best = output.value?.best ?? 0.95;
        return reinforceOnCartPole(of(1), "variance", of(best === 1 ? 0.95 : best));
      }}
      controls={
        <>
          <Choice label="World" value={world} options={WORLDS} />
          <Slider label="Trajectories, N" value={trajectories} stops={COUNTS} />
          <Slider label="Episodes that V is fitted on" value={fitEpisodes} stops={FITS} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "Bias and variance are being computed.";
        const at = now.lambdas.indexOf(now.best);
        const exact = `With ${trajectories.value} trajectories λ = ${now.best} has the least error, ${digitsOf(now.error[at])} of ‖∇J‖² (λ = 1: ${digitsOf(now.error.at(-1)!)}, λ = 0: ${digitsOf(now.error[0])}), in closed form.`;
        const middle = now.measured.find(({ lambda }) => lambda === 0.8);
        if (!middle) return exact;
        const index = now.lambdas.indexOf(0.8);
        return `${exact} Measured at λ = 0.8 from ${now.batches} batches (seed ${SEED}, 95 % intervals): variance ${withInterval(middle.variance)}, exactly ${digitsOf(now.variance[index])}; squared bias ${withInterval(middle.squaredBias, 2)}, exactly ${digitsOf(now.squaredBias[index], 2)}.`;
      }}
      table={() => {
        const now = output.value;
        const measured = ["variance, measured", "95 % low", "95 % high"];
        const columns = ["λ", "squared bias", "variance", "error", ...measured];
        if (!now) return { columns, rows: [] };
        const rows = Array.from(now.lambdas, (lambda, i) => {
          const found = now.measured.find((one) => one.lambda === lambda)?.variance;
          const own = found ? [found.value, found.low, found.high] : ["", "", ""];
          return [lambda, now.squaredBias[i], now.variance[i], now.error[i], ...own];
        });
        return { columns, rows };
      }}
    >
      <Curves
        x="λ"
        y="share of ‖∇J‖²"
        label="Squared bias, variance and their sum against λ, exact and measured"
        logY
        height={300}
        series={() => {
          const now = output.value;
          if (!now) return [];
          const { lambdas: x, measured } = now;
          // At λ = 1 no bias is left, which a logarithm cannot show.
          const squaredBias = now.squaredBias.map((value) => (value < 1e-4 ? Number.NaN : value));
          const lines = [
            { name: "error, exact", colour: 0, x, y: now.error },
            { name: "variance, exact", colour: 1, x, y: now.variance },
            { name: "squared bias, exact", colour: 2, x, y: squaredBias },
          ];
          if (measured.length === 0) return lines;
          return [
            ...lines,
            {
              ...{ name: "variance, measured", colour: 3, x: measured.map(({ lambda }) => lambda) },
              y: measured.map(({ variance }) => variance.value),
              low: measured.map(({ variance }) => variance.low),
              high: measured.map(({ variance }) => variance.high),
            },
          ];
        }}
      />
    </Figure>
  );
}
