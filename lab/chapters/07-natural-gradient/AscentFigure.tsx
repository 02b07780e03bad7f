/** Many steps from one start: three ways up the same hill, drawn step by step. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Button } from "../../controls/Button.tsx";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { drawLandscape } from "../../drawers/landscape.ts";
import { drawAxes, drawDot, drawLine, planeOf } from "../../drawers/plane.ts";
import { Canvas, type Drawing } from "../../figures/Canvas.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { fixed } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import { useAnimation } from "../../figures/useAnimation.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";
import { ascentNames, EXTENT, STEPS, starts } from "./shown.ts";

const words = {
  fixed: "gradient, fixed rate",
  sameKl: "gradient, as long in F",
  trpo: "natural gradient, line search",
};
/** Time of one step, and how long the end stands, in ms. */
const STEP_MS = 220;
const STAND_MS = 3000;

export function AscentFigure() {
  const playing = usePlaying();
  const start = useSignal<keyof typeof starts>("sure of the wrong thing");
  const delta = useSignal(0.02);
  const rate = useSignal(1);
  const shown = useSignal(playing.value ? 0 : STEPS);
  const time = useRef(0);
  const map = useStudy<typeof import("./studies/landscape.ts")>("07-natural-gradient/landscape", () => ({
    extent: EXTENT,
  }));
  const { output, error } = useStudy<typeof import("./studies/ascent.ts")>("07-natural-gradient/ascent", () => ({
    near: starts[start.value][0],
    far: starts[start.value][1],
    delta: delta.value,
    rate: rate.value,
  }));
  useAnimation(playing, (elapsed) => {
    time.current += elapsed;
    const whole = STEPS * STEP_MS + STAND_MS;
    if (time.current > whole) time.current = 0;
    const step = Math.min(STEPS, Math.floor(time.current / STEP_MS));
    if (step !== shown.peek()) shown.value = step;
  });
  const count = () => Math.min(shown.value, output.value?.steps ?? 0);
  const draw: Drawing = (context, size, theme) => {
    const plane = planeOf(size, { left: -EXTENT, right: EXTENT, bottom: -EXTENT, top: EXTENT });
    drawAxes(context, plane, theme, { x: "θ₁", y: "θ₂", grid: false });
    const ground = map.output.value;
    if (ground)
      drawLandscape(context, plane, { size: ground.size, from: -EXTENT, to: EXTENT, values: ground.objective }, theme);
    const found = output.value;
    if (!found) return;
    context.save();
    context.beginPath();
    context.rect(plane.box.x, plane.box.y, plane.box.width, plane.box.height);
    context.clip();
    for (const [i, name] of ascentNames.entries()) {
      const { path } = found.paths[name];
      const style = seriesStyle(i, theme);
      const axis = (k: 0 | 1) => Array.from({ length: count() + 1 }, (_, step) => path[2 * step + k]);
      const [x, y] = [axis(0), axis(1)];
      drawLine(context, plane, x, y, style);
      for (const step of x.keys()) {
        const isLast = step === x.length - 1;
        drawDot(context, plane.x(x[step]), plane.y(y[step]), isLast ? 6 : 2.5, style.colour, theme);
      }
    }
    context.restore();
  };
  return (
    <Figure
      id="natural-gradient-ascent"
      title="Three ways up the same hill"
      playing={playing}
      source="theory 19 and 21, Kakade 2002, Schulman et al. 2015"
      file="src/mdp/trustRegionStep.ts"
      bench={() =>
        besideEachOther(
          "natural-gradient",
          { environment: "CartPole-v1", steps: 50_000 },
          { algorithm: "trpo", options: { targetKl: delta.value } },
          { algorithm: "reinforce", options: {} },
        )
      }
      controls={
        <>
          <Choice label="start" value={start} options={Object.keys(starts) as (keyof typeof starts)[]} />
          <Slider label="KL allowed a step, δ" value={delta} stops={[0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2]} />
          <Slider label="fixed rate" value={rate} stops={[0.3, 1, 3, 10, 30]} />
          <Button
            onClick={() => {
              playing.value = false;
              shown.value = shown.value >= STEPS ? 0 : shown.value + 1;
              time.current = shown.value * STEP_MS;
            }}
          >
            One step
          </Button>
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The steps are being computed.";
        const at = count();
        const said = ascentNames.map((name) => `${words[name]} ${fixed(found.paths[name].objective[at], 3)}`);
        return `J after ${at} of ${STEPS} steps: ${said.join("; ")}. Gradients, F and J are exact, so nothing here is noise.`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        return {
          columns: [
            "step",
            ...ascentNames.flatMap((name) => [`J: ${words[name]}`, `θ₁: ${words[name]}`, `θ₂: ${words[name]}`]),
          ],
          rows: Array.from({ length: found.steps + 1 }, (_, k) => [
            k,
            ...ascentNames.flatMap((name) => {
              const { path, objective } = found.paths[name];
              return [objective[k], path[2 * k], path[2 * k + 1]];
            }),
          ]),
        };
      }}
    >
      <div class="figure-pair">
        <Canvas
          label="The map of J with the path of each way from the same start, a dot for each step."
          height={360}
          draw={draw}
        />
        <Curves
          x="steps"
          y="J"
          height={320}
          series={() => {
            const found = output.value;
            if (!found) return [];
            const x = Array.from({ length: count() + 1 }, (_, k) => k);
            return ascentNames.map((name, i) => ({
              name: words[name],
              colour: i,
              x,
              y: found.paths[name].objective.subarray(0, x.length),
            }));
          }}
        />
      </div>
    </Figure>
  );
}
