/** A Gaussian's density and its scores at an action that is dragged along the axis. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Slider } from "../../controls/Slider.tsx";
import { Switch } from "../../controls/Switch.tsx";
import { axisMargins, drawAxes, drawDot, drawHandle, drawLine, drawWords, planeOf } from "../../drawers/plane.ts";
import { Canvas, type Drawing, type Size } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { KeyList } from "../../figures/KeyList.tsx";
import { digitsOf, fixed, intervalWords } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import { useAnimation } from "../../figures/useAnimation.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";

const RANGE = { left: -4, right: 4 };
const SEED = 5;
const HEIGHT = 420;
/** Share of the picture that the density has. */
const UPPER = 0.44;
/** The action goes to and fro once in this time, in ms. */
const PERIOD = 9000;

const upper = ({ width, height }: Size, top: number) =>
  planeOf({ width, height: height * UPPER }, { ...RANGE, bottom: 0, top }, { ...axisMargins, bottom: 12 });
const lower = ({ width, height }: Size, bottom: number, top: number) =>
  planeOf({ width, height }, { ...RANGE, bottom, top }, { ...axisMargins, top: height * UPPER + 8 });

export function ScoresFigure() {
  const playing = usePlaying();
  const mean = useSignal(0.2);
  const std = useSignal(0.8);
  const action = useSignal(1);
  const ofStd = useSignal(false);
  const time = useRef(0);
  const { output, error, done } = useStudy<typeof import("./studies/scores.ts")>("05-gaussian/scores", () => ({
    mean: mean.value,
    std: std.value,
    action: action.value,
    lowest: RANGE.left,
    highest: RANGE.right,
  }));
  const draws = useStudy<typeof import("./studies/draws.ts")>("05-gaussian/draws", () => ({
    mean: mean.value,
    std: std.value,
    seed: SEED,
  }));
  useAnimation(playing, (elapsed) => {
    time.current += elapsed;
    // Not faster than it is computed.
    if (!done.peek()) return;
    // Steps of a hundredth: what is shown is what was computed.
    action.value =
      Math.round(100 * (mean.value + 2.2 * std.value * Math.sin((2 * Math.PI * time.current) / PERIOD))) / 100;
  });
  const moveTo = (value: number) => {
    playing.value = false;
    action.value = Math.round(100 * Math.min(Math.max(value, RANGE.left), RANGE.right)) / 100;
  };
  const draw: Drawing = (context, size, theme) => {
    const found = output.value;
    const most = 1.15 / (std.value * Math.sqrt(2 * Math.PI));
    const density = upper(size, most);
    drawAxes(context, density, theme, { y: "π(a)" });
    const [lowest, highest] = [-4 / std.value, 8 / std.value];
    const scores = lower(size, lowest, highest);
    drawAxes(context, scores, theme, { x: "action a", y: "score" });
    const at = action.value;
    for (const plane of [density, scores]) {
      const { box } = plane;
      drawLine(context, plane, [mean.value, mean.value], [plane.bottom, plane.top], {
        colour: theme.axis,
        width: 1,
        dash: [5, 4],
      });
      context.strokeStyle = theme.ink;
      context.lineWidth = 1;
      context.setLineDash([]);
      context.beginPath();
      context.moveTo(plane.x(at), box.y);
      context.lineTo(plane.x(at), box.y + box.height);
      context.stroke();
    }
    drawLine(context, scores, [RANGE.left, RANGE.right], [0, 0], { colour: theme.axis, width: 1 });
    if (!found) return;
    const [first, second, third] = [0, 1, 2].map((i) => seriesStyle(i, theme));
    drawLine(context, density, found.actions, found.density, first);
    const spread = ofStd.value ? found.byStd : found.byLogStd;
    drawLine(context, scores, found.actions, found.byMean, second);
    drawLine(context, scores, found.actions, spread, third);
    const points = [
      { of: found.byMean, value: found.at.byMean, style: second, name: "∂μ" },
      {
        of: spread,
        value: ofStd.value ? found.at.byStd : found.at.byLogStd,
        style: third,
        name: ofStd.value ? "∂σ" : "∂ log σ",
      },
    ];
    const heights = points.map(({ value }) => scores.y(Math.min(Math.max(value, lowest), highest)));
    // Words that would cover each other move apart.
    const middle = (heights[0] + heights[1]) / 2;
    const apart = Math.abs(heights[0] - heights[1]) < 18;
    for (const [i, { value, style, name }] of points.entries()) {
      const y = heights[i];
      const isAbove = heights[i] < heights[1 - i] || (heights[0] === heights[1] && i === 0);
      const wordsAt = apart ? middle + (isAbove ? -9 : 9) : y;
      drawDot(context, scores.x(at), y, 5, style.colour, theme);
      const leftwards = at > 2;
      drawWords(
        context,
        `${name} = ${fixed(value)}`,
        scores.x(at) + (leftwards ? -10 : 10),
        wordsAt,
        style.colour,
        theme,
        leftwards ? "right" : "left",
      );
    }
    drawHandle(context, density.x(at), density.y(Math.min(found.at.density, most)), first.colour, theme);
    drawWords(
      context,
      "μ",
      density.x(mean.value),
      density.box.y + density.box.height - 10,
      theme.muted,
      theme,
      "center",
    );
  };
  return (
    <Figure
      id="gaussian-scores"
      title="What one action says about μ and σ"
      playing={playing}
      source="theory 13, Williams 1992"
      file="src/distributions/gaussian.ts"
      bench={() =>
        besideEachOther(
          "gaussian",
          { environment: "Pendulum-v1", steps: 60_000 },
          { algorithm: "ppo", options: {} },
          { algorithm: "ppo", options: { logStdInit: -2 } },
        )
      }
      controls={
        <>
          <Slider label="mean μ" value={mean} min={-2} max={2} step={0.1} format={(value) => fixed(value, 1)} />
          <Slider
            label="deviation σ"
            value={std}
            stops={[0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5]}
            format={(value) => fixed(value)}
          />
          <Switch label="score by σ instead of log σ" value={ofStd} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The scores are being computed.";
        const { logProb, density, byMean, byLogStd, byStd, entropy } = found.at;
        const here = `At a = ${fixed(action.value)}: π(a) = ${fixed(density, 3)}, log π = ${fixed(logProb, 3)}; scores ${fixed(byMean)} by μ, ${fixed(byLogStd)} by log σ, ${fixed(byStd)} by σ. Entropy ${fixed(entropy, 3)} nats.`;
        const drawn = draws.output.value;
        if (!drawn) return here;
        const measured = ({ mean: mu, variance, exactVariance }: typeof drawn.byMean) =>
          `mean ${fixed(mu.value, 3)} ${intervalWords(mu, 3)}, exactly 0, variance ${fixed(variance.value)} ${intervalWords(variance)}, exactly ${fixed(exactVariance)}`;
        return `${here} Scores of ${drawn.count.toLocaleString("en-GB")} actions drawn (seed ${SEED}, 95 % intervals): by μ ${measured(drawn.byMean)}; by log σ ${measured(drawn.byLogStd)}.`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        const { at, actions, density, byMean, byLogStd, byStd } = found;
        const here = [action.value, at.density, at.byMean, at.byLogStd, at.byStd];
        const along = Array.from(actions, (a, i) => [a, density[i], byMean[i], byLogStd[i], byStd[i]]);
        return {
          columns: ["action", "π(a)", "score by μ", "score by log σ", "score by σ"],
          rows: [here, ...along.filter((_, i) => i % 10 === 0)],
        };
      }}
    >
      <Canvas
        label="Above, the density of the policy; below, the derivative of log π by μ, a rising line through μ, and by log σ, a parabola that is −1 at μ and 0 at one σ from it."
        height={HEIGHT}
        draw={draw}
        onDrag={{
          label: "The action",
          text: () => {
            const at = output.value?.at;
            const scores = at ? `, scores ${fixed(at.byMean)} by μ and ${digitsOf(at.byLogStd)} by log σ` : "";
            return `a = ${fixed(action.value)}${scores}`;
          },
          moveTo: (x, _y, size) => moveTo(upper(size, 1).fromX(x)),
          moveBy: (right, up) => moveTo(action.value + 0.05 * (right + up)),
        }}
      />
      <KeyList
        keys={[
          { kind: "line", style: 0, text: "density π(a)" },
          { kind: "line", style: 1, text: "score by μ: (a − μ)/σ²" },
          { kind: "line", style: 2, text: ofStd.value ? "score by σ: (z² − 1)/σ" : "score by log σ: z² − 1" },
        ]}
      />
    </Figure>
  );
}
