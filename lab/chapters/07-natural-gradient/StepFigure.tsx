/** One trust-region step on the map of J: region, ellipse, both gradients, and the line search, from a start that is dragged. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Slider } from "../../controls/Slider.tsx";
import { Switch } from "../../controls/Switch.tsx";
import { drawArrow } from "../../drawers/arrow.ts";
import { drawLandscape } from "../../drawers/landscape.ts";
import { drawAxes, drawDot, drawHandle, drawLine, planeOf } from "../../drawers/plane.ts";
import { Canvas, type Drawing, type Size } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { KeyList } from "../../figures/KeyList.tsx";
import { digitsOf, fixed } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import { useAnimation } from "../../figures/useAnimation.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";
import { EXTENT } from "./shown.ts";

const RANGE = { left: -EXTENT, right: EXTENT, bottom: -EXTENT, top: EXTENT };
const planeIn = (size: Size) => planeOf(size, RANGE);
/** The start goes once around in this time, in ms. */
const PERIOD = 14_000;

export function StepFigure() {
  const playing = usePlaying();
  const near = useSignal(1);
  const far = useSignal(-1);
  const delta = useSignal(0.1);
  const shrink = useSignal(0.8);
  const showRegion = useSignal(true);
  const showEllipse = useSignal(true);
  const time = useRef(0);
  const map = useStudy<typeof import("./studies/landscape.ts")>("07-natural-gradient/landscape", () => ({
    extent: EXTENT,
  }));
  const { output, error, done } = useStudy<typeof import("./studies/step.ts")>("07-natural-gradient/step", () => ({
    near: near.value,
    far: far.value,
    delta: delta.value,
    shrink: shrink.value,
  }));
  useAnimation(playing, (elapsed) => {
    time.current += elapsed;
    // Not faster than it is computed.
    if (!done.peek()) return;
    const angle = (2 * Math.PI * time.current) / PERIOD - Math.PI / 4;
    near.value = Math.round(100 * 1.4 * Math.cos(angle)) / 100;
    far.value = Math.round(100 * 1.4 * Math.sin(angle)) / 100;
  });
  const moveTo = (x: number, y: number) => {
    playing.value = false;
    const held = (value: number) => Math.round(100 * Math.min(Math.max(value, -EXTENT), EXTENT)) / 100;
    near.value = held(x);
    far.value = held(y);
  };
  const draw: Drawing = (context, size, theme) => {
    const plane = planeIn(size);
    drawAxes(context, plane, theme, { x: "θ₁", y: "θ₂", grid: false });
    const ground = map.output.value;
    if (ground)
      drawLandscape(context, plane, { size: ground.size, from: -EXTENT, to: EXTENT, values: ground.objective }, theme);
    const found = output.value;
    if (!found) return;
    const [x, y] = found.theta;
    const around = (points: Float64Array, axis: 0 | 1) =>
      Array.from({ length: points.length / 2 }, (_, i) => found.theta[axis] + points[2 * i + axis]);
    const lines = [
      { points: found.region, style: seriesStyle(0, theme), isOn: showRegion.value },
      { points: found.ellipse, style: seriesStyle(1, theme), isOn: showEllipse.value },
    ];
    for (const { points, style, isOn } of lines)
      if (isOn) drawLine(context, plane, around(points, 0), around(points, 1), style);
    const from = [plane.x(x), plane.y(y)] as const;
    const to = (change: Float64Array) => [plane.x(x + change[0]), plane.y(y + change[1])] as const;
    context.save();
    context.beginPath();
    context.rect(plane.box.x, plane.box.y, plane.box.width, plane.box.height);
    context.clip();
    drawArrow(context, from, to(found.plain.change), { colour: seriesStyle(2, theme).colour, dash: [5, 3] });
    drawArrow(context, from, to(found.natural.change), { colour: seriesStyle(3, theme).colour });
    for (const { change, accepted } of found.tries) {
      const [px, py] = to(change);
      if (accepted) drawDot(context, px, py, 6, theme.good, theme);
      else drawCross(context, px, py, theme.bad);
    }
    context.restore();
    drawHandle(context, from[0], from[1], theme.ink, theme);
  };
  return (
    <Figure
      id="natural-gradient-step"
      title="One step: the gradient, the natural gradient, and the line search"
      playing={playing}
      source="theory 18, 19 and 21, Kakade 2002, Schulman et al. 2015"
      file="src/mdp/trustRegionStep.ts"
      bench={() =>
        besideEachOther(
          "natural-gradient",
          { environment: "CartPole-v1", steps: 50_000 },
          { algorithm: "trpo", options: { targetKl: delta.value, lineSearchShrinkingFactor: shrink.value } },
          { algorithm: "npg", options: { targetKl: delta.value } },
        )
      }
      controls={
        <>
          <Slider label="KL allowed, δ" value={delta} stops={[0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8]} />
          <Slider label="line search shrinks by α" value={shrink} stops={[0.5, 0.6, 0.7, 0.8, 0.9]} />
          <Switch label="where KL = δ" value={showRegion} />
          <Switch label="where ½ ΔᵀFΔ = δ" value={showEllipse} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The step is being computed.";
        const { plain, natural, tries, theta, objective } = found;
        const last = tries[tries.length - 1];
        const refused = tries.filter(({ accepted }) => !accepted).length;
        const search = !last.accepted
          ? `the line search refuses all ${tries.length} tries, and the policy stays`
          : `the line search refuses ${refused === 0 ? "none" : refused} and takes ${fixed(100 * last.fraction, 0)} % of the step, KL ${digitsOf(last.meanKl)}, gain ${fixed(last.improvement, 3)}`;
        return `At θ = (${fixed(theta[0])}, ${fixed(theta[1])}), J = ${fixed(objective, 3)}. Both steps have ½ ΔᵀFΔ = ${digitsOf(natural.quadraticKl)}: the gradient gains ${fixed(plain.improvement, 3)} (KL ${digitsOf(plain.meanKl)}), the natural gradient ${fixed(natural.improvement, 3)} (KL ${digitsOf(natural.meanKl)}); ${search}. Everything here is exact.`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        const row = (name: string, { change, meanKl, quadraticKl, surrogate, improvement }: typeof found.plain) => [
          ...[name, change[0], change[1], meanKl, quadraticKl, surrogate, improvement],
        ];
        const { tries, plain, natural } = found;
        return {
          columns: ["step", "Δ₁", "Δ₂", "mean KL", "½ ΔᵀFΔ", "surrogate gain", "gain in J"],
          rows: [
            row("gradient", plain),
            row("natural gradient", natural),
            ...tries.map((step, j) => row(`try ${j + 1}: ${step.accepted ? "taken" : "refused"}`, step)),
          ],
        };
      }}
    >
      <Canvas
        label="A map of J over two parameters with contours. Around the start lie the region of the allowed divergence and the ellipse that stands for it; two arrows are the steps of the gradient and of the natural gradient; crosses are tries refused, a dot is the one taken."
        height={440}
        draw={draw}
        onDrag={{
          label: "The start θ",
          text: () =>
            `θ = (${fixed(near.value)}, ${fixed(far.value)}), J = ${fixed(output.value?.objective ?? Number.NaN, 3)}`,
          moveTo: (x, y, size) => moveTo(planeIn(size).fromX(x), planeIn(size).fromY(y)),
          moveBy: (right, up) => moveTo(near.value + 0.05 * right, far.value + 0.05 * up),
        }}
      />
      <KeyList
        keys={[
          { kind: "line", style: 0, text: "KL = δ, exactly" },
          { kind: "line", style: 1, text: "½ ΔᵀFΔ = δ" },
          { kind: "arrow", style: 2, text: "gradient", dash: "5 3" },
          { kind: "arrow", style: 3, text: "natural gradient" },
          { kind: "cross", text: "try refused" },
          { kind: "dot", text: "step taken" },
        ]}
      />
    </Figure>
  );
}

function drawCross(context: CanvasRenderingContext2D, x: number, y: number, colour: string): void {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(x - 4, y - 4);
  context.lineTo(x + 4, y + 4);
  context.moveTo(x - 4, y + 4);
  context.lineTo(x + 4, y - 4);
  context.stroke();
}
