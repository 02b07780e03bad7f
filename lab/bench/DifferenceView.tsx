/** A − B, seed by seed: the mean of the differences with its interval, against the steps. */
import { Curves } from "../figures/Curves.tsx";
import { Figure } from "../figures/Figure.tsx";
import { pairedDifference } from "../runs/runGroup.ts";
import type { BenchState } from "./benchState.ts";
import { figureText } from "./figureText.ts";
import { grouped } from "./variants.ts";

export function DifferenceView({ bench }: { bench: BenchState }) {
  const runs = bench.runs.value;
  const { a, b } = runs?.groups.value ?? {};
  if (a === undefined || b === undefined || bench.isHidden("difference")) return null;
  const figure = bench.figure;
  const found = () => {
    void bench.runs.value?.pulse.value;
    return pairedDifference(a, b, figure);
  };
  return (
    <Figure
      id="bench-difference"
      title="A − B, seed by seed"
      summary={() => summaryOf(found(), figure)}
      table={() => {
        const { steps, mean, low, high } = found();
        const rows = Array.from(steps, (at, i) => [at, mean[i], low[i], high[i]]);
        return { columns: ["steps", `${figure}: mean of A − B`, "interval from", "to"], rows };
      }}
      source="paired by seed, 95 % interval of Student's t"
      file="src/numerics/meanInterval.ts"
    >
      <Curves
        series={() => {
          const { steps, mean, low, high } = found();
          const band = a.runs.length > 1 ? { low, high } : {};
          return [{ name: "A − B", colour: 3, x: steps, y: mean, ...band }];
        }}
        levels={() => [{ at: 0, text: "no difference" }]}
        x="steps"
        y={`A − B, ${figure}`}
        height={180}
      />
    </Figure>
  );
}

type Difference = ReturnType<typeof pairedDifference>;

function summaryOf({ steps, mean, low, high, n }: Difference, figure: string): string {
  const last = steps.length - 1;
  if (last < 0) return "There is no step yet that both sides have reached.";
  const at = `At ${grouped(steps[last])} steps A − B in ${figure} is ${figureText(mean[last])}`;
  const seeds = n[last];
  if (seeds < 2) return `${at}, of one seed: nothing is said of others.`;
  const interval = `[${figureText(low[last])}, ${figureText(high[last])}]`;
  const excludes = low[last] > 0 || high[last] < 0;
  const words = excludes ? "the interval excludes 0" : "no difference shown, which is not the same as none";
  return `${at} ${interval} over ${seeds} seeds: ${words}.`;
}
