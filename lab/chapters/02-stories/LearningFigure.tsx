/** What the weights lead to: the walker learnt with A and with B, over seeds, beside the same steps along ∇J. */
import { useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf } from "../../figures/numberWords.ts";
import { useStudy } from "../../studies/useStudy.ts";
import type { Band, LearningChoice } from "./studies/learning.ts";
import { reinforceOnWalker } from "./walkerSource.ts";

const SEEDS = 16;
const ITERATIONS = 300;
const RATE = 0.1;
const EPISODES = [2, 4, 8, 16, 32] as const;

type Name = "total" | "total, others’ mean" | "to go" | "to go, each step’s mean" | "to go, V" | "GAE";
const CHOICES: Readonly<Record<Name, LearningChoice>> = {
  total: { weighting: "total", baseline: "none" },
  "total, others’ mean": { weighting: "total", baseline: "leaveOneOut" },
  "to go": { weighting: "toGo", baseline: "none" },
  "to go, each step’s mean": { weighting: "toGo", baseline: "timeStep" },
  "to go, V": { weighting: "toGo", baseline: "value" },
  GAE: { weighting: "gae", baseline: "none" },
};
const NAMES = Object.keys(CHOICES) as Name[];

export function LearningFigure() {
  const a = useSignal<Name>("to go");
  const b = useSignal<Name>("to go, each step’s mean");
  const trajectories = useSignal(8);
  const { output, error } = useStudy<typeof import("./studies/learning.ts")>("02-stories/learning", () => ({
    choices: [CHOICES[a.value], CHOICES[b.value]],
    ...{ seeds: SEEDS, iterations: ITERATIONS, trajectories: trajectories.value, learningRate: RATE },
  }));
  const x = Float64Array.from({ length: ITERATIONS + 1 }, (_, k) => k);
  const sides = () => [`A: ${a.value}`, `B: ${b.value}`];
  const curves = (
    bands: (found: NonNullable<typeof output.value>) => Band[],
    exact: "exactObjective" | "exactStepBack",
  ) => {
    const now = output.value;
    if (!now) return [];
    return [
      ...bands(now).map(({ value, low, high }, side) => ({
        ...{ name: sides()[side], colour: side + 1, x, y: value },
        ...(now.seeds > 1 && { low, high }),
      })),
      { name: "along ∇J", colour: 0, x, y: now[exact] },
    ];
  };
  return (
    <Figure
      id="stories-learning"
      title="Does it learn to step back first?"
      source="theory 3, 7, 8 and 11, Williams 1992"
      file="src/algorithms/reinforce.ts"
      bench={() => reinforceOnWalker(trajectories.value, { ...CHOICES[a.value] }, { ...CHOICES[b.value] })}
      controls={
        <>
          <Choice label="A" value={a} options={NAMES} />
          <Choice label="B" value={b} options={NAMES} />
          <Slider label="Episodes of a step, N" value={trajectories} stops={EPISODES} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The first walkers are learning.";
        const [walkA, walkB] = now.walking;
        const [endA, endB] = now.objective.map(
          ({ value, low, high }) =>
            `${digitsOf(value[ITERATIONS])} [${digitsOf(low[ITERATIONS])}, ${digitsOf(high[ITERATIONS])}]`,
        );
        return `${now.seeds} of ${SEEDS} seeds, ${ITERATIONS} steps of ${trajectories.value} episodes at rate ${RATE}. A ends at J = ${endA} and steps back first in ${walkA} of ${now.seeds} seeds; B at ${endB}, in ${walkB} of ${now.seeds}. Along ∇J itself: ${digitsOf(now.exactObjective[ITERATIONS])}. Brackets and bands are 95 % intervals of the mean over seeds; J is exact for each policy.`;
      }}
      table={() => {
        const now = output.value;
        const columns = ["seed", "J at the end, A", "B", "B − A"];
        if (!now) return { columns, rows: [] };
        const [lastA, lastB] = now.last;
        return { columns, rows: lastA.map((value, seed) => [seed, value, lastB[seed], lastB[seed] - value]) };
      }}
    >
      <div class="figure-pair">
        <Curves
          x="gradient steps"
          y="J"
          label="J of the policy against gradient steps"
          series={() => curves(({ objective }) => objective, "exactObjective")}
        />
        <Curves
          x="gradient steps"
          y="π(step back | upright)"
          label="The probability of stepping back first, against gradient steps"
          yRange={[0, 1]}
          series={() => curves(({ stepBack }) => stepBack, "exactStepBack")}
        />
      </div>
    </Figure>
  );
}
