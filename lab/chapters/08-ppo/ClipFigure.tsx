/** The clipped objective of one sample, at a probability ratio that is dragged. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Slider } from "../../controls/Slider.tsx";
import { drawArrow } from "../../drawers/arrow.ts";
import { drawAxes, drawHandle, drawLine, drawWords, planeOf } from "../../drawers/plane.ts";
import { Canvas, type Drawing, type Size } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { KeyList } from "../../figures/KeyList.tsx";
import { fixed } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import { useAnimation } from "../../figures/useAnimation.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { besideEachOther } from "../benchSettings.ts";
import { LARGEST } from "./shown.ts";

/** The ratio goes to and fro once in this time, in ms. */
const PERIOD = 9000;

export function ClipFigure() {
  const playing = usePlaying();
  const ratio = useSignal(1.4);
  const advantage = useSignal(1);
  const clipRange = useSignal(0.2);
  const time = useRef(0);
  const { output, error, done } = useStudy<typeof import("./studies/clip.ts")>("08-ppo/clip", () => ({
    ratio: ratio.value,
    advantage: advantage.value,
    clipRange: clipRange.value,
  }));
  const move = (value: number) => {
    ratio.value = Math.round(100 * Math.min(Math.max(value, 0.01), LARGEST)) / 100;
  };
  const moveTo = (value: number) => {
    playing.value = false;
    move(value);
  };
  useAnimation(playing, (elapsed) => {
    time.current += elapsed;
    // Not faster than it is computed.
    if (!done.peek()) return;
    move(1.1 + 0.9 * Math.sin((2 * Math.PI * time.current) / PERIOD));
  });
  const planeIn = (size: Size) => {
    const most = 1.05 * LARGEST * Math.max(Math.abs(advantage.value), 0.2);
    const isGood = advantage.value >= 0;
    return planeOf(size, {
      left: 0,
      right: LARGEST,
      bottom: isGood ? -0.1 * most : -most,
      top: isGood ? most : 0.1 * most,
    });
  };
  const draw: Drawing = (context, size, theme) => {
    const plane = planeIn(size);
    const { box } = plane;
    const edges = [1 - clipRange.value, 1 + clipRange.value];
    context.fillStyle = theme.sky;
    context.fillRect(plane.x(edges[0]), box.y, plane.x(edges[1]) - plane.x(edges[0]), box.height);
    drawAxes(context, plane, theme, { x: "probability ratio ρ", y: "objective" });
    drawLine(context, plane, [1, 1], [plane.bottom, plane.top], { colour: theme.axis, width: 1, dash: [5, 4] });
    const words = edges.map((edge) => fixed(edge));
    for (const [i, edge] of edges.entries()) {
      drawWords(
        context,
        words[i],
        plane.x(edge),
        box.y + box.height - 12,
        theme.muted,
        theme,
        i === 0 ? "right" : "left",
      );
    }
    const found = output.value;
    if (!found) return;
    drawLine(context, plane, found.ratios, found.plain, { ...seriesStyle(1, theme), width: 1.5 });
    drawLine(context, plane, found.ratios, found.clipped, { ...seriesStyle(0, theme), width: 3 });
    const { clipped, clippedSlope } = found.at;
    const at = ratio.value;
    const [px, py] = [plane.x(at), plane.y(clipped)];
    // Which way the gradient pushes ρ: the derivative by ρ is that by log π over ρ.
    const push = clippedSlope / at;
    if (push !== 0) {
      const length = 26 + 34 * Math.min(1, Math.abs(push) / 2);
      drawArrow(context, [px, py - 24], [px + Math.sign(push) * length, py - 24], { colour: theme.ink });
    }
    const text = push === 0 ? "gradient 0" : `gradient ${fixed(clippedSlope)}`;
    drawWords(
      context,
      text,
      px,
      py - 40 < box.y + 8 ? py + 26 : py - 40,
      theme.ink,
      theme,
      at > 1.9 ? "right" : at < 0.5 ? "left" : "center",
    );
    drawHandle(context, px, py, seriesStyle(0, theme).colour, theme);
  };
  return (
    <Figure
      id="ppo-clip"
      title="Beyond the edge a sample pays no more, and pushes no more"
      playing={playing}
      source="theory 22, Schulman et al. 2017"
      file="src/objectives/clippedSurrogate.ts"
      bench={() =>
        besideEachOther(
          "ppo",
          { environment: "CartPole-v1", steps: 30_000 },
          { algorithm: "ppo", options: { clipRange: clipRange.value } },
          { algorithm: "ppo", options: { objective: "none" } },
        )
      }
      controls={
        <>
          <Slider
            label="advantage A"
            value={advantage}
            min={-2}
            max={2}
            step={0.1}
            format={(value) => fixed(value, 1)}
          />
          <Slider label="clip range ε" value={clipRange} stops={[0.05, 0.1, 0.2, 0.3, 0.5]} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = output.value;
        if (!found) return "The objective is being computed.";
        const { clipped, plain, clippedSlope, plainSlope } = found.at;
        const good = advantage.value > 0;
        const beyond = good ? ratio.value > 1 + clipRange.value : ratio.value < 1 - clipRange.value;
        const wrong = good ? ratio.value < 1 - clipRange.value : ratio.value > 1 + clipRange.value;
        const why =
          advantage.value === 0
            ? "An action that was neither good nor bad pushes nowhere."
            : beyond
              ? "The policy has gone as far as this sample may take it: the gradient is 0."
              : wrong
                ? "Here the policy went the wrong way, and the gradient that brings it back is whole."
                : "Within the range nothing is clipped.";
        return `At ρ = ${fixed(ratio.value)} with A = ${fixed(advantage.value, 1)} and ε = ${clipRange.value}: the clipped objective is ${fixed(clipped, 3)}, its derivative by log π ${fixed(clippedSlope, 3)}; unclipped ${fixed(plain, 3)} and ${fixed(plainSlope, 3)}. ${why}`;
      }}
      table={() => {
        const found = output.value;
        if (!found) return { columns: [], rows: [] };
        const { at, ratios, clipped, plain } = found;
        return {
          columns: ["ρ", "clipped", "unclipped", "∂ clipped / ∂ log π", "∂ unclipped / ∂ log π"],
          rows: [
            [ratio.value, at.clipped, at.plain, at.clippedSlope, at.plainSlope],
            ...Array.from(ratios, (x, i) => [x, clipped[i], plain[i], "", ""]).filter((_, i) => i % 10 === 0),
          ],
        };
      }}
    >
      <Canvas
        label="The objective against the ratio: a straight line through 0, and the clipped one, which is flat beyond one edge of the shaded range."
        height={320}
        draw={draw}
        onDrag={{
          label: "The probability ratio",
          text: () => {
            const at = output.value?.at;
            return `ρ = ${fixed(ratio.value)}${at ? `, objective ${fixed(at.clipped)}, gradient ${fixed(at.clippedSlope)}` : ""}`;
          },
          moveTo: (x, _y, size) => moveTo(planeIn(size).fromX(x)),
          moveBy: (right, up) => moveTo(ratio.value + 0.05 * (right + up)),
        }}
      />
      <KeyList
        keys={[
          { kind: "line", style: 0, text: "min(ρA, clip(ρ, 1 − ε, 1 + ε) A)" },
          { kind: "line", style: 1, text: "ρA" },
        ]}
      />
    </Figure>
  );
}
