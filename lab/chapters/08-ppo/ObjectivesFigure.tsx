/** PPO trained with clipping, with a penalty, with nothing: how far the policy goes in an update, and what becomes of it. */
import { useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { TrainingFigure } from "../../figures/TrainingFigure.tsx";
import { usePlaying } from "../../page/motion.ts";

const SEEDS = [0, 1, 2, 3];
const SHARE = [0, 1] as const;
const objectives = [
  { value: "clip", text: "clipped ratios" },
  { value: "penalty", text: "KL penalty, adaptive β" },
  { value: "none", text: "nothing" },
] as const;
type Objective = (typeof objectives)[number]["value"];

export function ObjectivesFigure() {
  const playing = usePlaying();
  const a = useSignal<Objective>("clip");
  const b = useSignal<Objective>("none");
  const learningRate = useSignal(0.003);
  const nEpochs = useSignal(20);
  const hasPenalty = a.value === "penalty" || b.value === "penalty";
  const side = (name: string, objective: Objective) => ({
    name: `${name}: ${objectives.find(({ value }) => value === objective)!.text}`,
    settings: {
      algorithm: "ppo",
      environment: "CartPole-v1",
      steps: 30_000,
      options: { objective, learningRate: learningRate.value, nEpochs: nEpochs.value },
    },
  });
  return (
    <TrainingFigure
      id="ppo-training"
      title="What holds the policy near: PPO on CartPole-v1, A beside B"
      source="theory 22 and 23, Schulman et al. 2017"
      file="src/algorithms/ppo.ts"
      chapter="ppo"
      playing={playing}
      seeds={SEEDS}
      sides={() => [side("A", a.value), side("B", b.value)]}
      metrics={[
        { metric: "episodeReturn", name: "return" },
        { metric: "approxKl", name: "KL within an update", logY: true },
        { metric: "clipFraction", name: "clip fraction", yRange: SHARE },
        ...(hasPenalty ? [{ metric: "klCoef", name: "β of the penalty", logY: true }] : []),
      ]}
      controls={
        <>
          <Choice label="A: held by" value={a} options={objectives} />
          <Choice label="B: held by" value={b} options={objectives} />
          <Slider label="learning rate" value={learningRate} stops={[0.0003, 0.001, 0.003, 0.01]} />
          <Slider label="epochs" value={nEpochs} stops={[4, 10, 20]} />
        </>
      }
    />
  );
}
