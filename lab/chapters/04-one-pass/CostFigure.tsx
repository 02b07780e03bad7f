/** The gradient by three roads: the same numbers, and what each takes, measured here and now. */
import { useSignal } from "@preact/signals";
import { Slider } from "../../controls/Slider.tsx";
import { drawLadder, type LadderRow, ladderAxis, ladderHeight } from "../../drawers/ladder.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf, withInterval } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { reinforceOnCartPole } from "../benchSettings.ts";
import { drawComponents } from "./drawComponents.ts";
import type { CostOutput } from "./studies/cost.ts";

const SEED = 0;
const ROUNDS = 20;
const COUNTS = [1, 4, 16, 64] as const;

export function CostFigure() {
  const trajectories = useSignal(16);
  const { output, error } = useStudy<typeof import("./studies/cost.ts")>("04-one-pass/cost", () => ({
    ...{ trajectories: trajectories.value, seed: SEED, rounds: ROUNDS },
  }));
  const rows = (now: CostOutput, colour: string): LadderRow[] => {
    const certain = { value: 1, low: 1, high: 1 };
    const shown = ({ value, low, high }: typeof certain) =>
      Number.isNaN(low) ? { value, low: value, high: value } : { value, low, high };
    return [
      { name: "one backward pass", ...certain, colour },
      { name: "all scores of one pass", ...shown(now.allScoresRatio), colour },
      { name: "a pass for each score", ...shown(now.naiveRatio), colour },
    ];
  };
  return (
    <Figure
      id="one-pass-cost"
      title="The same numbers, at another price"
      source="theory 5 and 6, Williams 1992, Goodfellow 2015"
      file="src/objectives/policyGradient.ts"
      bench={() => reinforceOnCartPole({ weighting: "toGo", baseline: "none" }, "one-pass")}
      controls={<Slider label="Episodes, N" value={trajectories} stops={COUNTS} />}
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The gradients are being computed.";
        const slow =
          now.rounds < 2
            ? "The times are being measured."
            : `A pass for each score takes ${withInterval(now.naiveRatio)} times as long as one pass in all, all scores out of one pass ${withInterval(now.allScoresRatio)} times; ${now.rounds} rounds in turns on this machine, 95 % intervals.`;
        return `${now.trajectories} episodes of CartPole-v1 (seed ${SEED}) have ${now.steps} steps, so the definition takes ${now.steps} backward passes. Of ${now.parameters} components none differs by more than ${digitsOf(now.onePassDifference, 2)} of the largest, which is rounding. ${slow}`;
      }}
      table={() => {
        const now = output.value;
        const columns = [
          "road",
          "backward passes",
          "largest difference",
          "ms",
          "times as long",
          "95 % low",
          "95 % high",
        ];
        if (!now) return { columns, rows: [] };
        const { backwardPasses: passes, milliseconds: ms, naiveRatio, allScoresRatio } = now;
        const ratio = ({ value, low, high }: typeof naiveRatio) => [value, low, high];
        return {
          columns,
          rows: [
            ["a pass for each score", passes.naive, 0, ms.naive, ...ratio(naiveRatio)],
            ["one backward pass", passes.onePass, now.onePassDifference, ms.onePass, 1, 1, 1],
            [
              "all scores of one pass",
              passes.allScores,
              now.allScoresDifference,
              ms.allScores,
              ...ratio(allScoresRatio),
            ],
          ],
        };
      }}
    >
      <div class="figure-pair">
        <Canvas
          label="Every component of the gradient by the definition as a bar, and by one backward pass as a dot on it"
          height={260}
          draw={(context, size, theme) => {
            const now = output.value;
            if (now) drawComponents(context, size, theme, now.naive, now.onePass);
          }}
        />
        <Canvas
          label="How many times as long as one backward pass each road takes, with intervals"
          height={ladderHeight(3)}
          draw={(context, size, theme) => {
            const now = output.value;
            if (!now) return;
            const all = rows(now, seriesStyle(1, theme).colour);
            drawLadder(context, size, theme, all, ladderAxis("times as long as one backward pass", all, true));
          }}
        />
      </div>
    </Figure>
  );
}
