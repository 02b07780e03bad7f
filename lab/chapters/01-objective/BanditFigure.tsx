/** The bandit's hill of J over its logits: ∇J and the estimate from N episodes as arrows at a place that can be dragged. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Button } from "../../controls/Button.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { drawPairedBars, pairedBarsHeight } from "../../drawers/pairedBars.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, withInterval } from "../../figures/numberWords.ts";
import { useAnimation } from "../../figures/useAnimation.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { reinforceOnCartPole } from "../benchSettings.ts";
import { ARROWS, drawHill, hillPlane } from "./drawHill.ts";
import { ARMS, REACH } from "./worlds.ts";

const SEED = 0;
const COUNTS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] as const;
/** How long a batch is shown before the next, in ms. */
const EACH_MS = 1400;
/** One press of an arrow key. */
const STEP = 0.1;

export function BanditFigure() {
  const playing = usePlaying();
  const place = useSignal<readonly [number, number]>([-0.6, -0.5]);
  const trajectories = useSignal(16);
  const draw = useSignal(0);
  const { output, error } = useStudy<typeof import("./studies/hill.ts")>("01-objective/hill", () => ({
    ...{ x: place.value[0], y: place.value[1], trajectories: trajectories.value, seed: SEED, draw: draw.value },
  }));
  const waited = useRef(0);
  useAnimation(playing, (elapsed) => {
    waited.current += elapsed;
    if (waited.current < EACH_MS) return;
    waited.current = 0;
    draw.value++;
  });
  const moveTo = (x: number, y: number) => {
    const held = (value: number) => Math.min(REACH, Math.max(-REACH, Number(value.toFixed(2))));
    place.value = [held(x), held(y)];
  };
  const arms = () => Array.from({ length: 3 }, (_, a) => a);
  return (
    <Figure
      id="objective-bandit"
      title="Three arms: ∇J and an estimate of it"
      playing={playing}
      source="theory 1 to 3, Williams 1992"
      file="src/mdp/finiteHorizon.ts"
      bench={() => reinforceOnCartPole({ weighting: "total", baseline: "none" }, "objective")}
      controls={
        <>
          <Slider label="Episodes of a batch, N" value={trajectories} stops={COUNTS} />
          <Button onClick={() => draw.value++}>Another batch</Button>
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The first batch is being drawn.";
        return `At this θ the policy is worth J = ${digitsOf(now.objective)}; ${trajectories.value} episodes (seed ${SEED}, batch ${draw.value}) paid ${trajectories.value > 1 ? `${withInterval(now.meanReturn)} on average` : digitsOf(now.meanReturn.value)}. Their estimate is off by ${digitsOf(now.relativeError)} of ‖∇J‖ = ${digitsOf(Math.hypot(...now.exact))}, and its cosine to ∇J is ${digitsOf(now.cosine)}. The dots are the estimates of ${now.others.length / 2} more batches.`;
      }}
      table={() => {
        const now = output.value;
        const rows = now
          ? arms().map((a) => [a + 1, ARMS[a], now.policy[a], now.taken[a], now.exact[a], now.estimate[a]])
          : [];
        return { columns: ["arm", "pays", "π", "times taken", "∂J/∂θ, exact", "estimate"], rows };
      }}
    >
      <div class="figure-pair">
        <Canvas
          label={`Lines of equal J over two directions of the logits, from 0 to 1 by tenths, with ∇J and its estimate as arrows, ${ARROWS} times as long`}
          height={360}
          draw={(context, size, theme) => drawHill(context, size, theme, place.value, output.value)}
          onDrag={{
            label: "θ",
            text: () =>
              `first arm over last ${digitsOf(place.value[0])}, second over the others ${digitsOf(place.value[1])}`,
            moveTo: (x, y, size) => {
              const plane = hillPlane(size);
              moveTo(plane.fromX(x), plane.fromY(y));
            },
            moveBy: (right, up) => moveTo(place.value[0] + STEP * right, place.value[1] + STEP * up),
          }}
        />
        <Canvas
          label="The derivative of J by each logit, exact and estimated"
          height={pairedBarsHeight(3)}
          draw={(context, size, theme) => {
            const now = output.value;
            const pairs = arms().map((a) => ({
              name: `arm ${a + 1}, pays ${ARMS[a]}`,
              exact: now?.exact[a] ?? 0,
              estimate: now?.estimate[a] ?? 0,
            }));
            drawPairedBars(context, size, theme, pairs, { name: "∂J / ∂θ", most: 0.4 });
          }}
        />
      </div>
    </Figure>
  );
}
