/** Episodes drawn in the maze one after the other, and the estimate of ∇J closing in as they come. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Button } from "../../controls/Button.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Canvas } from "../../figures/Canvas.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, withInterval } from "../../figures/numberWords.ts";
import { useAnimation } from "../../figures/useAnimation.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { reinforceOnCartPole } from "../benchSettings.ts";
import { drawMaze } from "./drawMaze.ts";
import { MAZE } from "./worlds.ts";

const SEED = 0;
const COUNTS = [4, 16, 64, 128, 256, 512] as const;
/** How long all episodes take, and how long the last picture stands before another batch, in ms. */
const DURATION = 14_000;
const PAUSE = 4000;

export function MazeFigure() {
  const playing = usePlaying();
  const trajectories = useSignal(256);
  const draw = useSignal(0);
  /** The share of the time: episodes come slowly at first, each the same share more of those before it. */
  const time = useSignal(playing.value ? 0 : 1);
  const { output, error } = useStudy<typeof import("./studies/maze.ts")>("01-objective/maze", () => ({
    ...{ trajectories: trajectories.value, seed: SEED, draw: draw.value },
  }));
  const waited = useRef(0);
  useAnimation(playing, (elapsed) => {
    if (time.value < 1) time.value = Math.min(1, time.value + elapsed / DURATION);
    else {
      waited.current += elapsed;
      if (waited.current > PAUSE) again();
    }
  });
  const again = () => {
    waited.current = 0;
    draw.value++;
    if (playing.value) time.value = 0;
  };
  const all = () => (output.value ? output.value.returns.length : 0);
  const shown = () => Math.min(all(), (all() + 1) ** time.value - 1 + 0.02);
  const count = () => Math.max(1, Math.floor(shown()));
  const numbers = (length: number) => Float64Array.from({ length }, (_, n) => n + 1);
  return (
    <Figure
      id="objective-maze"
      title="A maze: the estimate closes in on ∇J"
      playing={playing}
      source="theory 2 and 3, Sutton et al. 2000"
      file="src/estimators/policyGradient.ts"
      bench={() => reinforceOnCartPole({ weighting: "total", baseline: "none" }, "objective")}
      controls={
        <>
          <Slider label="Episodes of a batch, N" value={trajectories} stops={COUNTS} />
          <Button onClick={again}>Another batch</Button>
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The first episodes are being drawn.";
        const n = count();
        const errors = `off by ${digitsOf(now.relativeErrors[n - 1], 2)} of ‖∇J‖, where ${digitsOf(now.expectedErrors[n - 1], 2)} is expected`;
        return `After ${n} of ${all()} episodes of the uniform policy (seed ${SEED}, batch ${draw.value}) the estimate is ${errors}; its cosine to ∇J is ${digitsOf(now.cosines[n - 1], 2)}. All ${all()} returns give J ≈ ${withInterval(now.meanReturn, 2)}; exactly it is ${digitsOf(now.objective)}.`;
      }}
      table={() => {
        const now = output.value;
        const columns = ["row", "column", "to the right, exact", "to the right, estimate", "up, exact", "up, estimate"];
        if (!now) return { columns, rows: [] };
        const from = (all() - 1) * now.exactArrows.length;
        const rows = MAZE.flatMap((line, row) =>
          [...line].flatMap((letter, column) => {
            if ("#GX".includes(letter)) return [];
            const at = 2 * (row * line.length + column);
            const pair = (k: number) => [now.exactArrows[at + k], now.arrows[from + at + k]];
            return [[row + 1, column + 1, ...pair(0), ...pair(1)]];
          }),
        );
        return { columns, rows };
      }}
    >
      <div class="figure-pair">
        <Canvas
          label="The maze with the last episodes as paths, and at every place two arrows: the derivative of J by the logits of right less left and up less down, exact and estimated"
          height={330}
          draw={(context, size, theme) => drawMaze(context, size, theme, output.value, shown())}
        />
        <Curves
          x="episodes, n"
          y="‖estimate − ∇J‖ / ‖∇J‖"
          label="The estimate's distance from ∇J against the number of episodes, of this batch and as expected"
          logX
          logY
          height={300}
          series={() => {
            const now = output.value;
            if (!now) return [];
            const n = count();
            return [
              {
                ...{ name: "expected, √(tr Cov / n) / ‖∇J‖", colour: 0 },
                ...{ x: numbers(all()), y: now.expectedErrors },
              },
              { name: "this batch", colour: 1, x: numbers(n), y: now.relativeErrors.subarray(0, n) },
            ];
          }}
        />
      </div>
    </Figure>
  );
}
