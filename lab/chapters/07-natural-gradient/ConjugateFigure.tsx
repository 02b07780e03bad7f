/** Conjugate gradients: their path over the quadratic they climb down, and how fast they are on more parameters. */
import { useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { drawArrow } from "../../drawers/arrow.ts";
import { drawContours, type HeightGrid } from "../../drawers/contours.ts";
import { drawAxes, drawDot, drawWords, planeOf } from "../../drawers/plane.ts";
import { Canvas, type Drawing } from "../../figures/Canvas.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, fixed } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";
import { starts } from "./shown.ts";

const GRID = 49;

export function ConjugateFigure() {
  const start = useSignal<keyof typeof starts>("undecided");
  const damping = useSignal(0.001);
  const { output, error } = useStudy<typeof import("./studies/conjugate.ts")>("07-natural-gradient/conjugate", () => ({
    near: starts[start.value][0],
    far: starts[start.value][1],
    damping: damping.value,
  }));
  const draw: Drawing = (context, size, theme) => {
    const found = output.value;
    if (!found) return;
    const { matrix, gradient, plane: path } = found;
    const last = path.iterates[path.iterates.length - 1];
    const reach = 1.35 * Math.max(...path.iterates.flatMap((x) => [...x].map(Math.abs)));
    const plane = planeOf(size, { left: -0.35 * reach, right: reach, bottom: -0.35 * reach, top: reach });
    drawAxes(context, plane, theme, { x: "x₁", y: "x₂", grid: false });
    const grid = quadraticGrid(matrix, gradient, -0.4 * reach, 1.05 * reach);
    const least = grid.height(last[0], last[1]);
    // Even in the distance from the solution, so that the lines' spacing shows the shape.
    const heights = Array.from({ length: 12 }, (_, i) => least + -least * ((i + 1) / 7) ** 2);
    drawContours(context, plane, grid, heights, { colour: theme.faint });
    const at = (x: Float64Array) => [plane.x(x[0]), plane.y(x[1])] as const;
    const { colour } = seriesStyle(3, theme);
    for (let k = 1; k < path.iterates.length; k++)
      drawArrow(context, at(path.iterates[k - 1]), at(path.iterates[k]), { colour });
    for (const [k, x] of path.iterates.entries()) {
      const [px, py] = at(x);
      drawDot(context, px, py, 4.5, colour, theme);
      drawWords(
        context,
        ["0", "1: along g", "2: F⁻¹g"][k] ?? String(k),
        px + 9,
        py + (k === 1 ? 14 : -12),
        theme.ink,
        theme,
      );
    }
  };
  return (
    <Figure
      id="natural-gradient-conjugate"
      title="Conjugate gradients find F⁻¹g from products alone"
      source="theory 19, Hestenes and Stiefel 1952"
      file="src/mdp/conjugateGradientPath.ts"
      bench={() =>
        besideEachOther(
          "natural-gradient",
          { environment: "CartPole-v1", steps: 50_000 },
          { algorithm: "trpo", options: { cgDamping: damping.value } },
          { algorithm: "trpo", options: { cgMaxSteps: 1 } },
        )
      }
      controls={
        <>
          <Choice label="θ" value={start} options={Object.keys(starts) as (keyof typeof starts)[]} />
          <Slider label="damping c" value={damping} stops={[0.00001, 0.0001, 0.001, 0.01, 0.1, 1]} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The path is being computed.";
        const { plane, table, parameters } = found;
        const [first] = plane.iterates.slice(1);
        const last = plane.iterates[plane.iterates.length - 1];
        const tenth = table.residuals.findIndex((residual) => residual < 0.1);
        const ten = table.residuals[Math.min(10, table.residuals.length - 1)];
        return `With two parameters the first step goes along g to (${digitsOf(first[0])}, ${digitsOf(first[1])}), residual ${digitsOf(plane.residuals[1])}; the second ends at the solution, (${digitsOf(last[0])}, ${digitsOf(last[1])}). With ${parameters} logits a tenth of ‖g‖ is left after ${tenth} iterations, and after ten a share of ${digitsOf(ten)}. Damping ${fixed(damping.value, 5).replace(/0+$/, "")}; everything is exact.`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        const { plane, table } = found;
        return {
          columns: ["iteration", "residual, logits", "residual, two parameters", "x₁", "x₂"],
          rows: table.residuals.map((residual, k) => [
            ...[k, residual, plane.residuals[k] ?? ""],
            ...[plane.iterates[k]?.[0] ?? "", plane.iterates[k]?.[1] ?? ""],
          ]),
        };
      }}
    >
      <div class="figure-pair">
        <Canvas
          label="Ellipses around the solution, and the two steps of conjugate gradients from 0 to it."
          height={300}
          draw={draw}
        />
        <Curves
          x="iterations"
          y="residual / ‖g‖"
          logY
          height={260}
          series={() => {
            const found = output.value;
            if (!found) return [];
            const { table, plane, parameters } = found;
            // Below this there is nothing but rounding.
            const seen = table.residuals.filter((residual) => residual > 1e-14);
            const two = plane.residuals.filter((residual) => residual > 1e-14);
            return [
              { name: `${parameters} logits, 8 states`, colour: 0, x: seen.map((_, k) => k), y: seen },
              { name: "two parameters", colour: 3, x: two.map((_, k) => k), y: two },
            ];
          }}
        />
      </div>
    </Figure>
  );
}

/** ½ xᵀAx − bᵀx on a grid, whose least point is the solution of Ax = b. */
function quadraticGrid(
  [a, b, , c]: Float64Array,
  [g, h]: Float64Array,
  from: number,
  to: number,
): HeightGrid & { height: (x: number, y: number) => number } {
  const height = (x: number, y: number) => 0.5 * (a * x * x + 2 * b * x * y + c * y * y) - g * x - h * y;
  const at = (i: number) => from + ((to - from) * i) / (GRID - 1);
  const values = Float64Array.from({ length: GRID * GRID }, (_, k) => height(at(k % GRID), at(Math.floor(k / GRID))));
  return { size: GRID, from, to, values, height };
}
