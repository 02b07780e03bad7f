/** The same switches on training: REINFORCE on CartPole-v1, A beside B over the same seeds. */
import { type Signal, useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Switch } from "../../controls/Switch.tsx";
import { TrainingFigure } from "../../figures/TrainingFigure.tsx";
import { usePlaying } from "../../page/motion.ts";

const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];
const STEPS = 60_000;

type Weights = "total" | "totalMean" | "toGo" | "toGoMean" | "toGoValue" | "gae" | "gae0";
const weights: readonly { value: Weights; text: string; options: Record<string, string | number> }[] = [
  { value: "total", text: "whole return", options: { weighting: "total", baseline: "none" } },
  { value: "totalMean", text: "whole return − others’ mean", options: { weighting: "total", baseline: "leaveOneOut" } },
  { value: "toGo", text: "reward to go", options: { weighting: "toGo", baseline: "none" } },
  { value: "toGoMean", text: "reward to go − step’s mean", options: { weighting: "toGo", baseline: "timeStep" } },
  { value: "toGoValue", text: "reward to go − V(s)", options: { weighting: "toGo", baseline: "value" } },
  { value: "gae", text: "GAE, λ = 0.95", options: { weighting: "gae", baseline: "none", gaeLambda: 0.95 } },
  { value: "gae0", text: "GAE, λ = 0", options: { weighting: "gae", baseline: "none", gaeLambda: 0 } },
];

export function TrainedSwitchesFigure() {
  const playing = usePlaying();
  const a = useSignal<Weights>("toGo");
  const b = useSignal<Weights>("total");
  const inFront = useSignal(false);
  const side = (name: string, chosen: Signal<Weights>) => {
    const { text, options } = weights.find(({ value }) => value === chosen.value)!;
    return {
      name: `${name}: ${text}`,
      settings: {
        // Builds round differently; this one runs everywhere, so that every page shows the same numbers.
        ...{ algorithm: "reinforce", environment: "CartPole-v1", steps: STEPS, kernels: "simd" as const },
        options: {
          ...{ hidden: [32], nEnvs: 8, learningRate: 0.01, ...options },
          ...(inFront.value && { discounting: "exact" }),
        },
      },
    };
  };
  return (
    <TrainingFigure
      id="variance-training"
      title="The same switches on training"
      source="theory 3 and 7 to 12, Williams 1992"
      file="src/algorithms/reinforce.ts"
      chapter="variance"
      playing={playing}
      seeds={SEEDS}
      sides={() => [side("A", a), side("B", b)]}
      metrics={[{ metric: "episodeReturn", name: "return" }]}
      drawsDifference
      controls={
        <>
          <Choice label="A" value={a} options={weights} />
          <Choice label="B" value={b} options={weights} />
          <Switch label="γᵗ in front of each score" value={inFront} />
        </>
      }
    />
  );
}
